"""Writes the functions of docs/language.md from the table of functions: python docs/language.py

The test tests/engine/test_language_docs.py proves that what stands there is current.
"""

from pathlib import Path

from secantd.functions import FUNCTIONS
from secantd.language.library import LIBRARY

PAGE = Path(__file__).with_name("language.md")
BEGIN, END = "<!-- functions: written by language.py -->", "<!-- end of functions -->"


def functions() -> str:
    """Return the section: one line for each name, with what it is called in Python and what has no derivative."""
    lines = ["| in R | computes | also read as | no derivative by |", "|---|---|---|---|"]
    shown: set[str] = set()
    for row in FUNCTIONS.values():
        if row.written in shown and row.name != "log_base":
            continue
        shown.add(row.written)
        flagged = [f for f in FUNCTIONS.values() if f.written == row.written and f.flags]
        signature = (flagged[0] if flagged else row).signature
        also = ", ".join(f"`{a}`" for a in dict.fromkeys([row.python, *row.aliases]) if a != row.written)
        unknown = [f"`{p}`" for p, d in zip(row.parameters, row.derivatives, strict=True) if not d]
        why = f"{', '.join(unknown)}: {row.unknown}" if unknown else ""
        cells = (f"`{signature}`", row.summary, also, why)
        lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    others = ", ".join(f"`{name}`" for name in sorted(set(LIBRARY) - shown - {"if_else"}))
    lines += ["", f"Of vectors, choices and calls, which have no rows of their own: {others}."]
    return "\n".join(lines)


def page() -> str:
    """Return the whole page with its section renewed."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{functions()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
