"""The witness "sympy": SymPy takes the derivative itself and simplifies what it and the claim differ by."""

from collections.abc import Sequence
from importlib import import_module
from itertools import product
from typing import Any

from secantd.algebra.bridge import Bridge
from secantd.algebra.patience import OutOfTimeError, deadline
from secantd.check.claim.answers import Failure, Verdict, Witness, number
from secantd.check.claim.rows import written_out
from secantd.expression import Graph, Node, symbols

__all__ = ["by_sympy"]

NAME = "sympy"
# Digits to which SymPy computes both values at the point where the claim fails.
DIGITS = 30
# Variables whose signs are tried.
SIGNS = 3


class CannotError(Exception):
    """What SymPy has no word or no rule for."""


def by_sympy(
    graph: Graph,
    output: Node,
    claims: Sequence[Node],
    variables: Sequence[str],
    seconds: float,
    failure: Failure | None = None,
) -> Witness:
    """Return what SymPy says of a claim within so many seconds.

    Args:
        graph: Where all nodes live.
        output: The function.
        claims: The claim, one node for each variable.
        variables: By what.
        seconds: The time.
        failure: Where others found that the claim fails: there SymPy is asked for the values.

    >>> from secantd.language import read
    >>> f = read("sin(x)^2"); g = f.graph
    >>> claim = g.make("sin", g.make("mul", g.number(2), g.symbol("x")))
    >>> by_sympy(g, f.outputs[0], [claim], ["x"], 20.0).verdict.name
    'PROVED'
    """
    if not loaded():
        return Witness(NAME, Verdict.UNDECIDED, "not installed")
    done = 0
    try:
        with deadline(seconds):
            scalars = written_out(graph, [output, *claims])
            if scalars is None:
                raise CannotError("the formula, with its data, is too long for SymPy")
            bridge = Bridge(graph)
            function = translated(bridge, scalars[0], variables)
            if failure is not None:
                return at_the_failure(bridge, function, scalars[1 + failure.position], variables, failure)
            for claim, name in zip(scalars[1:], variables, strict=True):
                if not is_zero(bridge.sympy, derived(bridge, function, name) - translated(bridge, claim, variables)):
                    whose = f" by {name}" if len(variables) > 1 else ""
                    message = f"it could not simplify the difference from its own derivative{whose} to 0"
                    return Witness(NAME, Verdict.UNDECIDED, message)
                done += 1
    except OutOfTimeError:
        progress = f" after {done} of {len(variables)} variables" if len(variables) > 1 else ""
        return Witness(NAME, Verdict.UNDECIDED, f"its time ran out{progress}")
    except CannotError as error:
        return Witness(NAME, Verdict.UNDECIDED, str(error))
    except Exception as error:
        # SymPy raises whatever an algorithm of its meets that does not cover an expression.
        return Witness(NAME, Verdict.UNDECIDED, f"it gave up with a {type(error).__name__}")
    return Witness(NAME, Verdict.PROVED, "its own derivative minus the claim simplifies to 0")


def loaded() -> bool:
    """Load SymPy where it is not yet, and say whether it is there. An import that a deadline broke off would stay broken."""
    try:
        import_module("sympy")
    except ImportError:
        return False
    return True


def translated(bridge: Bridge, node: Node, variables: Sequence[str]) -> Any:
    """Return a node as SymPy has it; what stands for a function SymPy does not have must not hold a variable."""
    found = bridge.to(node)
    for opaque in bridge.kept.values():
        if set(symbols([opaque])) & set(variables):
            raise CannotError(f"it has no word for {opaque.op}()")
    return found


def derived(bridge: Bridge, function: Any, name: str) -> Any:
    """Return SymPy's own derivative."""
    s = bridge.sympy
    found = s.diff(function, bridge.symbol(name))
    if found.has(s.Derivative, s.Subs, s.DiracDelta, s.nan, s.zoo):
        raise CannotError("it finds no formula for the derivative")
    return found


def is_zero(s: Any, difference: Any) -> bool:
    """Whether a difference simplifies to 0; the quick ways first."""
    if difference == 0 or s.expand(difference) == 0:
        return True
    if difference.is_rational_function() and s.cancel(s.together(difference)) == 0:
        return True
    if s.simplify(difference) == 0:
        return True
    return difference.has(*folded(s)) and is_zero_for_each_sign(s, difference)


def folded(s: Any) -> tuple[Any, ...]:
    """Return what has its kink where something changes its sign."""
    return s.Abs, s.sign, s.Heaviside, s.Max, s.Min, s.Piecewise


def is_zero_for_each_sign(s: Any, difference: Any) -> bool:
    """Whether it is 0 where variables are above 0 and where they are below; at 0 itself values are compared."""
    symbols = sorted(difference.free_symbols, key=lambda symbol: str(symbol.name))
    if len(symbols) > SIGNS:
        return False
    positive = [s.Dummy(positive=True) for _ in symbols]
    for signs in product((1, -1), repeat=len(symbols)):
        part = difference.subs({x: sign * p for x, sign, p in zip(symbols, signs, positive, strict=True)})
        if s.simplify(part) != 0:
            return False
    return True


def at_the_failure(bridge: Bridge, function: Any, claim: Node, variables: Sequence[str], failure: Failure) -> Witness:
    """Return whether SymPy, too, finds two values where the claim fails."""
    s = bridge.sympy
    point = {bridge.symbol(name): s.Rational(value) for name, value in failure.point.items()}
    true, claimed = (
        value.subs(point).evalf(DIGITS)
        for value in (derived(bridge, function, variables[failure.position]), translated(bridge, claim, variables))
    )
    if not (true.is_number and true.is_finite and true.is_real):
        raise CannotError("it finds no value of the derivative there")
    said = f"its own derivative is {number(float(true), failure.claimed)} there"
    if not (claimed.is_number and claimed.is_finite and claimed.is_real):
        return Witness(NAME, Verdict.REFUTED, f"{said}, and the claim has no value")
    if abs(true - claimed) > 1e-9 * max(abs(true), abs(claimed)):
        return Witness(NAME, Verdict.REFUTED, f"{said}, the claim {number(float(claimed), float(true))}")
    return Witness(NAME, Verdict.UNDECIDED, f"{said}, as the claim is")
