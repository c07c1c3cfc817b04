"""Proofs that two formulas are equal: by Secant's algebra and by SymPy."""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

from secantd.algebra import Light
from secantd.algebra.bridge import Bridge
from secantd.algebra.forms import sympy_within
from secantd.check.assumptions import Assumptions
from secantd.check.equality.normalform import equal_forms
from secantd.check.verdict import Counterexample, Verdict, Witness, number
from secantd.check.witness_exact import same_expression
from secantd.check.witness_sympy import CannotError, assumptions, is_zero, translated, without_answer
from secantd.check.writtenout import written_out
from secantd.errors import CalculusError
from secantd.expression import Graph, Node, reachable, symbols
from secantd.interrupt import OutOfTimeError, run_within
from secantd.program import compile as compile_program

__all__ = ["by_algebra", "by_sympy", "extreme"]

NAME = "sympy"
# Digits to which SymPy computes both values at the point where the claim fails.
DIGITS = 30
# Constants beyond these sizes may vanish beside others when our algebra adds them as doubles.
SMALLEST, LARGEST = 1e-60, 1e60


def extreme(nodes: Sequence[Node], columns: Mapping[str, Any]) -> bool:
    """Whether a constant part of formulas is so large or so small that sums of doubles lose it.

    >>> from secantd.language import read
    >>> extreme(read("x + 10^-80").outputs, {}), extreme(read("x + 10^-8").outputs, {})
    (True, False)
    """
    still: dict[int, bool] = {}
    found = []
    for node in reachable(nodes):
        still[node.index] = node.op not in ("symbol", "data") and all(still[a.index] for a in node.args)
        if still[node.index] and node.rows == 1 and node.op not in ("pi", "number"):
            found.append(node)
        elif node.op == "number" and node.value and not SMALLEST <= abs(node.value) <= LARGEST:
            return True
    if not found:
        return False
    for node, value in zip(found, compile_program(found, [], columns).point([]), strict=True):
        if not math.isfinite(value) or abs(value) > LARGEST:
            return True
        if abs(value) < SMALLEST and (value or node.op in ("pow", "exp", "mul", "div")):
            # 0 is exact only as a product with 0.
            zero = node.op in ("mul", "div") and any(a.op == "number" and not a.value for a in node.args)
            if not zero:
                return True
    return False


def by_algebra(
    graph: Graph,
    outputs: Sequence[Node],
    claims: Sequence[Node],
    assumed: Assumptions,
    exactly: bool,
    seconds: float,
) -> list[bool]:
    """Return for each pair whether our algebra proves that it is equal, in at most so many seconds.

    Args:
        graph: The graph of all nodes.
        outputs: The formulas.
        claims: The claims, as many.
        assumed: Assumptions about variables.
        exactly: Whether only exact fractions are used: the light form adds constants as doubles.
        seconds: The time for one pair by normal forms, and by light forms.
    """
    found = [claim is output for output, claim in zip(outputs, claims, strict=True)]
    light = Light(graph)
    for i, (output, claim) in enumerate(zip(outputs, claims, strict=True)):
        proofs: list[Callable[[], bool]] = [
            lambda output=output, claim=claim: equal_forms(graph, output, claim, assumed),  # type: ignore[misc]
            lambda output=output, claim=claim: same_expression(graph, light, light.of(output), claim),  # type: ignore[misc]
        ]
        for proof in proofs[: 1 if exactly else 2]:
            if not found[i] and output.rows == claim.rows == 1:
                with suppress(OutOfTimeError, CalculusError):
                    found[i] = run_within(seconds, proof)
        if not found[i]:
            break
    return found


def by_sympy(
    graph: Graph,
    outputs: Sequence[Node],
    claims: Sequence[Node],
    assumed: Assumptions,
    seconds: float,
    counterexample: Counterexample | None = None,
) -> Witness:
    """Return SymPy's opinion: whether the differences simplify to 0 under the assumptions.

    Args:
        graph: The graph of all nodes.
        outputs: The formulas.
        claims: The claims, as many.
        assumed: The assumptions.
        seconds: SymPy's time.
        counterexample: A point that others found: SymPy computes the values at this point only.

    >>> from secantd.language import read
    >>> f = read("c(sin(x)^2, 1 - cos(x)^2)")
    >>> by_sympy(f.graph, f.outputs[:1], f.outputs[1:], Assumptions(), 20.0).verdict.name
    'PROVED'
    """
    if find_spec("sympy") is None:
        return Witness(NAME, Verdict.UNDECIDED, "not installed")
    if seconds <= 0:
        return Witness(NAME, Verdict.UNDECIDED, "it ran out of time")

    def compared() -> Witness:
        scalars = written_out(graph, [*outputs, *claims])
        if scalars is None:
            raise CannotError("the formula, with its data, is too long for SymPy")
        bridge = Bridge(graph, printed=False)
        bridge.symbols.update(assumed.symbols(bridge.sympy))
        names = symbols(scalars)
        count = len(outputs)
        if counterexample is not None:
            i = counterexample.position
            return at_a_point(bridge, scalars[i], scalars[count + i], names, counterexample)
        for output, claim in zip(scalars[:count], scalars[count:], strict=True):
            difference = translated(bridge, output, names) - translated(bridge, claim, names)
            conditions = assumptions(bridge, graph, output)
            if not is_zero(bridge.sympy, difference, conditions):
                return Witness(NAME, Verdict.UNDECIDED, "the difference could not be simplified to 0")
        return Witness(NAME, Verdict.PROVED, "the difference simplifies to 0")

    try:
        return sympy_within(seconds, compared)
    except Exception as error:
        return without_answer(error)


def at_a_point(
    bridge: Bridge, output: Node, claim: Node, names: Sequence[str], counterexample: Counterexample
) -> Witness:
    """Return whether SymPy confirms that two formulas differ at a point."""
    s = bridge.sympy
    for node in (output, claim):
        bridge.refuse_huge_numbers_at(node, counterexample.point)
    point = {bridge.symbol(name): s.Rational(str(value)) for name, value in counterexample.point.items()}
    true, claimed = (translated(bridge, node, names).subs(point).evalf(DIGITS) for node in (output, claim))
    if not (true.is_number and true.is_finite and true.is_real):
        raise CannotError("SymPy finds no value of the function there")
    finding = f"SymPy's value of the function is {number(float(true), counterexample.claimed)} there"
    if not (claimed.is_number and claimed.is_finite and claimed.is_real):
        return Witness(NAME, Verdict.REFUTED, f"{finding}, and the claim has no value")
    if abs(true - claimed) > s.Float(10, DIGITS) ** (5 - DIGITS) * max(abs(true), abs(claimed)):
        return Witness(NAME, Verdict.REFUTED, f"{finding}, and the claim is {number(float(claimed), float(true))}")
    return Witness(NAME, Verdict.UNDECIDED, f"{finding}, equal to the claim")
