"""Power-series arithmetic on the graph: the Taylor coefficients of a function of one variable at a point.

Every node gets a series, found coefficient by coefficient. A function y = g(u) of the table needs only its
derivative as an expression, D = g'(u): from y' = D u' follows k y_k = Σ_{j=1..k} j u_j D_{k-j} (Griewank &
Walther, Evaluating Derivatives, 2nd ed., §13.2), and D needs y only up to k-1.
"""

import math
from collections.abc import Mapping

from secantd.calculus.forward import STEPS
from secantd.calculus.rules import partial
from secantd.errors import CalculusError, Reason
from secantd.expression import REDUCTIONS, Graph, Node, algebra, reachable
from secantd.functions import FUNCTIONS
from secantd.program import operations

__all__ = ["coefficients"]

# Functions that are constant between their jumps.
JUMPS = frozenset({"sign", "floor", "ceiling", "trunc", "round", "%/%"})


def coefficients(graph: Graph, output: Node, variable: str, at: Mapping[str, float], order: int) -> list[float]:
    """Return f⁽ᵏ⁾(x₀)/k! for k from 0 to `order`.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where f has no expansion there: a pole, a kink, the end of its
            domain.

    >>> g = Graph()
    >>> coefficients(g, g.make("exp", g.symbol("x")), "x", {"x": 0.0}, 3)
    [1.0, 1.0, 0.5, 0.16666666666666666]
    """
    return Jets(graph, variable, at, order).of(output)


