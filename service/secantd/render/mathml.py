r"""MathML of the LaTeX that the printers write.

The input is not any LaTeX: names are already safe, and all commands are those of `render`, of the table of functions and of
`pages`. The parser keeps its own stack, because formulas may be nested deeper than Python's.
"""

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["content", "mathml"]

TOKEN: Final = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)

GREEK: Final = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "infty": "∞", "partial": "∂", "nabla": "∇",
}  # fmt: skip
# Functions and words that are set upright.
WORDS: Final = frozenset(
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth ln log exp det lim max min sup inf arg gcd".split()
)
OPERATORS: Final = {
    "cdot": "⋅", "times": "×", "le": "≤", "ge": "≥", "ne": "≠", "leq": "≤", "geq": "≥", "neq": "≠", "land": "∧", "lor": "∨",
    "lnot": "¬", "mid": "∣", "odot": "⊙", "oslash": "⊘", "otimes": "⊗", "to": "→", "mapsto": "↦", "ldots": "…", "dots": "…",
    "cdots": "⋯", "vdots": "⋮", "circ": "∘", "top": "⊤", "in": "∈", "sum": "∑", "prod": "∏", "pm": "±", "lfloor": "⌊",
    "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "langle": "⟨", "rangle": "⟩", "lVert": "‖", "rVert": "‖", "lvert": "|",
    "rvert": "|", "Vert": "‖", "vert": "|", "#": "#", "%": "%", "&": "&", "$": "$", "_": "_", "{": "{", "}": "}", "|": "‖",
    "bmod": "mod", "gets": "←", "leftarrow": "←", "star": "⋆", "ast": "∗", "backslash": "\\", "colon": ":", "int": "∫",
}  # fmt: skip
SPACES: Final = {",": "0.17em", ":": "0.22em", ";": "0.28em", " ": "0.28em", "!": "0", "quad": "1em", "qquad": "2em"}
# Scripts are above and below these.
LIMITS: Final = frozenset({"sum", "prod", "lim", "max", "min", "sup", "inf"})
# Commands whose argument is text, with the beginning of their element.
TEXTS: Final = {"text": "<mtext>", "mathrm": "<mi>", "operatorname": "<mi>", "mathit": "<mi>", "texttt": "<mtext>"}
STYLES: Final = {"mathbf": "bold", "mathcal": "script", "mathbb": "double-struck", "boldsymbol": "bold"}
# Commands with formulas as arguments: how many, and the element.
ARGUMENTS: Final = {"frac": (2, "mfrac"), "dfrac": (2, "mfrac"), "tfrac": (2, "mfrac"), "binom": (2, "binom"),
                    "sqrt": (1, "msqrt"), "overline": (1, "¯"), "bar": (1, "¯"), "hat": (1, "^"), "tilde": (1, "~"),
                    "dot": (1, "˙"), "ddot": (1, "¨"), "vec": (1, "→"), "widehat": (1, "^"), "widetilde": (1, "~")}  # fmt: skip
FENCES: Final = {"pmatrix": "()", "bmatrix": "[]", "vmatrix": "||", "cases": "{ ", "matrix": "  "}
# Letters of STYLES in Unicode: the only way in MathML Core.
STYLED: Final[Mapping[str, tuple[int, int, int]]] = {
    "bold": (0x1D400, 0x1D41A, 0x1D7CE), "script": (0x1D49C, 0x1D4B6, 0), "double-struck": (0x1D538, 0x1D552, 0x1D7D8),
}  # fmt: skip
SCRIPT_HOLES: Final = {"B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ", "N": "𝒩"}


class Frame:
    """A part that is not complete: a row of items, or the arguments of a command."""

    __slots__ = ("closing", "count", "items", "kind", "pending", "rows")

    def __init__(self, kind: str, count: int = 0, closing: str = "") -> None:
        self.kind = kind
        self.count = count
        self.closing = closing
        # [base, below, above, whether scripts are limits]
        self.items: list[list[str]] = []
        self.pending = ""
        self.rows: list[list[str]] = [[]]


