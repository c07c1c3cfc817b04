"""Each operation on arrays against NumPy and SciPy, written out."""

import numpy as np
import pytest
import scipy.linalg
import scipy.signal
import scipy.special
from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Graph, Length, input_of, scans, state_of
from secantd.functions import FUNCTIONS
from secantd.program import compile_shaped
from secantd.program.operations import operation
from secantd.program.shaped.operations import EVALUATORS, FACTORED

N, K, M = Length.named("n"), Length.named("k"), Length.named("m")
SHAPES = {
    "s": (),
    "x": (N,),
    "y": (N,),
    "b": (K,),
    "g": (M,),
    "v": (M,),
    "A": (N, N),
    "B": (N, N),
    "X": (N, K),
    "T": (K, N),
}


def recurrence(b, a):
    found = [b[0]]
    for i in range(1, len(b)):
        found.append(b[i] + a[i] * found[-1])
    return np.array(found)


def values(n=5, k=3, m=4, seed=1):
    """Values of all variables, of lengths that are different."""
    random = np.random.default_rng(seed)
    lengths = {"n": n, "k": k, "m": m}
    found = {name: random.normal(size=[lengths[str(d)] for d in shape]) for name, shape in SHAPES.items()}
    found["g"] = random.integers(1, n + 1, m).astype(float)
    found["s"] = 0.7
    return found


def compiled(build):
    g = Graph()
    nodes = {name: g.symbol(name, shape) for name, shape in SHAPES.items()}
    return compile_shaped(g, [build(g, nodes)], list(SHAPES))


def scattered(w, g, n):
    found = np.zeros(n)
    for value, index in zip(w, g, strict=True):
        found[int(index) - 1] += value
    return found


def at(shape, where, value):
    found = np.zeros(shape)
    found[where] = value
    return found


def filtered(g, v):
    """y <- s * y + x from y = 2: a filter."""
    step = g.make("add", g.make("mul", input_of(g, 0), state_of(g, 0)), input_of(g, 1))
    return g.array("slice", scans(g, [g.number(2)], [v["s"], v["x"]], [step], N)[0], payload=(1, 0))


