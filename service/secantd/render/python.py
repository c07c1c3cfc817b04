"""Expressions in Python notation, with names as in `math` and without unnecessary brackets."""

from collections.abc import Mapping

from secantd.expression import Node
from secantd.functions import FUNCTIONS
from secantd.language.notation import Notation
from secantd.render.numbers import python_number
from secantd.render.spelling import own_names
from secantd.render.writer import (
    ADD,
    ATOM,
    COMPARE,
    LOGIC,
    MUL,
    NEG,
    NOT,
    POW,
    Piece,
    begins_with_sign,
    call_pieces,
    factors_of,
    naming,
    node_text,
    sum_pieces,
)

__all__ = ["python_text"]

REDUCTION_NAMES = {"sum": "sum", "prod": "prod", "max_of": "max", "min_of": "min"}
SCALARS = {"pmax": "max", "pmin": "min"}


def python_text(node: Node, limit: int = 2_000_000, *, names: Mapping[str, str] | None = None) -> str:
    """Return the text of a node in Python notation.

    Args:
        node: The expression.
        limit: The most code points; a longer text raises LIMIT_EXCEEDED.
        names: The texts of its names; None: computed for this formula only.

    >>> from secantd.expression import Graph
    >>> g = Graph(); x = g.symbol("x")
    >>> python_text(g.make("mul", g.number(2), g.make("pow", x, g.number(3))))
    '2*x**3'
    """
    names = own_names(node, Notation.PYTHON) if names is None else names
    return node_text(node, naming(python_pieces, names), limit)


ELEMENTWISE = {"ifelse": "np.where", "&": "np.logical_and", "|": "np.logical_or", "!": "np.logical_not"}


def python_pieces(node: Node) -> tuple[list[Piece], int]:
    op, args = node.op, node.args
    if op == "number":
        return [python_number(node.value)], NEG if node.value < 0 else ATOM
    if op == "symbol" or op == "data":
        return [node.name], ATOM
    if op == "add":
        return sum_pieces(args, " + ", " - "), ADD
    if op == "mul":
        pieces: list[Piece] = []
        for factor in factors_of(args):
            # a*(b/c) is a*b/c.
            pieces += ["*", (factor, MUL)]
        return pieces[1:], MUL
    if op == "div":
        return [(args[0], MUL), "/", (args[1], MUL + 1)], MUL
    if op == "neg":
        return ["-", (args[0], ATOM if begins_with_sign(args[0]) else MUL)], MUL
    if op == "pow":
        return [(args[0], POW + 1), "**", (args[1], POW + 1)], POW
    if op in ("<", "<=", ">", ">=", "==", "!="):
        return [(args[0], COMPARE + 1), f" {op} ", (args[1], COMPARE + 1)], COMPARE
    if op == "%%" or op == "%/%":
        # Python gives % the precedence of a product, but readers of a formula may misread -a % b and a*b % c.
        return [(args[0], MUL - 1), f" {FUNCTIONS[op].python} ", (args[1], MUL + 1)], MUL - 1
    if node.shape and op in ELEMENTWISE:
        # Python's own words take no arrays.
        return call_pieces(ELEMENTWISE[op], args), ATOM
    if op == "&" or op == "|":
        own = LOGIC + (op == "&")
        return [(args[0], own), " and " if op == "&" else " or ", (args[1], own + 1)], own
    if op == "!":
        return ["not ", (args[0], NOT)], NOT
    if op == "ifelse":
        return [(args[1], LOGIC), " if ", (args[0], LOGIC), " else ", (args[2], LOGIC - 1)], LOGIC - 1
    if op == "pi":
        return ["pi"], ATOM
    if op in REDUCTION_NAMES:
        return call_pieces(REDUCTION_NAMES[op], args), ATOM
    if op in SCALARS and node.rows == 1:
        return call_pieces(SCALARS[op], args), ATOM
    return call_of_table(node), ATOM


def call_of_table(node: Node) -> list[Piece]:
    function = FUNCTIONS[node.op]
    own = function.python != function.written
    pieces = call_pieces(function.python, node.args, () if own else function.named, "=")
    if own:
        # norm.logcdf has no flags: the name itself expresses them.
        return pieces
    usual = dict(FUNCTIONS[function.written].flags) if function.written in FUNCTIONS else {}
    for name, value in function.flags:
        if value != usual.get(name):
            pieces[-1:] = [f", {name.replace('.', '_')}={value}", ")"]
    return pieces
