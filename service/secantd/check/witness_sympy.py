"""The witness "sympy": SymPy computes the derivative and simplifies its difference from the claim."""

from collections.abc import Sequence
from importlib.util import find_spec
from itertools import product
from typing import Any

from secantd.algebra.bridge import Bridge
from secantd.algebra.forms import beyond_sympy, simplified, sympy_within
from secantd.algebra.hugenumbers import HugeNumberError
from secantd.check.assumptions import Assumptions
from secantd.check.verdict import Counterexample, Verdict, Witness, number
from secantd.check.writtenout import written_out
from secantd.expression import Graph, Node, reachable, symbols
from secantd.functions import FUNCTIONS
from secantd.interrupt import OutOfTimeError
from secantd.language.expansion import validity

__all__ = ["by_sympy"]

NAME = "sympy"
# Digits to which SymPy computes both values at the point where the claim fails.
DIGITS = 30
# Variables whose signs are tried.
SIGNS = 3
# The largest power of an expression that SymPy simplifies, and the largest whole number with a power.
HIGHEST_POWER, LARGEST_BASE = 500, 10**300


class CannotError(Exception):
    """SymPy lacks a function or a rule."""


def by_sympy(
    graph: Graph,
    output: Node,
    claims: Sequence[Node],
    variables: Sequence[str],
    seconds: float,
    counterexample: Counterexample | None = None,
    assumed_of: Assumptions | None = None,
) -> Witness:
    """Return SymPy's opinion about a claim.

    Args:
        graph: The graph of all nodes.
        output: The function.
        claims: The claim, one node for each variable.
        variables: The variables of the derivative.
        seconds: SymPy's time.
        counterexample: A point that others found: SymPy computes the values at this point only.
        assumed_of: Assumptions about variables.

    >>> from secantd.language import read
    >>> f = read("sin(x)^2"); g = f.graph
    >>> claim = g.make("sin", g.make("mul", g.number(2), g.symbol("x")))
    >>> by_sympy(g, f.outputs[0], [claim], ["x"], 20.0).verdict.name
    'PROVED'
    """
    if find_spec("sympy") is None:
        return Witness(NAME, Verdict.UNDECIDED, "not installed")
    done: list[str] = []

    def compared() -> Witness:
        scalars = written_out(graph, [output, *claims])
        if scalars is None:
            raise CannotError("the formula, with its data, is too long for SymPy")
        bridge = Bridge(graph, printed=False)
        if assumed_of is not None:
            bridge.symbols.update(assumed_of.symbols(bridge.sympy))
        function = translated(bridge, scalars[0], variables)
        if counterexample is not None:
            for node in (scalars[0], scalars[1 + counterexample.position]):
                bridge.refuse_huge_numbers_at(node, counterexample.point)
            return at_the_counterexample(
                bridge, function, scalars[1 + counterexample.position], variables, counterexample
            )
        assumed = assumptions(bridge, graph, scalars[0])
        for claim, name in zip(scalars[1:], variables, strict=True):
            difference = sympy_derivative(bridge, function, name) - translated(bridge, claim, variables)
            if not is_zero(bridge.sympy, difference, assumed):
                whose = f" with respect to {name}" if len(variables) > 1 else ""
                message = f"SymPy's derivative{whose} minus the claim could not be simplified to 0"
                return Witness(NAME, Verdict.UNDECIDED, message)
            done.append(name)
        return Witness(NAME, Verdict.PROVED, "SymPy's derivative minus the claim simplifies to 0")

    try:
        return sympy_within(seconds, compared)
    except OutOfTimeError:
        progress = f" after {len(done)} of {len(variables)} variables" if len(variables) > 1 else ""
        return Witness(NAME, Verdict.UNDECIDED, f"it ran out of time{progress}")
    except Exception as error:
        return without_answer(error)


def without_answer(error: Exception) -> Witness:
    """Return why SymPy reached no verdict.

    Raises:
        Exception: `error` itself, if it is a fault of ours.
    """
    if isinstance(error, OutOfTimeError):
        reason = "it ran out of time"
    elif isinstance(error, HugeNumberError):
        reason = "the numbers are too large for SymPy"
    elif isinstance(error, CannotError):
        reason = str(error)
    elif beyond_sympy(error):
        reason = f"SymPy failed with {type(error).__name__}"
    else:
        raise error
    return Witness(NAME, Verdict.UNDECIDED, reason)


def translated(bridge: Bridge, node: Node, variables: Sequence[str]) -> Any:
    """Return a node as a SymPy expression; CannotError if SymPy lacks a function that depends on a variable."""
    found = bridge.to(node)
    for opaque in bridge.kept.values():
        if set(symbols([opaque])) & set(variables):
            row = FUNCTIONS.get(opaque.op)
            raise CannotError(f"SymPy has no {row.written if row is not None else opaque.op}()")
    # The value of a comparison is 1 or 0.
    return (
        bridge.sympy.Piecewise((1, found), (0, True))
        if isinstance(found, bridge.sympy.logic.boolalg.Boolean)
        else found
    )


