"""Every operation on arrays: its adjoint against its differential, and that against differences."""

import numpy as np
import pytest
from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays import differential_of, reverse_gradient
from secantd.calculus.arrays.adjoints import ADJOINTS
from secantd.calculus.arrays.differentials import DIFFERENTIALS, LINEAR
from secantd.calculus.arrays.elementwise import STEPS
from secantd.calculus.forward import derivative
from secantd.errors import CalculusError
from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Graph, Length, input_of, scans, state_of
from secantd.functions import FUNCTIONS
from secantd.program import compile as compile_program
from secantd.program import compile_shaped

from .formulas import F, Maker, wrap
from .values import differences, value

# The value of an operation of the variables s, x (n), z (n), b (k), A (n x n), X (n x k) and indices g (n).
OPERATIONS = {
    "sum": lambda m: m.fn("sum", m.X),
    "prod": lambda m: m.fn("prod", m.x),
    "max_of": lambda m: m.fn("max_of", m.X),
    "min_of": lambda m: m.fn("min_of", m.x),
    "add": lambda m: m.op("column", m.x) + m.X + m.s,
    "mul": lambda m: m.op("column", m.x) * m.X * m.op("row", m.b) * m.s,
    "neg": lambda m: -m.X,
    "div": lambda m: m.X / m.op("row", m.b) + m.s / m.X,
    "pow": lambda m: (m.X**2) ** m.s + m.fn("abs", m.s) ** m.X,
    "ifelse": lambda m: m.fn("ifelse", m.x > 0, m.s, m.z),
    "column": lambda m: m.op("column", m.x) + m.A,
    "row": lambda m: m.op("row", m.x) + m.op("column", m.x),
    "matmul": lambda m: m.A @ m.X,
    "matmul of a vector": lambda m: m.A @ m.x,
    "transpose": lambda m: m.X.T,
    "inverse": lambda m: m.op("inverse", m.A),
    "solve": lambda m: m.op("solve", m.A, m.X),
    "solve for a vector": lambda m: m.op("solve", m.A, m.x),
    "det": lambda m: m.op("det", m.A),
    "logdet": lambda m: m.op("logdet", m.A),
    "cholesky": lambda m: m.op("cholesky", m.A @ m.A.T + m.eye("n")),
    "trace": lambda m: m.op("trace", m.A),
    "diagonal": lambda m: m.op("diagonal", m.A),
    "diagonal_matrix": lambda m: m.op("diagonal_matrix", m.x),
    "outer": lambda m: m.op("outer", m.x, m.b),
    "outer of a vector with itself": lambda m: m.op("outer", m.x, m.x),
    "mean": lambda m: m.op("mean", m.x),
    "mean of a matrix": lambda m: m.op("mean", m.X),
    "row_sums": lambda m: m.op("row_sums", m.X),
    "row_sums of what is repeated": lambda m: m.op("row_sums", m.X + m.op("column", m.x) + m.op("row", m.b)),
    "column_sums": lambda m: m.op("column_sums", m.X + m.op("column", m.x)),
    "row_extreme": lambda m: m.op("row_extreme", m.X, payload=(1,)),
    "row_extreme of the smallest": lambda m: m.op("row_extreme", m.X, payload=(-1,)),
    "cumsum": lambda m: m.op("cumsum", m.X),
    "cumprod": lambda m: m.op("cumprod", m.x),
    "cumprod of a matrix": lambda m: m.op("cumprod", m.X),
    "recurrence": lambda m: m.op("recurrence", m.x, m.z),
    "recurrence of rows": lambda m: m.op("recurrence", m.X, m.x),
    "recurrence of two matrices": lambda m: m.op("recurrence", m.A, m.A.T),
    "record": lambda m: m.op("gather", m.x, m.op("record", m.x)),
    "prod of a matrix": lambda m: m.fn("prod", m.X),
    "reverse": lambda m: m.op("reverse", m.X),
    "diff": lambda m: m.op("diff", m.X),
    "slice": lambda m: m.op("slice", m.X, payload=(1, 2)),
    "pad": lambda m: m.op("pad", m.X, payload=(2, 1)),
    "gather": lambda m: m.op("gather", m.x, m.g),
    "gather of rows": lambda m: m.op("gather", m.X, m.g),
    "scatter": lambda m: m.op("scatter", m.x, m.g, shape=("n",)),
    "scatter of rows": lambda m: m.op("scatter", m.X, m.g, shape=("n", "k")),
    "select": lambda m: m.op("select", m.x, m.z > 0),
    "select of rows": lambda m: m.op("select", m.X, m.z > 0),
    "unselect": lambda m: m.op("unselect", m.op("cumsum", m.op("select", m.x, m.z > 0)), m.z > 0),
    "order": lambda m: m.op("gather", m.x, m.op("order", m.x)),
    "element": lambda m: m.op("element", m.X, payload=(1, -1)),
    "unit": lambda m: m.op("unit", m.s, payload=(1, 0), shape=("n", "k")),
    "pick": lambda m: m.op("pick", m.X, payload=(0, 1)),
    "pick of a column": lambda m: m.op("pick", m.X, payload=(1, -1)),
    "place": lambda m: m.op("place", m.b, payload=(0, 1), shape=("n", "k")),
    "place of a column": lambda m: m.op("place", m.x, payload=(1, -1), shape=("n", "k")),
    "concatenate": lambda m: m.op("concatenate", m.x, m.s, m.b, 1, m.x),
    "bind_columns": lambda m: m.op("bind_columns", m.X, m.x, m.s, m.A, 1),
    "reshape": lambda m: m.op("reshape", m.op("flatten", m.X, payload=(1,)), payload=(0,), shape=("n", "k")),
    "flatten": lambda m: m.op("flatten", m.X, payload=(0,)),
    "fill": lambda m: m.op("fill", m.s, shape=("n", "k")),
    "identity": lambda m: m.eye("n") * m.A,
    "length": lambda m: m.length("n") * m.X,
    "softmax": lambda m: m.op("softmax", m.x),
    "logsumexp": lambda m: m.op("logsumexp", m.x),
    "scan": lambda m: recursion(
        m, [m.s], [m.x, m.fn("abs", m.s)], lambda y, x: [y[0] * x[1] + m.fn("sin", y[0] * x[0])]
    ),
    "scan of two states": lambda m: recursion(
        m, [m.s, 1], [m.x, m.z, 0.5], lambda y, x: [y[0] * y[1] - x[0], m.fn("tanh", y[0] + x[1]) + x[2] * y[1]], 1
    ),
    "scan of a choice": lambda m: recursion(
        m, [m.s], [m.x], lambda y, x: [m.fn("ifelse", x[0] > 0, y[0] ** 2, x[0] * y[0])]
    ),
    "scan that is a sum": lambda m: recursion(m, [m.s], [m.x], lambda y, x: [y[0] + x[0] ** 2]),
    "local": lambda m: recursion(m, [m.s], [m.x], lambda y, x: [x[0]]),
}


