"""Expressions in R notation, spaced as R's deparse does."""

import re

from secantd.expression import Node
from secantd.functions import FUNCTIONS, LeftOut
from secantd.render.numbers import r_number
from secantd.render.writer import (
    ADD,
    ATOM,
    COMPARE,
    LOGIC,
    MOD,
    MUL,
    NEG,
    NOT,
    POW,
    Piece,
    begins_with_sign,
    call_pieces,
    sum_pieces,
    write,
)  # fmt: skip

__all__ = ["r_pieces", "r_text"]

SYNTACTIC = re.compile(r"(?:[^\W\d_]|\.(?!\d))[\w.]*(?:\$[^\W\d_][\w.]*|\[\d+\])*")
RESERVED = frozenset({
    "if", "else", "repeat", "while", "function", "for", "next", "break", "TRUE", "FALSE", "NULL", "Inf", "NaN", "NA", "in",
})  # fmt: skip
REDUCTION_NAMES = {"sum": "sum", "prod": "prod", "max_of": "max", "min_of": "min"}


def r_text(node: Node, limit: int = 2_000_000, *, cut: bool = False) -> str:
    """Return a node as R would deparse it.

    >>> from secantd.expression import Graph
    >>> g = Graph(); x = g.symbol("x")
    >>> r_text(g.make("mul", g.make("add", g.number(1), x), g.make("exp", x)))
    '(1 + x) * exp(x)'
    """
    return write(node, r_pieces, limit, cut=cut)


def r_name(name: str) -> str:
    """Return a name, in backticks where R needs them."""
    return name if SYNTACTIC.fullmatch(name) and name not in RESERVED else f"`{name}`"


def r_pieces(node: Node) -> tuple[list[Piece], int]:
    op, args = node.op, node.args
    if op == "number":
        return [r_number(node.value)], NEG if node.value < 0 else ATOM
    if op == "symbol" or op == "data":
        return [r_name(node.name)], ATOM
    if op == "add":
        return sum_pieces(args, " + ", " - "), ADD
    if op == "mul":
        pieces: list[Piece] = [(args[0], MUL)]
        for a in args[1:]:
            pieces += [" * ", (a, MUL + 1)]
        return pieces, MUL
    if op == "div":
        return [(args[0], MUL), "/", (args[1], MUL + 1)], MUL
    if op == "neg":
        return ["-", (args[0], ATOM if begins_with_sign(args[0]) else NEG)], NEG
    if op == "pow":
        # R reads a sign and a power on the right of ^ without brackets.
        return [(args[0], POW + 1), "^", (args[1], NEG)], POW
    if op in ("<", "<=", ">", ">=", "==", "!="):
        return [(args[0], COMPARE + 1), f" {op} ", (args[1], COMPARE + 1)], COMPARE
    if op == "%%" or op == "%/%":
        return [(args[0], MOD), op, (args[1], MOD + 1)], MOD
    if op == "&" or op == "|":
        own = LOGIC + (op == "&")
        return [(args[0], own), f" {op} ", (args[1], own + 1)], own
    if op == "!":
        return ["!", (args[0], NOT)], NOT
    if op == "ifelse":
        return call_pieces("ifelse", args, ("test", "yes", "no")), ATOM
    if op == "pi":
        return ["pi"], ATOM
    if op in REDUCTION_NAMES:
        return call_pieces(REDUCTION_NAMES[op], args), ATOM
    return call_of_table(node), ATOM


def call_of_table(node: Node) -> list[Piece]:
    """Return a call of a function of the table, without the arguments that are R's defaults where Deriv has none."""
    function = FUNCTIONS[node.op]
    args = node.args
    defaults = function.defaults
    while defaults and is_default(args[-1], defaults[-1], function.spelled):
        args, defaults = args[:-1], defaults[:-1]
    pieces = call_pieces(function.written, args)
    for i, (name, a) in enumerate(zip(function.parameters, args, strict=False)):
        if name in function.whole and a.op == "number" and a.value.is_integer():
            # A call's pieces are its head, then each argument and the comma behind it.
            pieces[2 * i + 1] = r_number(a.value) + "L"
    usual = dict(FUNCTIONS[function.written].flags) if function.written in FUNCTIONS else {}
    for name, value in function.flags:
        if value != usual.get(name):
            pieces[-1:] = [f", {name} = {'TRUE' if value else 'FALSE'}", ")"]
    return pieces


def is_default(node: Node, default: str, spelled: bool) -> bool:
    """Whether an argument is left out; of functions that Deriv spells out only where the author left it out."""
    if node.op != "number" or (spelled and not isinstance(node.payload, LeftOut)):
        return False
    return r_number(node.value) == default