def sympy_derivative(bridge: Bridge, function: Any, name: str) -> Any:
    """Return SymPy's own derivative."""
    s = bridge.sympy
    found = s.diff(function, bridge.symbol(name))
    if found.has(s.Derivative, s.Subs, s.DiracDelta, s.nan, s.zoo):
        raise CannotError("SymPy finds no formula for the derivative")
    return found


def assumptions(bridge: Bridge, graph: Graph, output: Node) -> list[Any]:
    """Return the conditions under which the functions in an expression have values."""
    found = []
    for node in reachable([output]):
        condition = validity(graph, node)
        if condition is not None:
            found.append(bridge.truth(bridge.to(condition)))
    return found


def is_zero(s: Any, difference: Any, assumed: Sequence[Any] = ()) -> bool:
    """Whether a difference simplifies to 0; fast methods first."""
    if difference == 0 or s.expand(difference) == 0:
        return True
    if difference.is_rational_function() and s.cancel(s.together(difference)) == 0:
        return True
    if has_high_powers(s, difference):
        raise CannotError(f"SymPy cannot simplify powers above {HIGHEST_POWER}, or of huge numbers, in bounded time")
    # Cases are split before simplifying, as SymPy takes long to simplify an expression with many cases.
    if difference.has(*folded(s)) and is_zero_for_each_sign(s, difference, assumed):
        return True
    return bool(simplified(s, difference) == 0)


def has_high_powers(s: Any, expression: Any) -> bool:
    """Return whether an expression has powers whose factorization takes seconds, without a step at which it could be interrupted.

    SymPy factors exp(12345*x) + 1 as a polynomial of degree 12345.
    """
    for power in expression.atoms(s.Pow, s.exp):
        base, exponent = power.as_base_exp()
        count, _ = exponent.as_coeff_Mul()
        if abs(count) > HIGHEST_POWER or (base.is_Integer and abs(base) > LARGEST_BASE):
            return True
    return False


def folded(s: Any) -> tuple[Any, ...]:
    """Return SymPy's functions with a kink where an argument changes its sign."""
    return s.Abs, s.sign, s.Heaviside, s.Max, s.Min, s.Piecewise


def is_zero_for_each_sign(s: Any, difference: Any, assumed: Sequence[Any]) -> bool:
    """Whether a difference is 0 for all signs of its variables; at 0 itself the trial compares values."""
    symbols = sorted(difference.free_symbols, key=lambda symbol: str(symbol.name))
    if len(symbols) > SIGNS:
        return False
    positive = [s.Dummy(positive=True) for _ in symbols]
    closer_look = 0
    for signs in product((1, -1), repeat=len(symbols)):
        signed = {x: sign * p for x, sign, p in zip(symbols, signs, positive, strict=True)}
        if any(decided(s, condition.subs(signed)) == s.false for condition in assumed):
            continue
        closer_look += 1
        if any(s.simplify(case) != 0 for case in cases(s, difference.subs(signed))):
            return False
    return closer_look > 0


def cases(s: Any, expression: Any) -> list[Any]:
    """Return expressions of which one is the value of `expression`, except at isolated points."""
    parted = s.piecewise_fold(expression) if expression.has(s.Piecewise) else expression
    if not isinstance(parted, s.Piecewise):
        return [parted]
    found, rest = [], s.true
    for value, condition in parted.args:
        if decided(s, s.And(condition, rest)) != s.false:
            found.append(value)
        rest = s.And(rest, s.Not(condition))
    return found


def decided(s: Any, condition: Any) -> Any:
    """Return a condition with its decidable comparisons replaced; false if it holds at isolated points only."""

    def strict(comparison: Any) -> Any:
        gap = s.together(comparison.lhs - comparison.rhs)
        if gap.is_positive or gap.is_negative:
            return s.true if comparison.func(1 if gap.is_positive else -1, 0) else s.false
        kind = {s.Ge: s.Gt, s.Le: s.Lt}.get(comparison.func, comparison.func)
        return kind(comparison.lhs, comparison.rhs)

    found = s.to_nnf(condition, simplify=False).replace(lambda e: e.is_Relational, strict)
    return found if found in (s.true, s.false) else s.simplify(found)


def at_the_counterexample(
    bridge: Bridge, function: Any, claim: Node, variables: Sequence[str], counterexample: Counterexample
) -> Witness:
    """Return whether SymPy confirms that the claim fails at a point."""
    s = bridge.sympy
    point = {bridge.symbol(name): s.Rational(value) for name, value in counterexample.point.items()}
    true, claimed = (
        value.subs(point).evalf(DIGITS)
        for value in (
            sympy_derivative(bridge, function, variables[counterexample.position]),
            translated(bridge, claim, variables),
        )
    )
    if not (true.is_number and true.is_finite and true.is_real):
        raise CannotError("SymPy finds no value of the derivative there")
    finding = f"SymPy's derivative is {number(float(true), counterexample.claimed)} there"
    if not (claimed.is_number and claimed.is_finite and claimed.is_real):
        return Witness(NAME, Verdict.REFUTED, f"{finding}, and the claim has no value")
    if abs(true - claimed) > 1e-9 * max(abs(true), abs(claimed)):
        return Witness(NAME, Verdict.REFUTED, f"{finding}, and the claim is {number(float(claimed), float(true))}")
    return Witness(NAME, Verdict.UNDECIDED, f"{finding}, equal to the claim")