def recursion(m, initial, inputs, step, which=0):
    """The path of a state of a recursion over n rows."""
    graph = m.graph
    states = [F(graph, state_of(graph, j)) for j in range(len(initial))]
    given = [F(graph, input_of(graph, j)) for j in range(len(inputs))]
    parts = [[wrap(graph, v).node for v in values] for values in (initial, inputs, step(states, given))]
    return F(graph, scans(graph, *parts, Length.named("n"))[which])


NAMES = ("s", "x", "z", "b", "A", "X")


def variables():
    m = Maker()
    m.s, m.x, m.z, m.b = m.sym("s"), m.sym("x", "n"), m.sym("z", "n"), m.sym("b", "k")
    m.A, m.X, m.g = m.sym("A", "n", "n"), m.sym("X", "n", "k"), m.sym("g", "n")
    return m


def point(n=5, k=3):
    rng = np.random.default_rng(7)
    found = {"s": rng.normal(size=()), "x": rng.normal(size=n), "z": rng.normal(size=n), "b": rng.normal(size=k)}
    found |= {"A": rng.normal(size=(n, n)), "X": rng.normal(size=(n, k)), "g": np.array([2.0, 5.0, 2.0, 1.0, 2.0])}
    return found


@pytest.mark.parametrize("name", OPERATIONS)
def test_adjoints_are_the_transposes_of_differentials_which_are_limits_of_differences(name):
    at = point()
    f = None
    for by in NAMES:
        m = variables()
        f = OPERATIONS[name](m).node
        form = Arrays(m.graph)
        variable = m.symbols[by]
        # The differential.
        change = m.graph.symbol("change", variable.shape)
        differential = differential_of(form, f, variable, change)
        assert differential.shape == f.shape
        rng = np.random.default_rng(3)
        dx = rng.normal(size=np.shape(at[by]))
        df = value(m.graph, differential, {**at, "change": dx})
        slopes = differences(m.graph, f, at, by)
        expected = np.tensordot(slopes, dx, axes=dx.ndim) if dx.ndim else slopes * dx
        np.testing.assert_allclose(df, expected, rtol=1e-6, atol=1e-6)
        # <w, df> = <gradient of <w, f>, dx>
        w = m.graph.symbol("w", f.shape)
        product = m.graph.make("sum", m.graph.make("mul", w, f)) if f.shape else m.graph.make("mul", w, f)
        gradient = reverse_gradient(form, product, variable)
        assert gradient.shape == variable.shape
        weights = rng.normal(size=df.shape)
        found = np.sum(value(m.graph, gradient, {**at, "w": weights}) * dx)
        assert found == pytest.approx(np.sum(weights * df), rel=1e-10, abs=1e-10)
    assert f is not None


