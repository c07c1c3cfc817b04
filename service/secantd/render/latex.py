"""Expressions in LaTeX, without delimiters."""

from collections.abc import Mapping
from string import Formatter

from secantd.expression import Node
from secantd.functions import FUNCTIONS
from secantd.language.notation import Notation
from secantd.render.numbers import python_number
from secantd.render.spelling import latex_name, own_names
from secantd.render.writer import (
    ADD,
    ATOM,
    CALL,
    COMPARE,
    LOGIC,
    MUL,
    NEG,
    NOT,
    POW,
    Piece,
    factors_of,
    naming,
    node_text,
    sum_pieces,
)

__all__ = ["latex_text"]

SIGNS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne", "&": r"\land", "|": r"\lor"}
REDUCTION_NAMES = {"sum": r"\sum ", "prod": r"\prod ", "max_of": r"\max ", "min_of": r"\min "}
BRACKETS = (r"\left(", r"\right)")


def latex_text(node: Node, limit: int = 2_000_000, *, names: Mapping[str, str] | None = None) -> str:
    r"""Return the text of a node in LaTeX.

    Args:
        node: The expression.
        limit: The most code points; a longer text raises LIMIT_EXCEEDED.
        names: The texts of its names; None: computed for this formula only.

    >>> from secantd.expression import Graph
    >>> g = Graph(); x = g.symbol("x")
    >>> latex_text(g.make("div", g.make("exp", x), g.make("pow", x, g.number(2))))
    '\\frac{e^{x}}{x^{2}}'
    """
    names = own_names(node, Notation.LATEX) if names is None else names
    return node_text(node, naming(latex_pieces, names), limit, brackets=BRACKETS)


def latex_number(value: float) -> str:
    text = python_number(value).replace("inf", r"\infty").replace("nan", r"\mathrm{NaN}")
    mantissa, e, exponent = text.partition("e")
    if not e:
        return text
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"


def product(node: Node) -> list[Piece]:
    """Return a product without brackets for its grouping, with a dot where two numbers would touch."""
    flat = factors_of(node.args)
    pieces: list[Piece] = []
    for i, n in enumerate(flat):
        first = n.args[0] if n.op == "pow" else n
        if i:
            before = flat[i - 1]
            dot = first.op == "number" or before.op in FUNCTIONS or "mul" in (n.op, before.op)
            # 2 \frac{1}{2} would be a mixed number.
            dot = dot or (before.op == "number" and n.op == "div" and n.args[0].op == n.args[1].op == "number")
            pieces.append(r" \cdot " if dot else " ")
        pieces.append((n, MUL + (i > 0 and n.op == "neg")))
    return pieces


def latex_pieces(node: Node) -> tuple[list[Piece], int]:
    op, args = node.op, node.args
    if op == "number":
        written = latex_number(node.value)
        # 10^{-5} is a power, and 2.5 \cdot 10^{20} a product.
        own = MUL if r"\cdot" in written else POW if "^" in written else ATOM
        return [written], min(NEG, own) if node.value < 0 else own
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
        return cases(node), CALL
    if op == "%%":
        # Brackets on both sides, and around it in sums and products.
        return [(args[0], POW), r" \bmod ", (args[1], POW)], COMPARE + 1
    if op in REDUCTION_NAMES:
        return [REDUCTION_NAMES[op], (args[0], MUL)], ADD
    return call(op, args, ""), CALL if "{0}" not in FUNCTIONS[op].latex else POW


def cases(node: Node) -> list[Piece]:
    """Return a choice, with the choices in its last case as further cases."""
    pieces: list[Piece] = [r"\begin{cases} "]
    while node.op == "ifelse":
        test, yes, node = node.args
        pieces += [(yes, 0), r" & \text{if } ", (test, 0), r" \\ "]
    return [*pieces, (node, 0), r" & \text{otherwise} \end{cases}"]


def power(node: Node) -> tuple[list[Piece], int]:
    """Return a power; the exponent of a named function follows its name, as in sin²x."""
    base, exponent = node.args
    row = FUNCTIONS.get(base.op)
    # The exponent of \ln\Gamma would be that of \Gamma.
    single = row is not None and "{0}" not in row.latex and (row.latex == r"\ln" or not row.latex.startswith(r"\ln"))
    if single and exponent.op == "number" and exponent.value > 1:
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
