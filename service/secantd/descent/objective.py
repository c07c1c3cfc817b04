"""The function of a descent: value, gradient and Hessian at a point, always as something to make smaller."""

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from secantd.calculus import reverse
from secantd.descent.bowl import Bowl, bowl
from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.language.function import Function
from secantd.program import Program, compile
from secantd.program.loop import Loop, Update

__all__ = ["ENTRIES", "Objective"]

Vector = NDArray[np.float64]

# Variables of a Hessian: n² numbers, n³ work for its eigenvalues.
DENSE = 300
# Operations of a Hessian that is only looked at, a tenth of a second.
WORTH = 50_000_000
# Variables of a Hessian whose entries are formulas; more are one product formula at n unit vectors.
ENTRIES = 8


class Objective:
    """f (or -f for an ascent) with its derivatives; descents in several threads may share it.

    Attributes:
        work: Operations of f and ∇f at one point, rows of data counted.
        dense: Whether the whole Hessian is worth a look.

    Args:
        function: One output, a number.
        variables: The order of a point.
        maximize: The sign is turned.

    Raises:
        CalculusError: INVALID_VALUE: a vector function; NOT_DIFFERENTIABLE; MISSING_PART.
    """

    def __init__(self, function: Function, variables: Sequence[str], maximize: bool) -> None:
        if len(function.outputs) != 1 or function.outputs[0].rows != 1:
            raise CalculusError(
                Reason.INVALID_VALUE,
                "only a function with one number as its value can be descended",
                "take the sum of squares of a vector, say",
                field="expression",
            )
        self.graph = function.graph
        self.variables = tuple(variables)
        self.sign = -1.0 if maximize else 1.0
        self.value_node: Node = function.outputs[0]
        # Derivatives are added to the graph, which one thread at a time may do.
        self._lock = function.lock
        with self._lock:
            self.gradient_nodes = reverse.gradient(self.graph, self.value_node, self.variables)
        self._first = self._compile([self.value_node, *self.gradient_nodes])
        self.work = sum(i.rows for i in self._first.tape.code)
        self.dense = len(self) <= DENSE and len(self) * self.work <= WORTH
        # Made when they are asked for.
        self._value: Program | None = None
        self._hessian: Program | None = None
        self._product: Program | None = None
        self._quadratic: bool | None = None
        self._constant: Vector | None = None
        self._bowl: Bowl | None = None
        self._loops: dict[Update, Loop] = {}

    def _compile(self, nodes: Sequence[Node], further: Sequence[str] = ()) -> Program:
        return compile(nodes, [*self.variables, *further], self.graph.columns)

    def __len__(self) -> int:
        return len(self.variables)

    def _hessian_program(self) -> Program:
        if self._hessian is None:
            with self._lock:
                rows = [
                    node
                    for i, partial in enumerate(self.gradient_nodes)
                    for node in reverse.gradient(self.graph, partial, self.variables[: i + 1])
                ]
            self._hessian = self._compile(rows)
        return self._hessian

    def _second(self) -> Program:
        """Return the program whose outputs are second derivatives."""
        return self._hessian_program() if len(self) <= ENTRIES else self._product_program()

    def _product_program(self) -> Program:
        """Return the program of H v as a function of (x, v): one more gradient, whatever n."""
        if self._product is None:
            # No name in a text begins with a blank.
            directions = [f" {v}" for v in self.variables]
            with self._lock:
                parts = [
                    self.graph.make("mul", g, self.graph.symbol(d))
                    for g, d in zip(self.gradient_nodes, directions, strict=True)
                ]
                slope = self.graph.make("add", *parts) if len(parts) > 1 else parts[0]
                products = reverse.gradient(self.graph, slope, self.variables)
            self._product = self._compile(products, directions)
        return self._product

    def value(self, x: Vector) -> float:
        """Return f at `x`."""
        if self._value is None:
            self._value = self._compile([self.value_node])
        return self.sign * self._value.point(x.tolist())[0]

    def first(self, x: Vector) -> tuple[float, Vector]:
        """Return f and ∇f at `x`."""
        f, *g = self._first.point(x.tolist())
        return self.sign * f, self.sign * np.array(g)

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian at `x`, shape (n, n), exactly symmetric."""
        n = len(self)
        if n > ENTRIES:
            units = list(np.eye(n))
            columns = [np.array([v]) for v in x.tolist()]
            rows = self._product_program().batch([*columns, *units])
            h = self.sign * np.array([np.broadcast_to(r, n) for r in rows])
            return (h + h.T) / 2.0
        if self.quadratic and self._constant is not None:
            return self._constant
        below = self._hessian_program().point(x.tolist())
        # The entry of row i and column j <= i is number i(i + 1)/2 + j.
        full = [[below[(a := max(i, j)) * (a + 1) // 2 + min(i, j)] for j in range(n)] for i in range(n)]
        h = self.sign * np.array(full)
        if self.quadratic:
            self._constant = h
        return h

    def product(self, x: Vector, v: Vector) -> Vector:
        """Return the Hessian at `x` times `v`."""
        return self.sign * np.array(self._product_program().point([*x.tolist(), *v.tolist()]))

    @property
    def quadratic(self) -> bool:
        """Whether the Hessian is the same everywhere, and worth a look."""
        if self._quadratic is None:
            self._quadratic = self.dense and not any(self._second().tape.uses[: len(self)])
        return self._quadratic

    @property
    def bowl(self) -> Bowl | None:
        """The Hessian where it is the same everywhere."""
        if self._bowl is None and self.quadratic:
            self._bowl = bowl(self.hessian(np.zeros(len(self))))
        return self._bowl

    def loop(self, update: Update) -> Loop:
        """Return the loop of `update`, one for all paths of a descent."""
        loop = self._loops.get(update)
        if loop is None:
            # Not a method: a cycle of references would be left to the garbage collector.
            gradient = partial(compile, self.gradient_nodes, self.variables, self.graph.columns)
            loop = self._loops[update] = Loop(self._first, gradient, update)
        return loop

    def norm(self, g: Vector) -> float:
        """Return |g|, without overflow."""
        return math.hypot(*g.tolist()) if len(g) < 8 else float(np.linalg.norm(g))