# What is computed, and the same by NumPy; more than one for those with a payload.
CASES = {
    "column": [(lambda g, v: g.make("mul", g.array("column", v["x"]), v["X"]), lambda v: v["x"][:, None] * v["X"])],
    "row": [(lambda g, v: g.make("add", g.array("row", v["b"]), v["X"]), lambda v: v["b"] + v["X"])],
    "matmul": [
        (lambda g, v: g.array("matmul", v["A"], v["X"]), lambda v: v["A"] @ v["X"]),
        (lambda g, v: g.array("matmul", v["T"], v["x"]), lambda v: v["T"] @ v["x"]),
        (lambda g, v: g.array("matmul", g.array("transpose", v["X"]), v["X"]), lambda v: v["X"].T @ v["X"]),
    ],
    "transpose": [(lambda g, v: g.array("transpose", v["X"]), lambda v: v["X"].T)],
    "inverse": [
        (lambda g, v: g.array("inverse", v["A"]), lambda v: np.linalg.inv(v["A"])),
        (lambda g, v: g.array("inverse", g.array("transpose", v["A"])), lambda v: np.linalg.inv(v["A"]).T),
    ],
    "solve": [
        (lambda g, v: g.array("solve", v["A"], v["x"]), lambda v: np.linalg.solve(v["A"], v["x"])),
        (lambda g, v: g.array("solve", v["A"], v["X"]), lambda v: np.linalg.solve(v["A"], v["X"])),
        (
            lambda g, v: g.array("solve", g.array("transpose", v["A"]), v["X"]),
            lambda v: np.linalg.solve(v["A"].T, v["X"]),
        ),
    ],
    "det": [(lambda g, v: g.array("det", v["A"]), lambda v: np.linalg.det(v["A"]))],
    "logdet": [(lambda g, v: g.array("logdet", v["A"]), lambda v: np.linalg.slogdet(v["A"])[1])],
    "cholesky": [
        # Not positive definite.
        (lambda g, v: g.array("cholesky", g.make("neg", g.array("identity", shape=(3, 3)))), lambda v: np.full((3, 3), np.nan)),
        (
            lambda g, v: g.array("cholesky", g.make("add", g.array("matmul", v["X"], g.array("transpose", v["X"])), g.array("identity", shape=(N, N)))),
            lambda v: np.linalg.cholesky(v["X"] @ v["X"].T + np.eye(len(v["x"]))),
        ),
    ],
    "row_extreme": [
        (lambda g, v: g.array("row_extreme", v["X"], payload=(1,)), lambda v: v["X"].max(1)),
        (lambda g, v: g.array("row_extreme", v["X"], payload=(-1,)), lambda v: v["X"].min(1)),
    ],
    "recurrence": [
        (lambda g, v: g.array("recurrence", v["x"], v["y"]), lambda v: recurrence(v["x"], v["y"])),
        (lambda g, v: g.array("recurrence", v["X"], v["x"]), lambda v: recurrence(v["X"], v["x"])),
        (lambda g, v: g.array("recurrence", v["A"], v["B"]), lambda v: recurrence(v["A"], v["B"])),
    ],
    "record": [
        (
            lambda g, v: g.array("gather", v["x"], g.array("record", v["x"])),
            lambda v: np.maximum.accumulate(v["x"]),
        ),
        (
            lambda g, v: g.array("record", g.make("floor", v["x"])),
            lambda v: [1 + np.argmax(np.floor(v["x"][: i + 1])) for i in range(len(v["x"]))],
        ),
    ],
    "trace": [
        (lambda g, v: g.array("trace", v["A"]), lambda v: np.trace(v["A"])),
        (lambda g, v: g.array("trace", g.array("matmul", v["X"], v["T"])), lambda v: np.trace(v["X"] @ v["T"])),
    ],
    "diagonal": [
        (lambda g, v: g.array("diagonal", v["A"]), lambda v: np.diag(v["A"])),
        (lambda g, v: g.array("diagonal", g.array("matmul", v["X"], v["T"])), lambda v: np.diag(v["X"] @ v["T"])),
    ],
    "diagonal_matrix": [(lambda g, v: g.array("diagonal_matrix", v["x"]), lambda v: np.diag(v["x"]))],
    "outer": [(lambda g, v: g.array("outer", v["x"], v["b"]), lambda v: np.outer(v["x"], v["b"]))],
    "mean": [
        (lambda g, v: g.array("mean", v["X"]), lambda v: np.mean(v["X"])),
        (lambda g, v: g.array("mean", v["s"]), lambda v: v["s"]),
    ],
    "row_sums": [(lambda g, v: g.array("row_sums", v["X"]), lambda v: v["X"].sum(1))],
    "column_sums": [(lambda g, v: g.array("column_sums", v["X"]), lambda v: v["X"].sum(0))],
    "cumsum": [
        (lambda g, v: g.array("cumsum", v["x"]), lambda v: np.cumsum(v["x"])),
        (lambda g, v: g.array("cumsum", v["X"]), lambda v: np.cumsum(v["X"], axis=0)),
    ],
    "cumprod": [
        (lambda g, v: g.array("cumprod", v["x"]), lambda v: np.cumprod(v["x"])),
        (lambda g, v: g.array("cumprod", v["X"]), lambda v: np.cumprod(v["X"], axis=0)),
    ],
    "reverse": [
        (lambda g, v: g.array("reverse", v["x"]), lambda v: v["x"][::-1]),
        (lambda g, v: g.array("reverse", v["X"]), lambda v: v["X"][::-1]),
    ],
    "diff": [
        (lambda g, v: g.array("diff", v["x"]), lambda v: np.diff(v["x"])),
        (lambda g, v: g.array("diff", v["X"]), lambda v: np.diff(v["X"], axis=0)),
    ],
    "slice": [
        (lambda g, v: g.array("slice", v["x"], payload=(1, 2)), lambda v: v["x"][1:-2]),
        (lambda g, v: g.array("slice", v["X"], payload=(2, 0)), lambda v: v["X"][2:]),
    ],
    "pad": [
        (lambda g, v: g.array("pad", v["x"], payload=(1, 2)), lambda v: np.pad(v["x"], (1, 2))),
        (lambda g, v: g.array("pad", v["X"], payload=(0, 1)), lambda v: np.pad(v["X"], ((0, 1), (0, 0)))),
    ],
    "gather": [
        (lambda g, v: g.array("gather", v["x"], v["g"]), lambda v: v["x"][v["g"].astype(int) - 1]),
        (lambda g, v: g.array("gather", v["X"], v["g"]), lambda v: v["X"][v["g"].astype(int) - 1]),
        (lambda g, v: g.array("gather", v["x"], g.number(2)), lambda v: v["x"][1]),
        (lambda g, v: g.array("gather", v["X"], g.number(2)), lambda v: v["X"][1]),
    ],
    "scatter": [
        (
            lambda g, v: g.array("scatter", v["v"], v["g"], shape=(N,)),
            lambda v: scattered(v["v"], v["g"], len(v["x"])),
        ),
        (
            lambda g, v: g.array("scatter", g.array("gather", v["X"], v["g"]), v["g"], shape=(N, K)),
            lambda v: np.stack(
                [scattered(c, v["g"], len(v["x"])) for c in v["X"][v["g"].astype(int) - 1].T], axis=1
            ),
        ),
        (lambda g, v: g.array("scatter", v["s"], g.number(2), shape=(N,)), lambda v: at(len(v["x"]), 1, v["s"])),
    ],
    "select": [
        (
            lambda g, v: g.array("select", v["x"], g.make(">", v["y"], g.number(0))),
            lambda v: v["x"][v["y"] > 0],
        ),
        (
            lambda g, v: g.array("select", v["X"], g.make(">", v["y"], g.number(0))),
            lambda v: v["X"][v["y"] > 0],
        ),
    ],
    "unselect": [
        (
            lambda g, v: g.array(
                "unselect",
                g.array("select", v["x"], g.make(">", v["y"], g.number(0))),
                g.make(">", v["y"], g.number(0)),
            ),
            lambda v: np.where(v["y"] > 0, v["x"], 0),
        ),
        (
            lambda g, v: g.array(
                "unselect",
                g.array("select", v["X"], g.make(">", v["y"], g.number(0))),
                g.make(">", v["y"], g.number(0)),
            ),
            lambda v: np.where((v["y"] > 0)[:, None], v["X"], 0),
        ),
    ],
    "order": [(lambda g, v: g.array("order", v["x"]), lambda v: np.argsort(v["x"], kind="stable") + 1)],
    "element": [
        (lambda g, v: g.array("element", v["x"], payload=(2,)), lambda v: v["x"][2]),
        (lambda g, v: g.array("element", v["x"], payload=(-1,)), lambda v: v["x"][-1]),
        (lambda g, v: g.array("element", v["X"], payload=(1, 2)), lambda v: v["X"][1, 2]),
    ],
    "unit": [
        (lambda g, v: g.array("unit", v["s"], payload=(-2,), shape=(N,)), lambda v: at(len(v["x"]), -2, v["s"])),
        (lambda g, v: g.array("unit", v["s"], payload=(1, 0), shape=(N, K)), lambda v: at(v["X"].shape, (1, 0), v["s"])),
    ],
    "pick": [
        (lambda g, v: g.array("pick", v["X"], payload=(0, 1)), lambda v: v["X"][1]),
        (lambda g, v: g.array("pick", v["X"], payload=(1, -1)), lambda v: v["X"][:, -1]),
    ],
    "place": [
        (
            lambda g, v: g.array("place", v["b"], payload=(0, 1), shape=(N, K)),
            lambda v: at(v["X"].shape, 1, v["b"]),
        ),
        (
            lambda g, v: g.array("place", v["x"], payload=(1, 2), shape=(N, K)),
            lambda v: at(v["X"].shape, (slice(None), 2), v["x"]),
        ),
    ],
    "concatenate": [
        (
            lambda g, v: g.array("concatenate", v["x"], v["s"], v["b"]),
            lambda v: np.concatenate([v["x"], [v["s"]], v["b"]]),
        )
    ],
    "bind_columns": [
        (
            lambda g, v: g.array("bind_columns", v["s"], v["x"], v["X"]),
            lambda v: np.column_stack([np.full(len(v["x"]), v["s"]), v["x"], v["X"]]),
        )
    ],
    "reshape": [
        (
            lambda g, v: g.array("reshape", g.array("flatten", v["X"], payload=(0,)), payload=(0,), shape=(K, N)),
            lambda v: v["X"].ravel("F").reshape(v["T"].shape, order="F"),
        ),
        (
            lambda g, v: g.array("reshape", g.array("flatten", v["X"], payload=(1,)), payload=(1,), shape=(K, N)),
            lambda v: v["X"].reshape(v["T"].shape),
        ),
    ],
    "flatten": [
        (lambda g, v: g.array("flatten", v["X"], payload=(0,)), lambda v: v["X"].ravel("F")),
        (lambda g, v: g.array("flatten", v["X"], payload=(1,)), lambda v: v["X"].ravel("C")),
    ],
    "fill": [
        (lambda g, v: g.array("fill", v["s"], shape=(N, K)), lambda v: np.full(v["X"].shape, v["s"])),
        (lambda g, v: g.array("fill", g.number(2), shape=(3,)), lambda v: np.full(3, 2.0)),
    ],
    "identity": [
        (lambda g, v: g.array("identity", shape=(N, N)), lambda v: np.eye(len(v["x"]))),
        (lambda g, v: g.array("identity", shape=(2, 2)), lambda v: np.eye(2)),
    ],
    "length": [(lambda g, v: g.length(N), lambda v: len(v["x"]))],
    "softmax": [(lambda g, v: g.array("softmax", v["x"]), lambda v: scipy.special.softmax(v["x"]))],
    "logsumexp": [(lambda g, v: g.array("logsumexp", v["X"]), lambda v: scipy.special.logsumexp(v["X"]))],
    "scan": [(filtered, lambda v: scipy.signal.lfilter([1], [1, -0.7], v["x"], zi=[0.7 * 2])[0])],
}  # fmt: skip


