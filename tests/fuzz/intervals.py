"""Intervals that contain the values of formulas, and how far rounding moves them: mpmath's interval arithmetic.

An interval never loses a value: where terms cancel it is wide, and more digits are taken until it is narrow. The service computes
hard points in intervals too, but with arithmetic of its own, and other formulas: here it is the author's text that is computed. `Reference.lost` is the error that arithmetic in doubles may make.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mpmath
from secantd.expression import Node, reachable
from secantd.program import compile as compile_program

__all__ = ["PRECISIONS", "Reference", "UnsupportedError"]

# Digits: 1 - 1/(1 + exp(-x)) needs x/2.3 of them.
PRECISIONS = (60, 400, 1500)
# The relative width of an interval that is one number for doubles.
NARROW = 1e-20
# 2^-53, the rounding error of one operation.
ROUNDING = 2.0**-53
# The relative change of a number from which its effect on others is found.
CHANGE = -30

iv = mpmath.iv
mp = mpmath.mp.clone()


class UnsupportedError(Exception):
    """An operation without intervals."""


# mpmath needs as many digits as the exponent has.
LARGEST = 10**60


class NoValueError(Exception):
    """A formula has no real value, or is infinite, or the digits do not suffice to see whether."""


def log(a: Any) -> Any:
    if a.a <= 0:
        raise NoValueError
    return iv.log(a)


def exp(a: Any) -> Any:
    if max(abs(a.a), abs(a.b)) > LARGEST:
        raise UnsupportedError("the exponent of an exponential is too large")
    # mpmath 1.3 has exactly 1 + a for a small a that is a power of 2, at both ends.
    unit = iv.mpf(2) ** (4 - iv.prec)
    return iv.exp(a) * iv.mpf([1 - unit, 1 + unit])


def divide(a: Any, b: Any) -> Any:
    if b.a <= 0 <= b.b:
        raise NoValueError
    return a / b


def power(a: Any, b: Any) -> Any:
    if b.a == b.b and b.a == int(b.a) and abs(b.a) < 1000:
        return a ** int(b.a) if b.a >= 0 else divide(iv.mpf(1), a ** -int(b.a))
    if b.a == b.b == iv.mpf(0.5):
        return square_root(a)
    if a.a == a.b == 0 and b.a > 0:
        return iv.mpf(0)
    return exp(b * log(a))


def square_root(a: Any) -> Any:
    if a.a < 0:
        raise NoValueError
    return iv.sqrt(a)


def absolute(a: Any) -> Any:
    return a if a.a >= 0 else -a if a.b <= 0 else iv.mpf([0, max(-a.a, a.b)])


def sign(a: Any) -> Any:
    if a.a > 0 or a.b < 0 or a.a == a.b:
        return iv.mpf(1 if a.a > 0 else -1 if a.b < 0 else 0)
    raise NoValueError


def larger(*args: Any) -> Any:
    return iv.mpf([max(a.a for a in args), max(a.b for a in args)])


def less(a: Any, b: Any) -> Any:
    if a.b < b.a or a.a >= b.b:
        return iv.mpf(1 if a.b < b.a else 0)
    raise NoValueError


def at_most(a: Any, b: Any) -> Any:
    if a.b <= b.a or a.a > b.b:
        return iv.mpf(1 if a.b <= b.a else 0)
    raise NoValueError


def total(*args: Any) -> Any:
    found = args[0]
    for a in args[1:]:
        found += a
    return found


def product(*args: Any) -> Any:
    found = args[0]
    for a in args[1:]:
        found *= a
    return found


def logistic(a: Any) -> Any:
    return 1 / (1 + exp(-a))


OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": total, "mul": product, "neg": lambda a: -a, "div": divide, "pow": power, "sqrt": square_root,
    "exp": lambda a: exp(a), "expm1": lambda a: exp(a) - 1, "log": lambda a: log(a), "log1p": lambda a: log(1 + a),
    "log2": lambda a: log(a) / log(iv.mpf(2)), "log10": lambda a: log(a) / log(iv.mpf(10)),
    "log_base": lambda a, b: divide(log(a), log(b)), "cosh": lambda a: (exp(a) + exp(-a)) / 2,
    "sinh": lambda a: (exp(a) - exp(-a)) / 2, "tanh": lambda a: 1 - 2 / (1 + exp(2 * a)), "expit": logistic,
    "softplus": lambda a: log(1 + exp(a)), "abs": absolute, "sign": sign, "pmax": larger,
    "pmin": lambda *args: -larger(*[-a for a in args]), "<": less, "<=": at_most, ">": lambda a, b: less(b, a),
    ">=": lambda a, b: at_most(b, a), "==": lambda a, b: at_most(a, b) * at_most(b, a),
    "!=": lambda a, b: 1 - at_most(a, b) * at_most(b, a),
}  # fmt: skip


class Reference:
    """The values of nodes at a point.

    Args:
        nodes: The nodes, of numbers.
        at: The value of each variable, a double.

    Raises:
        UnsupportedError: An operation has no intervals.
    """

    def __init__(self, nodes: Sequence[Node], at: Mapping[str, float]) -> None:
        self._nodes = nodes
        self._at = at
        self._parts = reachable(nodes)
        unknown = {n.op for n in self._parts if n.args} - OPERATIONS.keys() - {"ifelse"}
        if unknown:
            raise UnsupportedError(min(unknown))
        self._digits = 0
        self._found: dict[int, Any] = {}
        self._refine(PRECISIONS[0])

    def _refine(self, digits: int) -> None:
        self._digits = iv.dps = mp.dps = digits
        found: dict[int, Any] = {}
        for part in self._parts:
            if part.op == "number":
                found[part.index] = iv.mpf(part.value) if abs(part.value) < float("inf") else None
            elif part.op == "symbol":
                found[part.index] = iv.mpf(self._at[part.name])
            elif part.op == "pi":
                found[part.index] = +iv.pi
            else:
                found[part.index] = computed(part.op, [found[a.index] for a in part.args])
        self._found = found

    def value(self, k: int) -> Any:
        """Return the value of a node, a number of mpmath; None where it has none, or none is found with the most digits."""
        for digits in PRECISIONS:
            if digits > self._digits:
                self._refine(digits)
            got = self._found[self._nodes[k].index]
            if got is None:
                continue
            low, high = (mp.make_mpf(end._mpi_[0]) for end in (got.a, got.b))
            middle = (low + high) / 2
            if high - low <= abs(middle) * mp.mpf(NARROW) or max(abs(low), abs(high)) < mp.mpf("1e-330"):
                return middle
        return None

    def in_doubles(self, k: int) -> float:
        """Return the value of a node as it is written, in doubles."""
        program = compile_program([self._nodes[k]], tuple(self._at))
        return program.doubles(list(self._at.values()))[0]

    def lost(self, k: int) -> tuple[Any, Any]:
        """Return the error of a node that its variables make if each is rounded, and that all operations of its formula make."""
        mp.dps = iv.dps = self._digits
        effects: dict[int, Any] = {self._nodes[k].index: abs(self._middle(self._nodes[k].index))}
        slopes: dict[int, Any] = {self._nodes[k].index: mp.one}
        given = every = mp.zero
        for part in reversed(reachable([self._nodes[k]])):
            slope = slopes.get(part.index)
            if not slope or part.op == "number":
                continue
            here = abs(slope * self._middle(part.index))
            if part.op == "symbol":
                given += here
            every += here
            for i, a in enumerate(part.args):
                change = self._change(part, i)
                slopes[a.index] = slopes.get(a.index, mp.zero) + slope * change
        own = effects[self._nodes[k].index]
        return (own + given) * ROUNDING, every * ROUNDING

    def _middle(self, index: int) -> Any:
        got = self._found[index]
        return mp.zero if got is None else mp.make_mpf(got.mid._mpi_[0])

    def _change(self, part: Node, i: int) -> Any:
        """Return the derivative of an operation with respect to an argument."""
        args = [self._found[a.index] for a in part.args]
        if any(a is None for a in args):
            return mp.zero
        h = (iv.mpf(1) if args[i].mid == 0 else abs(args[i].mid)) * iv.mpf(10) ** CHANGE
        ends = []
        for moved in (h, iv.mpf(0)):
            got = computed(part.op, [(a.mid + moved if j == i else a.mid) for j, a in enumerate(args)])
            if got is None:
                return mp.zero
            ends.append(got.mid)
        return mp.make_mpf(((ends[0] - ends[1]) / h).mid._mpi_[0])


def computed(op: str, args: Sequence[Any]) -> Any:
    """Return an interval, None where there is none."""
    if op == "ifelse":
        test, yes, no = args
        return None if test is None else no if test.a == test.b == 0 else yes if not test.a <= 0 <= test.b else None
    if any(a is None for a in args):
        return None
    try:
        found = OPERATIONS[op](*args)
    except NoValueError:
        return None
    return found if abs(found).b < iv.inf else None
