"""Values of expressions with shapes: shapes that do not conform, shared work, time and memory."""

import threading
import time

import numpy as np
import pytest
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Length, plus
from secantd.interrupt import Interruptible, OutOfTimeError, run_within
from secantd.program import compile_shaped
from secantd.program.shaped import factored

from .running import K, N, run

# -- shapes ---------------------------------------------------------------------------------------------------------------


def test_lengths_that_only_the_answer_needs_are_read_off_the_values():
    g = Graph()
    x = g.symbol("x", (N,))
    program = compile_shaped(g, [g.length(plus(N, N, 1)), g.array("fill", g.number(2), shape=(plus(N, -1),))], ["x"])
    assert program({"x": [1, 2, 3]})[0] == 7.0
    np.testing.assert_array_equal(program({"x": [1, 2, 3]})[1], [2, 2])
    # The number of entries that a mask takes, where the mask itself is in no output.
    chosen = g.array("select", x, g.make(">", x, g.number(1)))
    assert run(g, g.length(chosen.shape[0]), x=[1, 2, 3]) == 2.0
    # The number of entries of a matrix whose two lengths are names.
    flat = g.array("flatten", g.symbol("A", (N, K)), payload=(0,))
    assert run(g, g.length(flat.shape[0]), A=np.ones((3, 5))) == 15.0


def test_declared_lengths_may_be_sums():
    g = Graph()
    g.symbol("z", (plus(N, K),)), g.symbol("x", (N,)), g.symbol("d", (plus(K, -1),))
    program = compile_shaped(g, [g.length(N), g.length(K)], ["z", "x", "d"])
    assert program({"z": np.zeros(7), "x": np.zeros(3), "d": np.zeros(3)}) == [3.0, 4.0]
    with pytest.raises(CalculusError, match="'z' is a vector of length 7, but the formula needs a vector of length 6"):
        program({"z": np.zeros(7), "x": np.zeros(3), "d": np.zeros(2)})


REFUSED = [
    ({"x": [1, 2], "A": np.ones((3, 3))}, "'A' is a 3 x 3 matrix, but the formula needs a 2 x 2 matrix", "n is 2 according to 'x'"),
    ({"x": [1, 2], "A": np.ones((2, 3))}, "'A' is a 2 x 3 matrix", "2 x 2"),
    ({"x": [1, 2], "A": [1, 2]}, "'A' is a vector of length 2, but the formula needs a 2 x 2 matrix", ""),
    ({"x": np.ones((2, 1)), "A": np.ones((2, 2))}, "'x' is a 2 x 1 matrix, but the formula needs a vector of length 2", ""),
    ({"x": 1.0, "A": np.ones((2, 2))}, "'A' is a 2 x 2 matrix, but the formula needs a 1 x 1 matrix", ""),
    ({"x": [1, 2], "A": 3.0}, "'A' is a number, but the formula needs a 2 x 2 matrix", ""),
    ({"x": [1, 2], "A": np.ones((2, 2, 2))}, "'A' is an array of 3 dimensions", ""),
    ({"x": [1, 2], "A": np.eye(2), "s": [1, 2]}, "'s' is a vector of length 2, but the formula needs a number", ""),
    ({"x": [1, 2], "A": [[1, 2], [3]]}, "the value of 'A' is not an array of numbers", "rows of equal lengths"),
    ({"x": ["a", "b"], "A": np.eye(2)}, "the value of 'x' is not an array of numbers", ""),
    ({"x": [1j, 2], "A": np.eye(2)}, "the value of 'x' is not an array of numbers", ""),
    ({"x": [1, 2], "A": None}, "the value of 'A' is not an array of numbers|'A' is a number", ""),
]  # fmt: skip


@pytest.mark.parametrize(("given", "message", "hint"), REFUSED)
def test_values_that_do_not_conform_are_refused_with_both_shapes(given, message, hint):
    g = Graph()
    node = g.make("mul", g.symbol("s"), g.array("matmul", g.symbol("A", (N, N)), g.symbol("x", (N,))))
    program = compile_shaped(g, [node], ["x", "A", "s"])
    with pytest.raises(CalculusError, match=message) as error:
        program({"s": 1.0, **given})
    assert error.value.reason is Reason.INVALID_VALUE
    assert hint in str(error.value)
    assert error.value.metadata["variable"] in given