def test_every_operation_has_an_adjoint_and_a_differential():
    without = {"identity", "length", "local", "order", "record"}
    operations = {*ARRAY_OPERATIONS, *REDUCTIONS} - without
    assert set(ADJOINTS) == operations
    assert LINEAR | set(DIFFERENTIALS) == operations
    assert not LINEAR & set(DIFFERENTIALS)
    assert without <= STEPS | {"identity"}
    assert {name.partition(" ")[0] for name in OPERATIONS} >= {*ARRAY_OPERATIONS, *REDUCTIONS}


ROWS = [f for f in FUNCTIONS.values() if f.points and any(f.derivatives)]


@pytest.mark.sample(4)
@pytest.mark.parametrize("row", [pytest.param(f, id=f.name) for f in ROWS])
def test_rows_of_the_table_of_functions_have_the_derivative_of_their_scalar(row):
    """The elements of vectors have the derivatives that numbers have."""
    n = Length.named("n")
    for i, text in enumerate(row.derivatives):
        if not text:
            continue
        g = Graph()
        vectors = [g.symbol(p, (n,)) for p in row.parameters]
        gradient = reverse_gradient(Arrays(g), g.make("sum", g.make(row.name, *vectors)), vectors[i])
        h = Graph()
        scalars = [h.symbol(p) for p in row.parameters]
        program = compile_program([derivative(h, h.make(row.name, *scalars), row.parameters[i])], row.parameters, {})
        wanted = [program.point(list(p))[0] for p in row.points]
        at = {p: [q[j] for q in row.points] for j, p in enumerate(row.parameters)}
        (found,) = compile_shaped(g, [gradient], row.parameters)(at)
        assert found == pytest.approx(wanted, rel=1e-10, abs=1e-300, nan_ok=True)


def test_a_row_without_a_derivative_is_refused():
    unknown = next(f for f in FUNCTIONS.values() if not all(f.derivatives) and not any(f.defaults))
    g = Graph()
    vectors = [g.symbol(p, (3,)) for p in unknown.parameters]
    total = g.make("sum", g.make(unknown.name, *vectors))
    without = vectors[unknown.derivatives.index("")]
    with pytest.raises(CalculusError, match="is not known"):
        reverse_gradient(Arrays(g), total, without)
