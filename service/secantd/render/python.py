"""Expressions in Python notation, with the names of `math` and without needless brackets."""

import keyword

from secantd.expression import Node
from secantd.functions import FUNCTIONS
from secantd.render.numbers import python_number
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
    sum_pieces,
    write,
)

__all__ = ["python_text"]

REDUCTION_NAMES = {"sum": "sum", "prod": "prod", "max_of": "max", "min_of": "min"}
SCALARS = {"pmax": "max", "pmin": "min"}


def python_text(node: Node, limit: int = 2_000_000) -> str:
    """Return a node in Python notation.

    >>> from secantd.expression import Graph
    >>> g = Graph(); x = g.symbol("x")
    >>> python_text(g.make("mul", g.number(2), g.make("pow", x, g.number(3))))
    '2*x**3'
    """
    return write(node, python_pieces, limit)


def python_name(name: str) -> str:
    """Return a name; what Python reserves gets an underscore, as PEP 8 has it."""
    return name + "_" if keyword.iskeyword(name) else name


def factors(node: Node) -> list[Piece]:
    """Return a product without the brackets of its grouping."""
    pieces: list[Piece] = []
    stack = [node]
    while stack:
        n = stack.pop()
        if n.op == "mul":
            stack.extend(reversed(n.args))
        else:
            if pieces:
                pieces.append("*")
            # a*(b/c) is a*b/c.
            pieces.append((n, MUL))
    return pieces


def python_pieces(node: Node) -> tuple[list[Piece], int]:
    op, args = node.op, node.args
    if op == "number":
        return [python_number(node.value)], NEG if node.value < 0 else ATOM
    if op == "symbol" or op == "data":
        return [python_name(node.name)], ATOM
    if op == "add":
        return sum_pieces(args, " + ", " - "), ADD
    if op == "mul":
        return factors(node), MUL
    if op == "div":
        return [(args[0], MUL), "/", (args[1], MUL + 1)], MUL
    if op == "neg":
        return ["-", (args[0], ATOM if begins_with_sign(args[0]) else MUL)], MUL
    if op == "pow":
        return [(args[0], POW + 1), "**", (args[1], NEG)], POW
    if op in ("<", "<=", ">", ">=", "==", "!="):
        return [(args[0], COMPARE + 1), f" {op} ", (args[1], COMPARE + 1)], COMPARE
    if op == "%%" or op == "%/%":
        # As close as a product in Python, but -a % b and a*b % c are not what a reader of a formula takes them for.
        return [(args[0], MUL - 1), f" {FUNCTIONS[op].python} ", (args[1], MUL + 1)], MUL - 1
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
    pieces = call_pieces(function.python, node.args)
    if function.python != function.written:
        # norm.logcdf says what R says by flags.
        return pieces
    usual = dict(FUNCTIONS[function.written].flags) if function.written in FUNCTIONS else {}
    for name, value in function.flags:
        if value != usual.get(name):
            pieces[-1:] = [f", {name.replace('.', '_')}={value}", ")"]
    return pieces
