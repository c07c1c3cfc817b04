"""The objective of a descent whose variables are entries of vectors and matrices."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from secantd.calculus.arrays.answers import require_number
from secantd.calculus.arrays.derivatives import direction_of
from secantd.calculus.arrays.functions import bounded_depth, computed, constructors, gradient, variable_of
from secantd.calculus.arrays.gradient import reverse_gradient
from secantd.calculus.arrays.matrices import second_derivatives
from secantd.descent.entries import Entries
from secantd.descent.objective import DENSE, WORTH, Flags, Objective, Vector, dependent, is_smooth
from secantd.descent.vectorloop import VectorLoop
from secantd.errors import CalculusError
from secantd.expression import Node, symbols
from secantd.language.function import Function
from secantd.program import ShapedProgram, compile_shaped
from secantd.program.shaped.lengths import lengths_of
from secantd.program.shaped.work import operations
from secantd.program.update import Update, UpdateLoop

__all__ = ["ArrayObjective"]


class ArrayObjective(Objective):
    """A function of vectors and matrices: its derivatives are arrays, evaluated by NumPy and LAPACK.

    The direction of a symmetric matrix is symmetric. Along all others the Hessian is a multiple of the identity with the
    sign of the curvature, so that it is singular only where f is flat.

    Args:
        function: A function whose value is a number.
        entries: The variables and their entries.
        names: The names of the entries.
        maximize: Whether to minimize -f.
        memory: Bytes for all arrays that exist at once; 0: no limit.

    Raises:
        CalculusError: INVALID_VALUE: the value is no number, or a variable has the wrong shape; NOT_DIFFERENTIABLE;
            MISSING_PART.
    """

    def __init__(self, function: Function, entries: Entries, names: Sequence[str], maximize: bool, memory: int) -> None:
        super().__init__(names, maximize)
        self.function = function
        self.entries = entries
        self._memory = memory
        self._output: Node = computed(function, require_number(function))
        self._gradient: list[Node] = [gradient(function, self._output, name) for name in entries.shapes]
        nodes = [self._output, *self._gradient]
        self._first = self._compile(nodes, list(entries.shapes))
        self._lengths = self._conforming()
        self.work = operations(nodes, self._lengths)
        self.has_data = bool(function.graph.columns)
        self.dense = len(self) <= DENSE and len(self) * self.work <= WORTH
        # Made when first needed.
        self._blocks: ShapedProgram | None = None
        self._product: ShapedProgram | None = None
        self._directions: list[str] = []
        self._second: list[Node] | None = None
        self._whole = False
        self._quadratic: bool | None = None
        self._constant: Vector | None = None
        self._loops: dict[Update, UpdateLoop] = {}

    def _compile(self, nodes: Sequence[Node], names: Sequence[str]) -> ShapedProgram:
        with self.function.lock:
            return compile_shaped(self.function.graph, nodes, names, self._memory)

    def _conforming(self) -> dict[str, int]:
        """Return the lengths that the start determines; INVALID_VALUE where its shapes do not conform."""
        shapes = self.entries.shapes
        try:
            return lengths_of(self._first.shapes, shapes)
        except CalculusError as error:
            error.field = f"start[{list(shapes).index(error.metadata['variable'])}]"
            raise

    def first(self, x: Vector) -> tuple[float, Vector]:
        """Return f and ∇f at `x`."""
        f, g = value_and_gradient(self._first, self.entries, x)
        return self.sign * f, self.sign * g

    def shown(self, x: Vector) -> Vector:
        """Return the point at which f is evaluated for `x`, shape (n,)."""
        return self.entries.symmetric(x)

    def _second_nodes(self) -> list[Node]:
        """Return the blocks of the Hessian from the diagonal on, or its product with the directions.

        With respect to a matrix, and where a block is an array of rank 3 on the way, there are only products.
        """
        if self._second is None:
            names = list(self.entries.shapes)
            if all(len(shape) < 2 for shape in self.entries.shapes.values()):
                rows = second_derivatives(self.function, self._output, names)
                self._whole = all(block.direction is None for row in rows for block in row)
                self._second = [block.node for i, row in enumerate(rows) for block in row[i:]]
            if not self._whole:
                self._second = self._products()
        return self._second or []

    def _products(self) -> list[Node]:
        with self.function.lock, bounded_depth():
            form = constructors(self.function)
            variables = [variable_of(self.function, name) for name in self.entries.shapes]
            directions = [direction_of(form, variable) for variable in variables]
            self._directions = [direction.name for direction in directions]
            pairs = zip(self._gradient, directions, strict=True)
            slope = form.add(*[form.sum(form.mul(g, d)) if d.shape else form.mul(g, d) for g, d in pairs])
            return [reverse_gradient(form, slope, variable) for variable in variables]

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian at `x`, shape (n, n), exactly symmetric."""
        if self._constant is not None:
            return self._constant
        nodes = self._second_nodes()
        if self._whole:
            if self._blocks is None:
                self._blocks = self._compile(nodes, list(self.entries.shapes))
            h = self._assembled(self._blocks(self.entries.divided(x)))
        else:
            h = np.array([self.product(x, unit) for unit in np.eye(len(self))])
            h = self._across((h + h.T) / 2.0)
        if self.quadratic:
            self._constant = h
        return h

    def _assembled(self, blocks: Sequence[Any]) -> Vector:
        """Return the Hessian made of its blocks from the diagonal on, row by row."""
        ends = np.cumsum([0, *[int(np.prod(shape)) for shape in self.entries.shapes.values()]]).tolist()
        h = np.empty((len(self), len(self)))
        remaining = iter(blocks)
        for i in range(len(ends) - 1):
            for j in range(i, len(ends) - 1):
                rows, columns = slice(ends[i], ends[i + 1]), slice(ends[j], ends[j + 1])
                block = np.asarray(next(remaining), np.float64)
                h[rows, columns] = block.reshape(h[rows, columns].shape) if block.size > 1 else block
                h[columns, rows] = h[rows, columns].T
        return self.sign * (h + h.T) / 2.0

    def _across(self, h: Vector) -> Vector:
        """Return the Hessian with a curvature along directions that are not symmetric: the mean one of symmetric ones."""
        mirror = self.entries.mirror
        if mirror is None:
            return h
        moved = np.flatnonzero(mirror != np.arange(len(h)))
        if len(moved):
            mean = float(np.mean(np.diag(h)[moved]))
            h[moved, moved] += mean
            h[moved, mirror[moved]] -= mean
        return h

    def product(self, x: Vector, v: Vector) -> Vector:
        """Return the Hessian at `x` times `v`."""
        if self._product is None:
            nodes = self._products()
            self._product = self._compile(nodes, [*self.entries.shapes, *self._directions])
        changes = self.entries.divided(v).values()
        values = {**self.entries.divided(x), **dict(zip(self._directions, changes, strict=True))}
        return self.sign * self.entries.joined(self._product(values))

    def covariance(self, inverse: Vector) -> Vector:
        """Return the covariance of the variables, shape (n, n), that of symmetric matrices among those alone."""
        mirror = self.entries.mirror
        if mirror is None:
            return inverse
        half = (inverse + inverse[mirror]) / 2.0
        covariance: Vector = (half + half[:, mirror]) / 2.0
        return covariance

    @property
    def quadratic(self) -> bool:
        """Whether the Hessian is constant, and computing it is worthwhile."""
        if self._quadratic is None:
            names = self.entries.shapes
            constant = self.dense and not set(symbols(self._second_nodes())).intersection(names)
            self._quadratic = constant and is_smooth(self._output, names)
        return self._quadratic

    def constant_partials(self) -> Flags:
        """Return which partial derivatives are the same number at all points, shape (n,)."""
        sizes = [int(np.prod(shape)) for shape in self.entries.shapes.values()]
        varies = dependent(self._gradient, self.entries.shapes)
        return np.repeat([node.index not in varies for node in self._gradient], sizes)

    def loop(self, update: Update) -> UpdateLoop:
        """Return the loop of `update`, one for all paths of a descent."""
        loop = self._loops.get(update)
        if loop is None:
            # Not a bound method, which would be a cycle of references for the garbage collector.
            first = partial(value_and_gradient, self._first, self.entries)
            loop = self._loops[update] = VectorLoop(first, update)
        return loop


def value_and_gradient(program: ShapedProgram, entries: Entries, x: Vector) -> tuple[float, Vector]:
    """Return f and ∇f at a point, shape (n,), for the function as given, also for an ascent."""
    f, *parts = program(entries.divided(x))
    return float(f), entries.joined(parts)
