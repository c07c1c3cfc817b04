"""Taylor coefficients and partial derivatives at a point as exact constants: 1/6, exp(1)/2, sqrt(2)/4.

The recurrences are those of `jets`, with constants in place of numbers. Numbers decide what constants cannot: the side of a
choice, and whether a result is right; a constant that differs from the number is not used.
"""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from secantd.calculus.exactnumbers import Exact, ExactNumbers, NotExactError
from secantd.calculus.forward import STEPS
from secantd.calculus.jets import JUMPS, Jets
from secantd.expression import REDUCTIONS, Graph, Node, reachable
from secantd.interrupt import paced
from secantd.program.operations import operation

__all__ = ["ExactPoint", "constant_at", "exact_coefficients", "exact_point", "same"]

# The relative difference of a constant from its number, in units of the largest of its products.
SAME: Final = 1e-9
# The multiples of pi that a coordinate may be: denominators, and the largest numerator.
PARTS: Final = (1, 2, 3, 4, 6, 8, 12)
TURNS: Final = 48
# The most nodes that exact series are computed for.
MOST: Final = 400
# The most coefficients of exact series.
ORDER: Final = 30


class ExactPoint:
    """A point whose coordinates are exact constants.

    Attributes:
        numbers: The constants.
        at: The coordinate of each variable.
        multiples: The variables whose coordinates are multiples of pi.
    """

    def __init__(self, numbers: ExactNumbers, at: Mapping[str, Exact], multiples: Sequence[str]) -> None:
        self.numbers = numbers
        self.at = at
        self.multiples = multiples


def exact_point(
    graph: Graph, outputs: Sequence[Node], at: Mapping[str, float], *, everywhere: bool
) -> ExactPoint | None:
    """Return a point in exact numbers; None where a coordinate is a decimal, unless that is wanted.

    Args:
        graph: The graph of the function.
        outputs: Its outputs; if they have decimals, fractions are written as decimals.
        at: The coordinates. A double that is a multiple of pi, such as pi/2, is this multiple.
        everywhere: Whether decimals are points, too.
    """
    decimals = any(n.op == "number" and not n.value.is_integer() for n in reachable(outputs))
    numbers = ExactNumbers(graph, decimals)
    found: dict[str, Exact] = {}
    multiples = []
    for name, x in at.items():
        part = multiple_of_pi(x)
        if part is not None:
            found[name] = numbers.scale(numbers.pi(), part)
            multiples.append(name)
        elif x.is_integer():
            found[name] = numbers.number(x)
        elif not math.isfinite(x) or not everywhere:
            return None
        else:
            numbers.decimals = True
            found[name] = numbers.number(x)
    return ExactPoint(numbers, found, multiples)


def multiple_of_pi(x: float) -> Fraction | None:
    """Return the multiple of pi that a double is the nearest one to, None if it is none.

    >>> multiple_of_pi(1.5707963267948966), multiple_of_pi(1.5708)
    (Fraction(1, 2), None)
    """
    if not x or x.is_integer() or not abs(x) < TURNS * math.pi:
        return None
    for below in PARTS:
        above = round(x * below / math.pi)
        if above and x in (above * math.pi / below, above * (math.pi / below), above / below * math.pi):
            return Fraction(above, below)
    return None


def same(numbers: ExactNumbers, constant: Exact, value: float, scale: float) -> bool:
    """Whether a constant has a value, up to rounding errors of numbers of a size."""
    try:
        size = max([abs(value), *map(abs, numbers.parts(constant))]) if constant else scale
        return abs(numbers.value(constant) - value) <= SAME * size
    except NotExactError:
        return False


def exact_coefficients(
    graph: Graph, output: Node, variable: str, at: Mapping[str, float], point: ExactPoint, values: Sequence[float]
) -> list[Exact | None]:
    """Return the coefficients of a power series as constants, None for those that have no exact form.

    Args:
        graph: The graph of `output`, to which nodes are added.
        output: f.
        variable: The variable x.
        at: The point in numbers, at which f has a power series.
        point: The same point in exact numbers.
        values: The coefficients in numbers.
    """
    jets = Jets(graph, variable, at, min(len(values) - 1, ORDER))
    output = jets.with_whole_powers(output)
    found: list[Exact | None] = [None] * len(values)
    nodes = jets.constant_terms(output)
    if len(nodes) > MOST:
        return found
    series = ExactSeries(jets, point)
    scale = max(map(abs, values))
    try:
        for k in range(jets.order + 1):
            for node in paced(nodes):
                series.extend(node, k)
            constant = series.of[output.index][k]
            found[k] = constant if same(point.numbers, constant, values[k], scale) else None
    except NotExactError:
        pass
    return found


