"""Writes the functions of docs/language.md from the table of functions: python docs/language.py

The test tests/engine/test_language_docs.py proves that they are current.
"""

from pathlib import Path

from secantd.language.catalog import known_functions

PAGE = Path(__file__).with_name("language.md")
BEGIN, END = "<!-- functions: written by language.py -->", "<!-- end of functions -->"


def functions() -> str:
    """Return the section: one line for each function, with its other names and what has no derivative."""
    lines = ["| in R | computes | also read as | no derivative with respect to |", "|---|---|---|---|"]
    for known in known_functions():
        names = [p.partition(" = ")[0] for p in known.parameters]
        missing = [f"`{p}`" for p, d in zip(names, known.derivatives, strict=False) if not d]
        cells = (
            f"`{known.name}({', '.join(known.parameters)})`",
            known.summary,
            ", ".join(f"`{a}`" for a in known.aliases if not a.startswith("scipy.stats.")),
            f"{', '.join(missing)}: {known.unknown}" if missing else "",
        )
        lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return "\n".join(lines)


def page() -> str:
    """Return the whole page with its section renewed."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{functions()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