def test_every_operation_has_an_evaluator_and_a_case():
    # A length is read off the values; the step of a scan, which contains locals, becomes a loop.
    others = {"length", "scan", "local"}
    assert {*EVALUATORS, *FACTORED, *others} - {"adjugate", "log det"} == set(ARRAY_OPERATIONS)
    assert set(CASES) == set(ARRAY_OPERATIONS) - {"local"}


@pytest.mark.parametrize("lengths", [(5, 3, 4), (3, 4, 7)])
@pytest.mark.parametrize("op", CASES)
def test_an_operation_agrees_with_numpy(op, lengths):
    v = values(*lengths)
    before = {name: np.copy(value) for name, value in v.items()}
    for build, expected in CASES[op]:
        program = compiled(build)
        (found,) = program(v)
        wanted = np.asarray(expected(v))
        assert np.shape(found) == wanted.shape
        np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-12)
        # The answer is the caller's own, and the values are as they were.
        if isinstance(found, np.ndarray):
            assert found.flags.c_contiguous
            found[...] = np.nan
            np.testing.assert_array_equal(program(v)[0], compiled(build)(v)[0])
        for name, value in before.items():
            np.testing.assert_array_equal(v[name], value)


@pytest.mark.parametrize("op", sorted(REDUCTIONS))
@pytest.mark.parametrize("name", ["s", "x", "X"])
def test_a_reduction_agrees_with_numpy(op, name):
    v = values()
    (found,) = compiled(lambda g, v: g.make(op, v[name]))(v)
    reduce = {"sum": np.sum, "prod": np.prod, "max_of": np.max, "min_of": np.min}[op]
    assert isinstance(found, float)
    assert found == pytest.approx(reduce(v[name]), rel=1e-12)