class Jets:
    """The series of the nodes that one expansion needs."""

    def __init__(self, graph: Graph, variable: str, at: Mapping[str, float], order: int) -> None:
        self.graph = graph
        self.variable = variable
        self.at = at
        self.order = order
        self.series: dict[int, list[float]] = {}
        self.slopes: dict[int, list[tuple[Node, Node]]] = {}
        self.products: dict[int, list[list[float]]] = {}
        self.moving: set[int] = set()

    def of(self, output: Node) -> list[float]:
        output = self.with_whole_powers(output)
        nodes = self.closure(output)
        for node in nodes:
            self.series[node.index] = []
        for k in range(self.order + 1):
            for node in nodes:
                series = self.series[node.index]
                if node.index in self.moving:
                    series.append(self.constant_term(node) if k == 0 else self.coefficient(node, k))
                else:
                    series.append(self.constant_term(node) if k == 0 else 0.0)
        found = self.series[output.index]
        if not all(map(math.isfinite, found)):
            k = next(i for i, c in enumerate(found) if not math.isfinite(c))
            what = "f is not defined there" if k == 0 else f"its derivative of order {k} does not exist there"
            raise self.undefined(what)
        return found

    def undefined(self, what: str) -> CalculusError:
        place = ", ".join(f"{n} = {v:g}" for n, v in self.at.items())
        return CalculusError(
            Reason.UNDEFINED_AT_POINT, f"f has no Taylor expansion at {place}: {what}", "take another point", field="at"
        )

    def with_whole_powers(self, output: Node) -> Node:
        """Return the same function with x^3 as products and u^v as exp(v log u), which have recurrences."""
        made: dict[int, Node] = {}
        graph = self.graph
        for node in reachable([output]):
            args = [made[a.index] for a in node.args]
            if (
                node.op == "pow"
                and args[1].op == "number"
                and args[1].value.is_integer()
                and abs(args[1].value) < 2**31
            ):
                made[node.index] = self.whole_power(args[0], int(args[1].value))
            elif node.op == "pow" and args[1].op != "number":
                made[node.index] = graph.make("exp", graph.make("mul", args[1], graph.make("log", args[0])))
            else:
                made[node.index] = graph.make(node.op, *args) if node.args else node
        return made[output.index]

    def whole_power(self, base: Node, exponent: int) -> Node:
        """Return base^exponent by squaring."""
        graph = self.graph
        result: Node | None = None
        square, left = base, abs(exponent)
        while left:
            if left & 1:
                result = square if result is None else graph.make("mul", result, square)
            left >>= 1
            if left:
                square = graph.make("mul", square, square)
        whole = result or graph.number(1.0)
        return whole if exponent >= 0 else algebra.div(graph, graph.number(1.0), whole)

    def closure(self, output: Node) -> list[Node]:
        """Return all nodes that the series need: those of f, and the derivatives of its functions.

        A derivative of a derivative is needed one order less far, so that of what the last round finds the
        values alone matter, and not its derivatives (psigamma leads to ever higher orders of itself).
        """
        held: dict[int, Node] = {}
        fresh = [output]
        for left in range(self.order, -1, -1):
            new = [n for n in reachable(fresh) if n.index not in held]
            held.update((n.index, n) for n in new)
            for n in new:
                if (n.op == "symbol" and n.name == self.variable) or any(a.index in self.moving for a in n.args):
                    self.moving.add(n.index)
            fresh = []
            for n in new:
                if left and n.op in FUNCTIONS and n.op not in JUMPS and n.index in self.moving:
                    pairs = [
                        (a, self.with_whole_powers(self.slope(n, i)))
                        for i, a in enumerate(n.args)
                        if a.index in self.moving
                    ]
                    self.slopes[n.index] = pairs
                    fresh += [d for _, d in pairs]
            if not fresh:
                break
        return [held[i] for i in sorted(held)]

    def slope(self, node: Node, position: int) -> Node:
        return partial(self.graph, node, position)

    # -- one coefficient ------------------------------------------------------------------------------------

    def constant_term(self, node: Node) -> float:
        """Return the value of a node at the point."""
        if node.op == "number":
            return node.value
        if node.op == "symbol":
            return self.at[node.name]
        args = [self.series[a.index][0] for a in node.args]
        if node.rows > 1 or node.op in REDUCTIONS or node.op == "data":
            raise CalculusError(
                Reason.INVALID_VALUE,
                "a Taylor polynomial of a sum over data is not available",
                "use Differentiate",
                field="expression",
            )
        if node.index in self.moving:
            self.refuse_kinks(node, args)
        if node.op == "mul":
            self.products[node.index] = [[] for _ in node.args[1:]]
            return self.multiply(node, 0)
        return float(operations.operation(node.op).careful(*args))

    def refuse_kinks(self, node: Node, args: list[float]) -> None:
        """Raise where a function jumps or bends at the point, so that left and right differ."""
        op = node.op
        if op in ("abs", "sign") and args[0] == 0.0:
            raise self.undefined("the absolute value of 0 is a kink")
        if op in ("floor", "ceiling", "trunc") and args[0] % 1.0 == 0.0:
            raise self.undefined(f"{op}() jumps there")
        if op in STEPS - {"&", "|", "!"} and args[0] == args[1]:
            raise self.undefined("two formulas meet there")
        if op in ("pmax", "pmin") and args[0] == args[1]:
            raise self.undefined("the larger and the smaller change places there")

    def coefficient(self, node: Node, k: int) -> float:
        op, args, series = node.op, node.args, self.series
        if op == "symbol":
            return 1.0 if k == 1 and node.name == self.variable else 0.0
        if op == "add":
            return math.fsum(series[a.index][k] for a in args)
        if op == "neg":
            return -series[args[0].index][k]
        if op == "mul":
            return self.multiply(node, k)
        if op == "div":
            above, below, own = series[args[0].index], series[args[1].index], series[node.index]
            return divide(above[k] - sum(below[j] * own[k - j] for j in range(1, k + 1)), below[0])
        if op == "pow":
            return self.power(node, k)
        if op == "ifelse":
            test = series[args[0].index][0]
            return series[args[1 if test else 2].index][k] if test == test else math.nan
        if op in STEPS or op in JUMPS:
            return 0.0
        total = 0.0
        for argument, slope in self.slopes.get(node.index, ()):
            u, d = series[argument.index], series[slope.index]
            total += sum(j * u[j] * d[k - j] for j in range(1, k + 1))
        return total / k

    def multiply(self, node: Node, k: int) -> float:
        """Return a coefficient of a product: the partial products are series of their own."""
        left = self.series[node.args[0].index]
        value = left[k]
        for factor, partial_product in zip(node.args[1:], self.products.get(node.index, ()), strict=False):
            right = self.series[factor.index]
            value = sum(left[j] * right[k - j] for j in range(k + 1))
            partial_product.append(value)
            left = partial_product
        return value

    def power(self, node: Node, k: int) -> float:
        """Return a coefficient of u^r, r a constant: k u₀ y_k = Σⱼ (r j - (k - j)) uⱼ y_{k-j}."""
        u, own = self.series[node.args[0].index], self.series[node.index]
        r = self.series[node.args[1].index][0]
        if u[0] == 0.0:
            return math.nan
        return sum((r * j - (k - j)) * u[j] * own[k - j] for j in range(1, k + 1)) / (k * u[0])


def divide(a: float, b: float) -> float:
    return a / b if b else math.nan
