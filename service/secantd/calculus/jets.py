"""Power-series arithmetic on the graph: the Taylor coefficients of a function of one variable at a point.

Every node gets a series, computed coefficient by coefficient. A function y = g(u) of the table needs only its derivative as
an expression, D = g'(u): y' = D u' implies k y_k = Σ_{j=1..k} j u_j D_{k-j} (Griewank & Walther, Evaluating Derivatives,
2nd ed., §13.2), and D needs y only up to k-1.
"""

import math
from collections.abc import Mapping

from secantd.calculus.forward import STEPS
from secantd.calculus.rules import partial
from secantd.errors import CalculusError, Reason
from secantd.expression import REDUCTIONS, Graph, Node, algebra, reachable
from secantd.functions import FUNCTIONS
from secantd.functions.distributions import DISTRIBUTIONS
from secantd.program import operations

__all__ = ["coefficients", "require_smooth"]

# Functions that are constant between their jumps.
JUMPS = frozenset({"sign", "floor", "ceiling", "trunc", "round", "%/%"})

# Functions with a jump somewhere: at the end of a support, on the branch cut of an angle, between multiples.
BROKEN = JUMPS - {"sign"} | {"%%", "atan2"} | {row.name for row in DISTRIBUTIONS}
# Values at neighbouring doubles that differ by more than this, relative to their size, are apart.
APART = 1e-6
# Where values are smaller, neighbouring doubles are too coarse to compare them.
SMALLEST = 1e-300


def coefficients(graph: Graph, output: Node, variable: str, at: Mapping[str, float], order: int) -> list[float]:
    """Return f⁽ᵏ⁾(x₀)/k! for k from 0 to `order`.

    Args:
        graph: The graph of `output`, to which nodes are added.
        output: f.
        variable: The variable x.
        at: The value of each variable; that of x is x₀.
        order: The largest k.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where f has no expansion there: a pole, a kink, the end of its
            domain.

    >>> g = Graph()
    >>> coefficients(g, g.make("exp", g.symbol("x")), "x", {"x": 0.0}, 3)
    [1.0, 1.0, 0.5, 0.16666666666666666]
    """
    return Jets(graph, variable, at, order).of(output)


def require_smooth(graph: Graph, output: Node, variable: str, at: Mapping[str, float], order: int) -> None:
    """Raise where f jumps or bends along one variable; functions of data are not looked at.

    Args:
        graph: The graph of `output`.
        output: f.
        variable: The variable along which f is expanded.
        at: The values of all variables.
        order: The derivatives up to this order have to exist.

    Raises:
        CalculusError: UNDEFINED_AT_POINT.
    """
    if not any(n.rows > 1 or n.op in REDUCTIONS or n.op == "data" for n in reachable([output])):
        Jets(graph, variable, at, order).constant_terms(output)


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
        nodes = self.constant_terms(output)
        for k in range(1, self.order + 1):
            for node in nodes:
                self.series[node.index].append(self.coefficient(node, k) if node.index in self.moving else 0.0)
        found = self.series[output.index]
        if not all(map(math.isfinite, found)):
            k = next(i for i, c in enumerate(found) if not math.isfinite(c))
            what = "f is not defined there" if k == 0 else f"its derivative of order {k} does not exist there"
            raise self.undefined(what)
        return found

    def constant_terms(self, output: Node) -> list[Node]:
        """Return all nodes that the series need, and begin each series with the node's value."""
        nodes = self.closure(output)
        for node in nodes:
            self.series[node.index] = [self.constant_term(node)]
        return nodes

    def undefined(self, what: str) -> CalculusError:
        place = ", ".join(f"{n} = {v:g}" for n, v in self.at.items())
        return CalculusError(
            Reason.UNDEFINED_AT_POINT,
            f"f has no Taylor expansion at {place}: {what}",
            "choose another point",
            field="at",
        )

    def with_whole_powers(self, output: Node) -> Node:
        """Return the same function with x^3 as a product and u^v as exp(v log u), which have recurrences."""
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

        The series of a derivative is needed to one order less, so the nodes of the last round need no derivatives
        (those of psigamma would be psigamma of ever higher orders).
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
                "Taylor polynomials of sums over data are not supported",
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
        """Raise UNDEFINED_AT_POINT where a function has a jump or a kink at the point."""
        op = node.op
        if op in ("abs", "sign") and args[0] == 0.0:
            raise self.undefined("the absolute value has a kink at 0")
        if op in BROKEN and self.jumps(node, args):
            raise self.undefined(f"{FUNCTIONS[op].written}() jumps there")
        if op in STEPS - {"&", "|", "!"} and args[0] == args[1]:
            raise self.undefined("two branches of the formula meet there")
        if op in ("pmax", "pmin") and args[0] == args[1]:
            raise self.undefined("the larger argument changes there")

    def jumps(self, node: Node, args: list[float]) -> bool:
        """Whether a function has another value at a double beside one of its arguments."""
        careful = operations.operation(node.op).careful
        value = float(careful(*args))
        for i, a in enumerate(node.args):
            for end in (-math.inf, math.inf) if a.index in self.moving else ():
                beside = float(careful(*args[:i], math.nextafter(args[i], end), *args[i + 1 :]))
                # Beyond the end of a domain there is no number.
                if math.isfinite(value) and not abs(beside - value) <= APART * max(abs(value), abs(beside), SMALLEST):
                    return True
        return False

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
        """Return a coefficient of a product; the partial products have series of their own."""
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