def test_a_missing_value_and_an_unknown_name_are_refused():
    g = Graph()
    x = g.symbol("x", (N,))
    with pytest.raises(CalculusError, match="there is no value for 'x'") as error:
        compile_shaped(g, [x], ["x"])({})
    assert error.value.reason is Reason.UNKNOWN_VARIABLE
    with pytest.raises(CalculusError, match="there is no value for 'x'"):
        compile_shaped(g, [x], [])


def test_a_matrix_that_is_declared_symmetric_has_to_be():
    g = Graph()
    S = g.symbol("S", (N, N))
    g.symmetric.add("S")
    program = compile_shaped(g, [g.make("sum", S)], ["S"])
    assert program({"S": [[1, 2], [2, 1]]}) == [6.0]
    with pytest.raises(CalculusError, match="'S' is a symmetric matrix"):
        program({"S": [[1, 2], [3, 1]]})


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda g, x: g.array("slice", x, payload=(2, 2)), "length n - 4 = -1"),
        (lambda g, x: g.array("element", x, payload=(3,)), "component 4 of a value of length 3 does not exist"),
        (lambda g, x: g.array("element", x, payload=(-4,)), "component -4 of a value of length 3"),
        (lambda g, x: g.array("gather", x, g.number(4)), "the index 4 is outside a value of length 3"),
        (lambda g, x: g.array("gather", x, g.number(0)), "the index 0 is outside"),
        (lambda g, x: g.array("scatter", x, g.make("add", x, g.number(1)), shape=(N,)), "the index 4 is outside"),
        (lambda g, x: g.array("reshape", x, payload=(0,), shape=(2, 2)), "3 values do not fill a 2 x 2 array"),
    ],
)
def test_lengths_and_indices_that_do_not_exist_are_refused(build, message):
    g = Graph()
    with pytest.raises(CalculusError, match=message) as error:
        run(g, build(g, g.symbol("x", (N,))), x=[1.0, 2.0, 3.0])
    assert error.value.reason is Reason.INVALID_VALUE


# -- work and memory ------------------------------------------------------------------------------------------------------


@pytest.fixture
def factorizations(monkeypatch):
    made = []
    monkeypatch.setattr(factored, "factors", lambda *a, f=factored.factors: made.append(f(*a)) or made[-1])
    return made


def test_a_matrix_is_factored_once(factorizations):
    g = Graph()
    A, b = g.symbol("A", (N, N)), g.symbol("b", (N,))
    t = g.array("transpose", A)
    nodes = [
        g.array("solve", A, b),
        g.array("solve", t, b),
        g.array("inverse", A),
        g.array("inverse", t),
        g.array("det", t),
        g.array("logdet", A),
    ]
    random = np.random.default_rng(3)
    given = {"A": random.normal(size=(4, 4)), "b": random.normal(size=4)}
    found = compile_shaped(g, nodes, ["A", "b"])(given)
    a, b = given.values()
    expected = [
        np.linalg.solve(a, b),
        np.linalg.solve(a.T, b),
        np.linalg.inv(a),
        np.linalg.inv(a).T,
        np.linalg.det(a),
        np.linalg.slogdet(a)[1],
    ]
    for f, e in zip(found, expected, strict=True):
        np.testing.assert_allclose(f, e, rtol=1e-10)
    assert len(factorizations) == 1


@pytest.mark.parametrize("shift", [50.0, -0.5])
def test_a_large_symmetric_matrix_is_factored_by_cholesky_where_it_is_positive(shift, factorizations):
    g = Graph()
    A, B = g.symbol("A", (N, N)), g.symbol("B", (N, K))
    random = np.random.default_rng(4)
    a = random.normal(size=(40, 40))
    a = a + a.T + shift * np.eye(40)
    b = random.normal(size=(40, 2))
    program = compile_shaped(g, [g.array("solve", A, B), g.array("logdet", A), g.array("det", A)], ["A", "B"])
    solution, log, det = program({"A": a, "B": b})
    np.testing.assert_allclose(solution, np.linalg.solve(a, b), rtol=1e-8)
    assert log == pytest.approx(np.linalg.slogdet(a)[1])
    assert det == pytest.approx(np.linalg.det(a))
    assert isinstance(factorizations[0], factored.Cholesky) is (shift > 0)


