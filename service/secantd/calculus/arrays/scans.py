"""The differential and the adjoint of a recursion over rows: both are linear recursions.

With y[i] = step(y[i - 1], x[i]), the matrices J[i] of the slopes of the step with respect to the states, and a change dx of
the inputs, dy[i] = J[i] dy[i - 1] + d(step)/dx[i] dx[i]. The adjoint goes from the end: with w the derivative of a number
with respect to the path, l[n] = w[n] and l[i - 1] = w[i - 1] + t(J[i]) l[i]; an input has the part d(step)/dx[i] l[i].
All slopes are vectors: expressions of the paths and of the inputs.
"""

from collections.abc import Mapping, Sequence

from secantd.algebra.arrays import Arrays, is_zero
from secantd.calculus.arrays.elementwise import slopes
from secantd.expression import Dimension, Node, Scan, input_of, plus, reachable, scan_of, state_of

__all__ = ["Back", "adjoint_of_scan", "differential_of_scan"]


class Slopes:
    """The slopes of a scan's step in all rows.

    Args:
        form: The constructors.
        node: A scan.
    """

    def __init__(self, form: Arrays, node: Node) -> None:
        self.form = form
        self.scan: Scan = scan_of(node)
        self.rows: Dimension = plus(node.shape[0], -1)
        self.states = range(len(self.scan.steps))
        paths = [form.node("scan", *node.args, payload=(k, len(self.states)), shape=node.shape) for k in self.states]
        self.values: dict[int, Node] = {}
        # The slopes of all states with respect to a local, by its index.
        self.by_local: dict[int, list[Node]] = {}
        for j, path in enumerate(paths):
            self.values[state_of(form.graph, j).index] = form.apply("slice", [path], (0, 1))
        for j, value in enumerate(self.scan.inputs):
            self.values[input_of(form.graph, j).index] = value

    def over_rows(self, step: Node) -> Node:
        """Return the vector of the values that an expression of locals has in the rows, or the number it is."""
        for part in reachable([step]):
            if part.index not in self.values:
                args = [self.values[a.index] for a in part.args]
                self.values[part.index] = self.form.apply(part.op, args) if args else part
        return self.values[step.index]

    def of_state(self, j: int, k: int) -> Node:
        """Return the slope of the next state j with respect to the state k."""
        return self.of_local(state_of(self.form.graph, k), j)

    def of_input(self, j: int, k: int) -> Node:
        """Return the slope of the next state j with respect to the input k."""
        return self.of_local(input_of(self.form.graph, k), j)

    def of_local(self, local: Node, j: int) -> Node:
        found = self.by_local.get(local.index)
        if found is None:
            steps = slopes(self.form, self.scan.steps, local)
            found = self.by_local[local.index] = [self.over_rows(step) for step in steps]
        return found[j]


def slopes_of(form: Arrays, node: Node) -> Slopes:
    """Return the slopes of a scan's step, those of all its paths."""
    found = form.memory.get(node.args)
    if found is None:
        found = form.memory[node.args] = Slopes(form, node)
    assert isinstance(found, Slopes)
    return found


def differential_of_scan(form: Arrays, node: Node, d: Sequence[Node]) -> Node:
    """Return the change of a path for changes of the initial states and the inputs."""
    slopes = slopes_of(form, node)
    states = slopes.states
    key = (node.args, *d)
    paths = form.memory.get(key)
    if paths is None:
        initial = d[: len(states)]
        forcing = []
        for j in states:
            inputs = enumerate(d[len(states) : -len(states)])
            terms = [form.mul(slopes.of_input(j, k), x) for k, x in inputs if not is_zero(x)]
            forcing.append(form.add(*terms) if terms else form.zero)
        matrix = [[slopes.of_state(j, k) for k in states] for j in states]
        paths = form.memory[key] = linear(form, matrix, forcing, initial, slopes.rows)
    assert isinstance(paths, list)
    path = paths[scan_of(node).which]
    assert isinstance(path, Node)
    return path


def adjoint_of_scan(form: Arrays, node: Node, w: Node, i: int) -> Node:
    """Return the part of one argument in the adjoint of a path."""
    return Back(form, node, {scan_of(node).which: w}).part(i)


class Back:
    """The recursion from the end.

    Args:
        form: The constructors.
        node: The node of any state.
        adjoints: The adjoints of the paths of states, of the shape of the paths; those of other states are 0.
    """

    def __init__(self, form: Arrays, node: Node, adjoints: Mapping[int, Node]) -> None:
        self.form = form
        self.node = node
        self.slopes = slopes_of(form, node)
        states = self.slopes.states
        w = [adjoints.get(j) for j in states]
        initial = [form.zero if x is None else form.apply("element", [x], (-1,)) for x in w]
        forcing = [form.zero if x is None else backwards(form, form.apply("slice", [x], (0, 1))) for x in w]
        matrix = [[backwards(form, self.slopes.of_state(k, j)) for k in states] for j in states]
        self.paths = linear(form, matrix, forcing, initial, self.slopes.rows)

    def part(self, i: int) -> Node:
        """Return the part of one argument."""
        form, states = self.form, self.slopes.states
        if i < len(states):
            return form.apply("element", [self.paths[i]], (-1,))
        terms = []
        for j in states:
            slope_of_input = self.slopes.of_input(j, i - len(states))
            if not is_zero(slope_of_input):
                terms.append(form.mul(slope_of_input, backwards(form, form.apply("slice", [self.paths[j]], (0, 1)))))
        found = form.full(form.add(*terms), (self.slopes.rows,)) if terms else form.zero
        return found if self.node.args[i].shape else form.sum(found)


def backwards(form: Arrays, x: Node) -> Node:
    return form.apply("reverse", [x]) if x.shape else x


def linear(
    form: Arrays,
    matrix: Sequence[Sequence[Node]],
    forcing: Sequence[Node],
    initial: Sequence[Node],
    rows: Dimension,
) -> list[Node]:
    """Return the paths of the recursion y[i] = matrix[i] y[i - 1] + forcing[i].

    Args:
        form: The constructors.
        matrix: The coefficients, vectors or numbers.
        forcing: A vector or a number for each state.
        initial: The initial states.
        rows: The number of rows.
    """
    inputs: dict[Node, Node] = {}

    def local(x: Node) -> Node:
        if x.op == "number":
            return x
        return inputs.setdefault(x, input_of(form.graph, len(inputs)))

    steps = []
    for coefficients, added in zip(matrix, forcing, strict=True):
        terms = [form.mul(local(c), state_of(form.graph, k)) for k, c in enumerate(coefficients) if not is_zero(c)]
        if not is_zero(added):
            terms.append(local(added))
        steps.append(form.add(*terms) if terms else form.zero)
    args, count = [*initial, *inputs, *steps], len(steps)
    return [form.apply("scan", args, (which, count), (plus(rows, 1),)) for which in range(count)]
