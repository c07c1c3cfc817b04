"""The objective of a descent whose variables are numbers."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from secantd.calculus import reverse
from secantd.calculus.numbers import partials
from secantd.descent.objective import DENSE, ENTRIES, WORTH, Flags, Objective, Vector, dependent, is_smooth
from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.language.function import Function
from secantd.program import Program, compile
from secantd.program.loop import Loop
from secantd.program.searchloop import BacktrackLoop
from secantd.program.update import Update

__all__ = ["ScalarObjective"]


class ScalarObjective(Objective):
    """A function of numbers, whose loops are compiled.

    Args:
        function: A function with one scalar output.
        variables: The n variables, in the order of a point.
        maximize: Whether to minimize -f.

    Raises:
        CalculusError: INVALID_VALUE: a vector function; NOT_DIFFERENTIABLE; MISSING_PART.
    """

    def __init__(self, function: Function, variables: Sequence[str], maximize: bool) -> None:
        if len(function.outputs) != 1 or function.outputs[0].rows != 1:
            raise CalculusError(
                Reason.INVALID_VALUE,
                "only a function whose value is one number can be minimized or maximized",
                "reduce it, for example to a sum of squares",
                field="expression",
            )
        super().__init__(variables, maximize)
        self.graph = function.graph
        # Derivatives are added to the graph, which one thread at a time may do.
        self._lock = function.lock
        value_node, *gradient = partials(function, 1, self.variables)
        self.value_node: Node = value_node
        self.gradient_nodes = tuple(gradient)
        self._first = self._compile([self.value_node, *self.gradient_nodes])
        self.work = sum(i.rows for i in self._first.tape.code)
        self.has_data = bool(function.graph.columns)
        self.dense = len(self) <= DENSE and len(self) * self.work <= WORTH
        # Made when first needed.
        self._hessian: Program | None = None
        self._product: Program | None = None
        self._quadratic: bool | None = None
        self._constant: Vector | None = None
        self._loops: dict[Update, Loop] = {}
        self._backtracking: BacktrackLoop | None = None

    def _compile(self, nodes: Sequence[Node], further: Sequence[str] = ()) -> Program:
        return compile(nodes, [*self.variables, *further], self.graph.columns)

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
        """Return the program of second derivatives: entries of the Hessian or products with it."""
        return self._hessian_program() if len(self) <= ENTRIES else self._product_program()

    def _product_program(self) -> Program:
        """Return the program of H v as a function of (x, v), at the cost of one more gradient for any n."""
        if self._product is None:
            # Names in texts do not begin with a blank, so these are unused.
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

    def first(self, x: Vector) -> tuple[float, Vector]:
        """Return f and ∇f at `x`."""
        f, *g = self._first.point(x.tolist())
        return self.sign * f, self.sign * np.array(g)

    def far(self, x: Vector) -> tuple[float, Vector]:
        """Return f and ∇f at one of a hundred points far out: more digits of 500 rows take half a second a point."""
        if not self.has_data:
            return self.first(x)
        f, *g = self._first.doubles(x.tolist())
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
        """Whether the Hessian is constant, and computing it is worthwhile."""
        if self._quadratic is None:
            constant = self.dense and not any(self._second().tape.uses[: len(self)])
            self._quadratic = constant and is_smooth(self.value_node, self.variables)
        return self._quadratic

    def constant_partials(self) -> Flags:
        """Return which partial derivatives are the same number at all points, shape (n,)."""
        varies = dependent(self.gradient_nodes, self.variables)
        return np.array([node.index not in varies for node in self.gradient_nodes])

    def loop(self, update: Update) -> Loop:
        """Return the loop of `update`, one for all paths of a descent."""
        loop = self._loops.get(update)
        if loop is None:
            # Not a bound method, which would be a cycle of references for the garbage collector.
            gradient = partial(compile, self.gradient_nodes, self.variables, self.graph.columns)
            loop = self._loops[update] = Loop(self._first, gradient, update)
        return loop

    def backtracking(self) -> BacktrackLoop | None:
        """Return the compiled steps of steepest descent with backtracking, one for all paths of a descent."""
        if self._backtracking is None:
            self._backtracking = BacktrackLoop(self._first, self._compile([self.value_node]))
        return self._backtracking