def test_without_scipy_the_values_are_the_same(monkeypatch):
    g = Graph()
    A, B = g.symbol("A", (N, N)), g.symbol("B", (N, K))
    nodes = [g.array("solve", A, B), g.array("solve", g.array("transpose", A), B), g.array("inverse", A)]
    nodes += [g.array("det", A), g.array("logdet", A), g.make("mul", g.array("det", A), g.array("inverse", A))]
    program = compile_shaped(g, nodes, ["A", "B"])
    matrices = [
        np.random.default_rng(5).normal(size=(3, 3)),
        np.arange(1.0, 10).reshape(3, 3),
        np.diag([1, 1e-20, 1e20]),
    ]
    matrices += [np.zeros((3, 3)), np.full((3, 3), np.nan)]
    B = np.arange(6.0).reshape(3, 2)
    with_scipy = [program({"A": A, "B": B}) for A in matrices]
    monkeypatch.setattr(factored, "lapack", lambda: None)
    for A, expected in zip(matrices, with_scipy, strict=True):
        for found, value in zip(program({"A": A, "B": B}), expected, strict=True):
            np.testing.assert_allclose(
                np.nan_to_num(found, neginf=-40), np.nan_to_num(value, neginf=-40), rtol=1e-9, atol=2e-15
            )


def test_parts_that_depend_on_data_only_are_computed_once(monkeypatch):
    g = Graph()
    X = g.data("X", np.random.default_rng(6).normal(size=(50, 3)))
    calls = []
    from secantd.program.shaped import operations

    matmul = operations.EVALUATORS["matmul"]
    counted = lambda node: lambda a, b, out=None: calls.append(1) or np.matmul(a, b, out=out)  # noqa: E731
    monkeypatch.setattr(operations, "EVALUATORS", {**operations.EVALUATORS, "matmul": matmul._replace(make=counted)})
    from secantd.program.shaped import lowering

    monkeypatch.setattr(lowering, "EVALUATORS", operations.EVALUATORS)
    b = g.symbol("b", (3,))
    program = compile_shaped(g, [g.array("matmul", g.array("matmul", g.array("transpose", X), X), b)], ["b"])
    first = program({"b": np.ones(3)})
    second = program({"b": np.ones(3)})
    np.testing.assert_array_equal(first, second)
    assert len(calls) == 3