def escape(text: str) -> str:
    """Return text for XML; the standard library's function imports a client of HTTP, which takes as long as all of a short answer."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mathml(latex: str, *, display: bool = False) -> str:
    """Return a formula in LaTeX as a MathML element, which is well-formed XML.

    >>> mathml(r"\\frac{1}{x}")
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mn>1</mn><mi>x</mi></mfrac></math>'
    """
    block = ' display="block"' if display else ""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"{block}>{content(latex)}</math>'


def content(latex: str) -> str:
    """Return the MathML of a formula without the element around it."""
    return Parser(latex).parsed()


class Parser:
    """Reads one formula.

    Args:
        latex: The formula.
    """

    def __init__(self, latex: str) -> None:
        self.tokens = TOKEN.findall(latex)
        self.at = 0
        self.stack = [Frame("row")]

    def parsed(self) -> str:
        """Return the MathML."""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if len(token) > 1 and token[0] == "\\":
                self.command(token[1:])
            elif token == "\\":
                continue
            else:
                self.character(token)
        while len(self.stack) > 1:
            self.closed()
        return row(self.stack[0].items)

    # -- what a frame receives -------------------------------------------------------------------------------------

    def attach(self, element: str, *, limits: bool = False) -> None:
        """Add an element to the innermost part, and close the commands that it completes."""
        while True:
            top = self.stack[-1]
            if top.kind == "arguments":
                top.items.append([element])
                if len(top.items) < top.count:
                    return
                self.stack.pop()
                element = composed(top.closing, [item[0] for item in top.items])
                limits = False
                continue
            if top.pending:
                place = 1 if top.pending == "_" else 2
                top.pending = ""
                if not top.items:
                    top.items.append(["<mrow></mrow>", "", "", ""])
                if top.items[-1][place]:
                    top.items[-1] = [scripted(top.items[-1]), "", "", ""]
                top.items[-1][place] = element
                return
            top.items.append([element, "", "", "limits" if limits else ""])
            return

    def closed(self) -> None:
        """Close the innermost part."""
        frame = self.stack.pop()
        if frame.kind == "arguments":
            missing = [item[0] for item in frame.items] + ["<mrow></mrow>"] * (frame.count - len(frame.items))
            self.attach(composed(frame.closing, missing))
        elif frame.kind == "environment":
            frame.rows[-1].append(row(frame.items))
            self.attach(table(frame.rows, frame.closing))
        else:
            inside = row(frame.items)
            if frame.kind == "root":
                self.attach(inside if is_single(inside) else f"<mrow>{inside}</mrow>")
            else:
                self.attach(f"<mrow>{inside}</mrow>" if not is_single(inside) else inside)

    # -- tokens ----------------------------------------------------------------------------------------------------

    def character(self, token: str) -> None:
        if token.isspace():
            return
        top = self.stack[-1]
        if token == "{":
            self.stack.append(Frame("row"))
        elif token == "}":
            if len(self.stack) > 1:
                self.closed()
        elif token in "^_":
            top.pending = token
        elif token == "&" and top.kind == "environment":
            top.rows[-1].append(row(top.items))
            top.items = []
        elif token == "'":
            count = 1
            while self.at < len(self.tokens) and self.tokens[self.at] == "'":
                self.at += 1
                count += 1
            top.pending = "^"
            self.attach(f"<mo>{'′' * count}</mo>")
        elif token[0].isdigit():
            self.attach(f"<mn>{token}</mn>")
        elif token.isalpha():
            self.attach(f"<mi>{escape(token)}</mi>")
        else:
            # Only brackets of \\left and \\right grow.
            fixed = ' stretchy="false"' if token in "()[]|" else ""
            self.attach(f"<mo{fixed}>{escape({'-': '−', '*': '∗'}.get(token, token))}</mo>")

    def command(self, name: str) -> None:
        top = self.stack[-1]
        if name == "left":
            self.stack.append(Frame("fenced"))
            self.attach(fence(self.delimiter(), "prefix"))
        elif name == "right":
            self.attach(fence(self.delimiter(), "postfix"))
            if self.stack[-1].kind == "fenced":
                self.closed()
        elif name == "begin":
            self.stack.append(Frame("environment", closing=self.raw()))
        elif name == "end":
            self.raw()
            if top.kind == "environment":
                self.closed()
        elif name == "\\":
            if top.kind == "environment":
                top.rows[-1].append(row(top.items))
                top.items = []
                top.rows.append([])
        elif name in TEXTS:
            tag = TEXTS[name]
            text = re.sub(r"\\(.)", r"\1", self.raw())
            # Spaces at the ends would be dropped.
            text = re.sub(r"^ | $", "\u00a0", text)
            single = ' mathvariant="normal"' if tag == "<mi>" and len(text) == 1 else ""
            self.attach(f"{tag[:-1]}{single}>{escape(text)}{tag.replace('<', '</')}")
        elif name in STYLES:
            self.attach(f"<mi>{escape(styled(self.raw(), STYLES[name]))}</mi>")
        elif name in ARGUMENTS:
            count, element = ARGUMENTS[name]
            if name == "sqrt" and self.tokens[self.at : self.at + 1] == ["["] and "]" in self.tokens[self.at :]:
                end = self.tokens.index("]", self.at)
                index = content("".join(self.tokens[self.at + 1 : end]))
                self.at = end + 1
                element = f"mroot {index}"
            self.stack.append(Frame("arguments", count, element))
        elif name in SPACES:
            self.attach(f'<mspace width="{SPACES[name]}"></mspace>')
        elif name in GREEK:
            self.attach(f"<mi>{GREEK[name]}</mi>")
        elif name in WORDS:
            self.attach(f"<mi>{name}</mi>", limits=name in LIMITS)
        elif name in OPERATORS:
            self.attach(f"<mo>{escape(OPERATORS[name])}</mo>", limits=name in LIMITS)
        elif name not in ("displaystyle", "limits", "nolimits", "big", "Big", "bigl", "bigr"):
            self.attach(f"<mi>{escape(name)}</mi>")

    def delimiter(self) -> str:
        token = self.tokens[self.at] if self.at < len(self.tokens) else "."
        self.at += 1
        return OPERATORS.get(token[1:], token) if token[0] == "\\" and len(token) > 1 else token

    def raw(self) -> str:
        """Return the text between braces that follow."""
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        if self.at >= len(self.tokens) or self.tokens[self.at] != "{":
            return ""
        depth, parts = 0, []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            depth += (token == "{") - (token == "}")
            if depth == 0:
                break
            parts.append(token)
        return "".join(parts[1:])


def is_single(inside: str) -> bool:
    """Whether MathML is one element without children."""
    return inside.count("<") == 2 and inside.startswith("<m") and inside.endswith(">")


def row(items: list[list[str]]) -> str:
    return "".join(map(scripted, items))


def scripted(item: list[str]) -> str:
    """Return an item with its scripts."""
    base, below, above, limits = item
    if below and above:
        tag = "munderover" if limits else "msubsup"
        return f"<{tag}>{base}{below}{above}</{tag}>"
    if below:
        tag = "munder" if limits else "msub"
        return f"<{tag}>{base}{below}</{tag}>"
    return f"<msup>{base}{above}</msup>" if above else base


def fence(delimiter: str, form: str) -> str:
    if delimiter == ".":
        return "<mrow></mrow>"
    return f'<mo form="{form}" fence="true" stretchy="true">{escape(delimiter)}</mo>'


def composed(element: str, arguments: list[str]) -> str:
    """Return a command with its arguments."""
    if element.startswith("mroot "):
        return f"<mroot>{arguments[0]}<mrow>{element[6:]}</mrow></mroot>"
    if element == "binom":
        return f'<mrow><mo>(</mo><mfrac linethickness="0">{"".join(arguments)}</mfrac><mo>)</mo></mrow>'
    if not element.startswith("m"):
        return f'<mover accent="true">{arguments[0]}<mo>{escape(element)}</mo></mover>'
    return f"<{element}>{''.join(arguments)}</{element}>"


def table(rows: list[list[str]], kind: str) -> str:
    """Return an environment with rows and columns."""
    kept = [cells for cells in rows if any(cells)]
    sides = (
        ("right", "left") if kind in ("aligned", "align", "split") else ("left", "left") if kind == "cases" else None
    )
    lines = []
    for cells in kept:
        styled_cells = [
            f'<mtd style="text-align:{sides[i % 2]}">{cell}</mtd>' if sides else f"<mtd>{cell}</mtd>"
            for i, cell in enumerate(cells)
        ]
        lines.append(f"<mtr>{''.join(styled_cells)}</mtr>")
    body = f"<mtable>{''.join(lines)}</mtable>"
    sides_of = FENCES.get(kind, "  ")
    start = fence(sides_of[0], "prefix") if sides_of[0] != " " else ""
    end = fence(sides_of[1], "postfix") if sides_of[1] != " " else ""
    return f"<mrow>{start}{body}{end}</mrow>"


def styled(text: str, style: str) -> str:
    """Return letters and digits in a style of Unicode's mathematical alphabets.

    >>> styled("1", "bold"), styled("E", "script")
    ('𝟏', 'ℰ')
    """
    upper, lower, digit = STYLED[style]
    found = []
    for c in text:
        if style == "script" and c in SCRIPT_HOLES:
            found.append(SCRIPT_HOLES[c])
        elif "A" <= c <= "Z":
            found.append(chr(upper + ord(c) - 65))
        elif "a" <= c <= "z":
            found.append(chr(lower + ord(c) - 97))
        elif "0" <= c <= "9" and digit:
            found.append(chr(digit + ord(c) - 48))
        else:
            found.append(c)
    return "".join(found)
