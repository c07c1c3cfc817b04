"""Expressions in LaTeX, without delimiters."""

import re
from string import Formatter

from secantd.expression import Node
from secantd.functions import FUNCTIONS
from secantd.render.numbers import python_number
from secantd.render.writer import ADD, ATOM, CALL, COMPARE, LOGIC, MUL, NEG, NOT, POW, Piece, sum_pieces, write

__all__ = ["latex_text"]

GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()
)
SIGNS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne", "&": r"\land", "|": r"\lor"}
REDUCTION_NAMES = {"sum": r"\sum ", "prod": r"\prod ", "max_of": r"\max ", "min_of": r"\min "}
BRACKETS = (r"\left(", r"\right)")
PARTS = re.compile(r"([^\W\d_]+?)_?(\d+)|([^\W\d_]+)[_.](\w+)|(.+?)\[(\d+)\]|(.+?)\$(.+)")


def latex_text(node: Node, limit: int = 2_000_000) -> str:
    r"""Return a node in LaTeX.

    >>> from secantd.expression import Graph
    >>> g = Graph(); x = g.symbol("x")
    >>> latex_text(g.make("div", g.make("exp", x), g.make("pow", x, g.number(2))))
    '\\frac{e^{x}}{x^{2}}'
    """
    return write(node, latex_pieces, limit, brackets=BRACKETS)


def latex_name(name: str) -> str:
    r"""Return a name: Greek by its name, digits and what follows a sign as an index.

    >>> [latex_name(n) for n in ("x", "x1", "sigma", "theta[2]", "rate")]
    ['x', 'x_{1}', '\\sigma', '\\theta_{2}', '\\mathrm{rate}']
    """
    found = PARTS.fullmatch(name)
    if found:
        stem, index = (g for g in found.groups() if g is not None)
        return f"{latex_name(stem)}_{{{latex_name(index) if not index.isdigit() else index}}}"
    if name in GREEK:
        return "\\" + name
    escaped = re.sub(r"([_#$%&{}])", r"\\\1", name).replace("\\$", r"\$")
    return escaped if len(name) == 1 else rf"\mathrm{{{escaped}}}"


def latex_number(value: float) -> str:
    text = python_number(value).replace("inf", r"\infty").replace("nan", r"\mathrm{NaN}")
    mantissa, e, exponent = text.partition("e")
    if not e:
        return text
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"


def product(node: Node) -> list[Piece]:
    """Return a product without grouping; a dot where two numbers would touch."""
    flat: list[Node] = []
    stack = [node]
    while stack:
        n = stack.pop()
        if n.op == "mul":
            stack.extend(reversed(n.args))
        else:
            flat.append(n)
    pieces: list[Piece] = []
    for i, n in enumerate(flat):
        first = n.args[0] if n.op == "pow" else n
        if i:
            pieces.append(r" \cdot " if first.op == "number" or flat[i - 1].op in FUNCTIONS else " ")
        pieces.append((n, MUL + (i > 0 and n.op == "neg")))
    return pieces


def latex_pieces(node: Node) -> tuple[list[Piece], int]:
    op, args = node.op, node.args
    if op == "number":
        return [latex_number(node.value)], NEG if node.value < 0 else ATOM
    if op == "symbol" or op == "data":
        return [latex_name(node.name)], ATOM
    if op == "add":
        return sum_pieces(args, " + ", " - "), ADD
    if op == "mul":
        return product(node), MUL
    if op == "div":
        return [r"\frac{", (args[0], 0), "}{", (args[1], 0), "}"], CALL
    if op == "neg":
        return ["-", (args[0], MUL)], MUL - 1
    if op == "pow":
        return power(node)
    if op == "pi":
        return [r"\pi"], ATOM
    if op in SIGNS:
        own = COMPARE if op not in "&|" else LOGIC
        return [(args[0], own + 1), f" {SIGNS[op]} ", (args[1], own + 1)], own
    if op == "!":
        return [r"\lnot ", (args[0], NOT)], NOT
    if op == "ifelse":
        pieces: list[Piece] = [r"\begin{cases} ", (args[1], 0), r" & \text{if } ", (args[0], 0), r" \\ ", (args[2], 0)]
        return [*pieces, r" & \text{otherwise} \end{cases}"], CALL
    if op in REDUCTION_NAMES:
        return [REDUCTION_NAMES[op], (args[0], MUL)], ADD
    return call(op, args, ""), CALL if "{0}" not in FUNCTIONS[op].latex else POW


def power(node: Node) -> tuple[list[Piece], int]:
    """Return a power; that of a named function stands behind its name, as in sin²x."""
    base, exponent = node.args
    row = FUNCTIONS.get(base.op)
    if row is not None and "{0}" not in row.latex and exponent.op == "number" and exponent.value > 1:
        return call(base.op, base.args, f"^{{{latex_number(exponent.value)}}}"), CALL
    return [(base, ATOM), "^{", (exponent, 0), "}"], POW


def call(op: str, args: tuple[Node, ...], exponent: str) -> list[Piece]:
    row = FUNCTIONS[op]
    if "{0}" not in row.latex:
        pieces: list[Piece] = [row.latex.replace("{{", "{").replace("}}", "}") + exponent + r"\left("]
        for i, a in enumerate(args):
            pieces += ([", "] if i else []) + [(a, 0)]
        return [*pieces, r"\right)"]
    pieces = []
    for text, position, _, _ in Formatter().parse(row.latex):
        pieces.append(text)
        if position is not None:
            pieces.append((args[int(position)], 0))
    return pieces