# Where all arguments are inside the domain of a row.
POINTS = {name: row.points[0] for name, row in FUNCTIONS.items() if row.points}


@pytest.mark.parametrize("name", sorted(POINTS))
def test_a_row_of_the_table_is_computed_for_each_entry(name):
    """A matrix by columns, with a number and stretched vectors for the further arguments."""
    point = POINTS[name]
    g = Graph()
    first = g.symbol("X", (N, K))
    rest = [g.array("column", g.symbol(f"c{i}", (N,))) if i % 2 else g.symbol(f"c{i}") for i in range(len(point) - 1)]
    node = g.make(name, first, *rest)
    names = ["X", *[f"c{i}" for i in range(len(point) - 1)]]
    given = {
        "X": np.full((3, 2), point[0]),
        **{f"c{i}": np.full(3, p) if i % 2 else p for i, p in enumerate(point[1:])},
    }
    (found,) = compile_shaped(g, [node], names)(given)
    assert found.shape == (3, 2)
    np.testing.assert_allclose(found, operation(name).careful(*point), rtol=1e-9)


ELEMENTWISE = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: np.abs(a) ** b,
    "pmax": np.maximum,
    "pmin": np.minimum,
    "%%": np.mod,
    "%/%": np.floor_divide,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
    "&": lambda a, b: (a != 0) & (b != 0),
    "|": lambda a, b: (a != 0) | (b != 0),
}


