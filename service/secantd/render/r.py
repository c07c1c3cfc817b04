"""Expressions in R notation, spaced as by R's deparse."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from secantd.expression import BRANCH, Node
from secantd.functions import FUNCTIONS, LeftOut
from secantd.language import read
from secantd.render.numbers import r_number
from secantd.render.spelling import r_name
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
    naming,
    node_text,
    sum_pieces,
)  # fmt: skip

__all__ = ["in_r", "r_text"]

REDUCTION_NAMES: Final = {"sum": "sum", "prod": "prod", "max_of": "max", "min_of": "min"}


def r_text(node: Node, limit: int = 2_000_000, *, cut: bool = False, names: Mapping[str, str] | None = None) -> str:
    """Return the text of a node as R deparses it.

    Args:
        node: The expression.
        limit: The most code points.
        cut: Whether a longer text is cut off; otherwise it raises LIMIT_EXCEEDED.
        names: The texts of the names that are spelled differently in R.

    >>> from secantd.expression import Graph
    >>> g = Graph(); x = g.symbol("x")
    >>> r_text(g.make("mul", g.make("add", g.number(1), x), g.make("exp", x)))
    '(1 + x) * exp(x)'
    """
    return node_text(node, naming(r_pieces, names) if names else r_pieces, limit, cut=cut)


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
        # To the right of ^ R needs no brackets around a sign or a power.
        return [(args[0], POW + 1), "^", (args[1], NEG)], POW
    if op == "!=" and args[0] is args[1]:
        return ["is.na(", (args[0], 0), ")"], ATOM
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
        if node.payload == BRANCH:
            return ["if (", (args[0], 0), ") ", (args[1], 0), " else ", (args[2], 0)], 0
        return call_pieces("ifelse", args, ("test", "yes", "no"), " = "), ATOM
    if op == "pi":
        return ["pi"], ATOM
    if op in REDUCTION_NAMES:
        return call_pieces(REDUCTION_NAMES[op], args), ATOM
    if op not in FUNCTIONS:
        # An operation on arrays within a key by which terms are sorted; `render.arrays` prints texts.
        return call_pieces(op, args), ATOM
    if FUNCTIONS[op].in_r:
        template, own = in_r(op)
        return [piece if isinstance(piece, str) else (args[piece[0]], piece[1]) for piece in template], own
    return call_of_table(node), ATOM


@cache
def in_r(op: str) -> tuple[list[str | tuple[int, int]], int]:
    """Return the printed form of a function that R lacks.

    Returns:
        Pieces of text, and positions of arguments with the precedence that each needs; the precedence of the whole.
    """
    row = FUNCTIONS[op]
    (output,) = read(f"function({', '.join(row.parameters)}) {row.in_r}").outputs
    found: list[str | tuple[int, int]] = []
    stack: list[Piece] = [(output, 0)]
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            found.append(piece)
            continue
        node, needed = piece
        if node.op == "symbol":
            found.append((row.parameters.index(node.name), needed))
            continue
        pieces, own = r_pieces(node)
        stack += [")", *reversed(pieces), "("] if own < needed else reversed(pieces)
    # With a sign in front, the text needs brackets after another operator.
    return found, MUL - 1 if output.op == "neg" else r_pieces(output)[1]


def call_of_table(node: Node) -> list[Piece]:
    """Return a call of a function of the table, without arguments that equal R's defaults; see `is_default`."""
    function = FUNCTIONS[node.op]
    args = node.args
    defaults = function.defaults
    while defaults and is_default(args[-1], defaults[-1], function.spelled):
        args, defaults = args[:-1], defaults[:-1]
    pieces = call_pieces(function.written, args, function.named, " = ")
    for i, (name, a) in enumerate(zip(function.parameters, args, strict=False)):
        if name in function.whole and a.op == "number" and a.value.is_integer():
            # The pieces of a call are its head, then each argument and the comma after it.
            pieces[2 * i + 1] = r_number(a.value) + "L"
    usual = dict(FUNCTIONS[function.written].flags) if function.written in FUNCTIONS else {}
    for name, value in function.flags:
        if value != usual.get(name):
            pieces[-1:] = [f", {name} = {'TRUE' if value else 'FALSE'}", ")"]
    return pieces


def is_default(node: Node, default: str, spelled: bool) -> bool:
    """Whether an argument is left out because it is the default; if `spelled`, only where the author left it out."""
    if node.op != "number" or (spelled and not isinstance(node.payload, LeftOut)):
        return False
    return r_number(node.value) == default