def constant_at(
    graph: Graph, node: Node, at: Mapping[str, float], point: ExactPoint, value: float, scale: float
) -> Exact | None:
    """Return the value of an expression at a point as a constant, None if it has no exact form.

    Args:
        graph: The graph of the expression.
        node: The expression.
        at: The point in numbers.
        point: The same point in exact numbers.
        value: The value in floating point.
        scale: The size of numbers whose rounding errors the value has.
    """
    nodes = reachable([node])
    if len(nodes) > MOST or any(n.rows > 1 or n.op in REDUCTIONS or n.op == "data" for n in nodes):
        return None
    jets = Jets(graph, "", at, 0)
    series = ExactSeries(jets, point)
    try:
        for n in nodes:
            jets.series[n.index] = [number_of(jets, n)]
            series.extend(n, 0)
        constant = series.of[node.index][0]
    except (NotExactError, KeyError):
        return None
    return constant if same(point.numbers, constant, value, scale) else None


def number_of(jets: Jets, node: Node) -> float:
    if node.op == "number":
        return node.value
    if node.op == "symbol":
        return jets.at[node.name]
    return float(
        operation("log_base" if node.op == "log" and len(node.args) == 2 else node.op).careful(
            *[jets.series[a.index][0] for a in node.args]
        )
    )


class ExactSeries:
    """The exact series of the nodes of an expression.

    Args:
        jets: The series in numbers.
        point: The point.

    Attributes:
        of: The series of each node, by its index.
    """

    def __init__(self, jets: Jets, point: ExactPoint) -> None:
        self.jets = jets
        self.point = point
        self.numbers = point.numbers
        self.of: dict[int, list[Exact]] = {}

    def extend(self, node: Node, k: int) -> None:
        """Compute one more coefficient of a node."""
        found = self.constant(node) if k == 0 else self.coefficient(node, k) if node.index in self.jets.moving else {}
        self.of.setdefault(node.index, []).append(found)

    def constant(self, node: Node) -> Exact:
        op, numbers = node.op, self.numbers
        if op == "number":
            return numbers.number(node.value)
        if op == "symbol":
            return self.point.at[node.name]
        if op == "pi":
            return numbers.pi()
        args = [self.of[a.index][0] for a in node.args]
        if op == "add":
            return numbers.add(args)
        if op == "neg":
            return numbers.scale(args[0], Fraction(-1))
        if op == "mul":
            return self.multiply(node, 0)
        if op == "div":
            return numbers.div(args[0], args[1])
        if op == "pow":
            return self.power_of(args[0], args[1])
        values = self.jets.series
        if op == "ifelse":
            test = values[node.args[0].index][0]
            return args[1 if test else 2]
        return numbers.call("log_base" if op == "log" and len(args) == 2 else op, args, values[node.index][0])

    def power_of(self, base: Exact, exponent: Exact) -> Exact:
        numbers = self.numbers
        r = numbers.rational_of(exponent)
        if r is not None:
            return numbers.power(base, r)
        return numbers.exponential(numbers.mul(exponent, numbers.logarithm(base)))

    def multiply(self, node: Node, k: int) -> Exact:
        """Return a coefficient of a product."""
        numbers = self.numbers
        left = self.of[node.args[0].index][: k + 1]
        for factor in node.args[1:]:
            right = self.of[factor.index]
            left = [numbers.add([numbers.mul(left[j], right[i - j]) for j in range(i + 1)]) for i in range(k + 1)]
        return left[k]

    def coefficient(self, node: Node, k: int) -> Exact:
        op, args, of, numbers = node.op, node.args, self.of, self.numbers
        if op == "symbol":
            return numbers.rational(Fraction(k == 1 and node.name == self.jets.variable))
        if op == "add":
            return numbers.add([of[a.index][k] for a in args])
        if op == "neg":
            return numbers.scale(of[args[0].index][k], Fraction(-1))
        if op == "mul":
            return self.multiply(node, k)
        if op == "div":
            above, below, own = of[args[0].index], of[args[1].index], of[node.index]
            known = numbers.add([numbers.mul(below[j], own[k - j]) for j in range(1, k + 1)])
            return numbers.div(numbers.add([above[k], numbers.scale(known, Fraction(-1))]), below[0])
        if op == "pow":
            return self.power(node, k)
        if op == "ifelse":
            test = self.jets.series[args[0].index][0]
            return of[args[1 if test else 2].index][k]
        if op in STEPS or op in JUMPS:
            return {}
        total: Exact = {}
        for argument, slope in self.jets.slopes.get(node.index, ()):
            u, d = of[argument.index], of[slope.index]
            parts = [numbers.scale(numbers.mul(u[j], d[k - j]), Fraction(j, k)) for j in range(1, k + 1)]
            total = numbers.add([total, *parts])
        return total

    def power(self, node: Node, k: int) -> Exact:
        """Return a coefficient of u^r, r a constant: k u₀ y_k = Σⱼ (r j - (k - j)) uⱼ y_{k-j}."""
        numbers = self.numbers
        u, own = self.of[node.args[0].index], self.of[node.index]
        r = numbers.rational_of(self.of[node.args[1].index][0])
        if r is None:
            raise NotExactError
        parts = [numbers.scale(numbers.mul(u[j], own[k - j]), (r * j - (k - j)) / k) for j in range(1, k + 1)]
        return numbers.div(numbers.add(parts), u[0])