@pytest.mark.parametrize("op", sorted(ELEMENTWISE))
def test_arithmetic_and_comparisons_broadcast_numbers_and_laid_vectors(op):
    v = values()
    f = ELEMENTWISE[op]

    def left(g, a):
        return g.make("abs", a) if op == "pow" else a

    for build, expected in [
        (lambda g, v: g.make(op, left(g, v["x"]), v["y"]), f(v["x"], v["y"])),
        (lambda g, v: g.make(op, left(g, v["x"]), v["s"]), f(v["x"], v["s"])),
        (lambda g, v: g.make(op, v["s"], v["X"]), f(v["s"], v["X"])),
        (lambda g, v: g.make(op, left(g, v["X"]), g.array("column", v["x"])), f(v["X"], v["x"][:, None])),
        (
            lambda g, v: g.make(op, left(g, g.array("column", v["x"])), g.array("row", v["b"])),
            f(v["x"][:, None], v["b"]),
        ),
    ]:
        np.testing.assert_allclose(compiled(build)(v)[0], np.asarray(expected, float), rtol=1e-13)


def test_a_sum_and_a_product_of_many_terms_are_taken_from_left_to_right():
    v = values()
    total = compiled(
        lambda g, v: g.make("add", g.number(1), v["s"], v["x"], g.make("neg", v["y"]), g.make("neg", v["s"]))
    )
    np.testing.assert_array_equal(total(v)[0], 1 + v["s"] + v["x"] - v["y"] - v["s"])
    product = compiled(lambda g, v: g.make("mul", g.number(-2), v["s"], v["x"], v["y"], v["x"]))
    np.testing.assert_array_equal(product(v)[0], -2 * v["s"] * v["x"] * v["y"] * v["x"])
    stretched = compiled(lambda g, v: g.make("mul", g.array("column", v["x"]), g.array("row", v["b"]), v["X"], v["X"]))
    np.testing.assert_array_equal(stretched(v)[0], v["x"][:, None] * v["b"] * v["X"] * v["X"])


def test_a_choice_takes_entries_of_either_side():
    v = values()
    choice = compiled(
        lambda g, v: g.make("ifelse", g.make(">", v["X"], g.number(0)), v["X"], g.array("column", v["x"]))
    )
    np.testing.assert_array_equal(choice(v)[0], np.where(v["X"] > 0, v["X"], v["x"][:, None]))
    whole = compiled(lambda g, v: g.make("ifelse", g.make(">", v["s"], g.number(0)), v["X"], g.number(0)))
    np.testing.assert_array_equal(whole(v)[0], v["X"])
    unknown = compiled(lambda g, v: g.make("ifelse", g.make(">", v["x"], g.number(0)), v["x"], v["y"]))
    assert np.isnan(unknown({**v, "x": np.full(5, np.nan)})[0]).all()