def test_values_are_the_same_in_every_run_and_every_thread():
    g = Graph()
    A, x = g.symbol("A", (N, N)), g.symbol("x", (N,))
    u = g.make("tanh", g.array("matmul", A, x))
    nodes = [g.make("add", g.make("mul", u, u), g.array("solve", A, u)), g.make("sum", u), g.array("cumsum", u)]
    program = compile_shaped(g, nodes, ["A", "x"])
    random = np.random.default_rng(7)
    points = [{"A": random.normal(size=(n, n)), "x": random.normal(size=n)} for n in (2, 3, 5, 3)]
    alone = [program(p) for p in points]
    found = [[] for _ in points]

    def work(i):
        for _ in range(20):
            found[i].append(program(points[i]))

    threads = [threading.Thread(target=work, args=[i]) for i in range(len(points))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for expected, runs in zip(alone, found, strict=True):
        for run_ in runs:
            for a, b in zip(run_, expected, strict=True):
                np.testing.assert_array_equal(a, b)


def test_outputs_that_are_one_value_are_arrays_of_their_own():
    g = Graph()
    x, A = g.symbol("x", (N,)), g.symbol("A", (N, N))
    y = g.make("exp", x)
    program = compile_shaped(g, [y, y, g.array("reverse", y), x, A, g.array("transpose", A)], ["x", "A"])
    given = {"x": np.zeros(2), "A": np.arange(4.0).reshape(2, 2)}
    found = program(given)
    for value in found:
        value += 100.0
    np.testing.assert_array_equal(given["x"], [0, 0])
    for value, expected in zip(program(given), [1, 1, 1, 0, given["A"], given["A"].T], strict=True):
        np.testing.assert_array_equal(value, np.broadcast_to(expected, value.shape))


def test_a_sum_of_squares_needs_memory_for_one_vector():
    import tracemalloc

    g = Graph()
    x, y = g.symbol("x", (N,)), g.symbol("y", (N,))
    r = g.make("add", g.make("mul", g.number(2), x), g.make("neg", y))
    node = g.make("sum", g.make("pow", g.make("exp", g.make("neg", g.make("pow", r, g.number(2)))), g.number(2)))
    program = compile_shaped(g, [node], ["x", "y"])
    values = {"x": np.ones(1_000_000), "y": np.zeros(1_000_000)}
    tracemalloc.start()
    program(values)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # exp takes another array, as NumPy is slower where its result overwrites its argument.
    assert peak < 2.2 * 8_000_000


def test_arrays_that_would_be_too_large_are_refused_before_they_are_made():
    g = Graph()
    x = g.symbol("x", (N,))
    program = compile_shaped(g, [g.make("sum", g.array("outer", x, x))], ["x"])
    with pytest.raises(CalculusError, match="too large") as error:
        program({"x": np.zeros(100_000)})
    assert error.value.reason is Reason.LIMIT_EXCEEDED
    assert error.value.metadata["name"] == "memory"


def long_program():
    g = Graph()
    A = g.symbol("A", (N, N))
    product = A
    for _ in range(200):
        product = g.array("matmul", product, A)
    return compile_shaped(g, [product], ["A"])


def test_a_job_that_takes_too_long_is_stopped():
    program, A = long_program(), np.eye(700)
    began = time.perf_counter()
    with pytest.raises(OutOfTimeError):
        run_within(0.05, lambda: program({"A": A}))
    assert time.perf_counter() - began < 2.0


def test_a_job_that_nobody_waits_for_is_stopped():
    program, A = long_program(), np.eye(700)
    job = Interruptible(lambda: program({"A": A}))
    threading.Timer(0.05, job.interrupt).start()
    began = time.perf_counter()
    with pytest.raises(OutOfTimeError):
        job()
    assert time.perf_counter() - began < 2.0


def test_a_long_product_is_computed_in_pieces(monkeypatch):
    from secantd.program.shaped import operations

    monkeypatch.setattr(operations, "MULTIPLICATIONS", 1000)
    random = np.random.default_rng(8)
    for shape in ((37, 11), (37, 1)):
        a, b = random.normal(size=(101, 37)), random.normal(size=shape)
        np.testing.assert_allclose(operations.matmul(a, b), a @ b, rtol=1e-12)
        np.testing.assert_allclose(operations.matmul(a, b[:, 0]), a @ b[:, 0], rtol=1e-12)


def test_a_variable_as_long_as_what_a_mask_takes_has_to_be_that_long():
    g = Graph()
    x = g.symbol("x", (N,))
    # Both are made before the mask that has the length.
    w, count = g.symbol("w", (Length.named("#0"),)), g.length(Length.named("#0"))
    chosen = g.array("select", x, g.make(">", x, g.number(0)))
    program = compile_shaped(g, [g.make("sum", g.make("mul", chosen, w)), count], ["x", "w"])
    assert program({"x": [1, -2, 3], "w": [10, 20]}) == [70.0, 2.0]
    with pytest.raises(CalculusError, match="an index takes 1 entries, but the formula needs 2"):
        program({"x": [1, -2, -3], "w": [10, 20]})
    assert compile_shaped(g, [count], ["x"])({"x": [1, -2, 3]}) == [2.0]


def test_a_formula_of_any_depth_is_computed():
    g = Graph()
    x = y = g.symbol("x", (N,))
    for _ in range(20_000):
        y = g.make("sin", g.make("add", y, x))
    at = np.array([0.0, 0.1])
    expected = at
    for _ in range(20_000):
        expected = np.sin(expected + at)
    np.testing.assert_array_equal(run(g, y, x=at), expected)
