"""Points and descents in C have the values and the steps of those in Python, to the last digit, and stop at the same ones."""

import itertools
import struct

import numpy as np
import pytest
from secantd.calculus import derivative
from secantd.descent import METHODS
from secantd.expression import Graph
from secantd.functions import FUNCTIONS
from secantd.language import read
from secantd.language.expansion import stable_form
from secantd.program import compile, loop, searchloop, walk
from secantd.program.compiled import _function
from secantd.program.loop import Loop
from secantd.program.operations import OPERATIONS
from secantd.program.searchloop import BacktrackLoop
from secantd.program.update import Update

from .test_agreement import HARD, UNARY

ARGUMENTS = dict.fromkeys(UNARY, 1) | dict.fromkeys(walk.ALIKE - UNARY - {"copy"}, 2) | {"ifelse": 3}
DESCENT = Update(lines=("{x} = {x} - rate * {g}",), parameters=("rate",))
RULES = {name: method.update for name, method in METHODS.items() if getattr(method, "update", None)}
NUMBERS = {"rate": 1e-3, "momentum": 0.9, "beta1": 0.9, "beta2": 0.999, "decay": 0.9}
FORMULAS = [
    ("(1 - x)^2 + 100*(y - x^2)^2", (-1.2, 1.0)),
    ("x^2 + y^4", (3.0, -2.0)),
    ("log(1 + exp(x + 2*y)) - x + y^2", (0.5, 40.0)),
    ("exp(x*y) + x^2 - cosh(y)", (3.0, 200.0)),
    ("abs(x) + max(y, x^2)", (0.3, 0.1)),
    ("ifelse(x > 0, log(x), x^2) + sqrt(y)", (0.002, 0.001)),
    ("1/x + x^2.5*y", (1e-3, 2.0)),
    ("x^3*y - y", (-5.0, 1.0)),
    ("sin(x)/y + atan2(x, y)", (0.1, 1e-3)),
    ("tanh(x)*expm1(y) + x*y + floor(x)", (2.0, -3.0)),
    ("5", (1.0, 2.0)),
]


def programs(text):
    function = read(text)
    graph, output = function.graph, function.outputs[0]
    slopes = [derivative(graph, output, name) for name in ("x", "y")]
    return compile([output, *slopes], ("x", "y")), lambda: compile(slopes, ("x", "y"))


def paths(program, gradient, update, start, parameters, recorded, count=300, low=-1.0, high=1e100):
    """Return how many steps are made, the end, and the rows, in runs that follow each other."""
    made = Loop(program, gradient, update)
    state, records = made.begin(start), [] if recorded else None
    found = [made.run(state, parameters, n, low, high, records) for n in (100, count, 7)]
    return found, state.x, state.memory, state.counters, [r.tobytes() for r in records or []]


def both(monkeypatch, *arguments):
    native = paths(*arguments)
    with monkeypatch.context() as m:
        m.setattr(loop, "walk_of", lambda *_: None)
        m.setattr(loop, "walks", lambda _: False)
        return native, paths(*arguments)


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("method", sorted(RULES))
@pytest.mark.parametrize(("text", "start"), FORMULAS, ids=[text for text, _ in FORMULAS])
def test_the_same_steps(machine, monkeypatch, text, start, method, recorded):
    update = RULES[method]
    names = update.parameters or tuple(n for n in NUMBERS if any(n in line for line in (*update.lines, *update.once)))
    update = Update(update.lines, update.memory, names, update.once, update.counters)
    for sign in (1.0, -1.0):
        numbers = [NUMBERS[n] * (sign if n == "rate" else 1.0) for n in names]
        native, python = both(monkeypatch, *programs(text), update, start, numbers, recorded)
        assert repr(native) == repr(python)


@pytest.mark.parametrize("op", sorted(op for op in {*OPERATIONS, *FUNCTIONS} if walk.is_alike(op)))
def test_each_operation_has_the_value_of_python_or_ends_the_walk(machine, monkeypatch, op):
    graph = Graph()
    x, y = graph.symbol("x"), graph.symbol("y")
    arguments = (x, y, x)[: ARGUMENTS[op] if op in ARGUMENTS else len(stable_form(op).variables)]
    node = graph.make(op, *arguments)
    program = compile([graph.number(1.0), node, graph.make("add", x, y)], ("x", "y"))
    chance = np.random.default_rng(0)
    values = [*HARD, *chance.normal(0, 3, 30), *(10.0 ** chance.uniform(-12, 12, 10))]
    for a in values:
        for b in chance.choice(values, 4).tolist():
            native, python = both(
                monkeypatch, program, lambda: program, DESCENT, (float(a), b), [1.0], True, 1, -1.0, np.inf
            )
            if op in ARGUMENTS:
                assert repr(native) == repr(python), (a, b)
            elif native[0] != python[0]:
                # Python goes on from an infinity within a formula, where the walk ends early.
                assert sum(native[0]) < sum(python[0]), (a, b)
            else:
                assert repr(native[1:4]) == repr(python[1:4]), (a, b)


def outcome(function, at):
    try:
        return repr([float(v) for v in function(at)])
    except (ArithmeticError, ValueError):
        return "raised"


@pytest.mark.parametrize("text", [text for text, _ in FORMULAS])
def test_a_point_has_the_values_of_python(machine, monkeypatch, text):
    monkeypatch.setattr(walk, "WORTH", 0)
    tape = programs(text)[0].tape
    chance = np.random.default_rng(1)
    native, python = walk.single_of(tape, 3), _function(tape, careful=False, count=3)
    assert (native is None) is not walk.walks(tape)
    for at in [*itertools.product(HARD[::2], HARD[::3]), *chance.normal(0, 3, (100, 2)).tolist()]:
        assert native is None or outcome(native, at) == outcome(python, at), at


def test_a_long_formula_has_its_values_and_those_that_show_lost_digits(machine):
    text = " + ".join(f"exp({k}*x)*y^{k}" for k in range(40))
    program = programs(text)[0]
    assert len(program.tape.code) > walk.WORTH
    python = _function(program._observed, careful=False, count=3)
    native = walk.single_of(program._observed, 3)
    for at in ((0.1, 0.2), (30.0, 0.5), (-30.0, 2.0), (1, np.float64(2))):
        assert outcome(native, list(at)) == outcome(python, at) == outcome(native, at)
    program.prepare()
    assert program.point([0.1, 0.2]) == python([0.1, 0.2])[:3]


def test_points_that_are_none_are_refused(machine):
    steps = walk.Steps(2, 1)
    program, uniforms = steps.prepared(machine, (steps.step("add", 0, 0), 0))
    assert machine.single(program, uniforms, [2.0], 2, 0.0, 1.0) == [4.0, 2.0]
    assert machine.single(program, uniforms, (2,), 1, 0.0, 1.0) == [4.0, 1.0]
    for values in ([], [1.0, 2.0], 1.0, None):
        with pytest.raises(ValueError, match="expected a list of 1 numbers"):
            machine.single(program, uniforms, values, 2, 0.0, 1.0)
    for count in (-1, 3):
        with pytest.raises(ValueError, match="do not fit"):
            machine.single(program, uniforms, [1.0], count, 0.0, 1.0)
    with pytest.raises(TypeError):
        machine.single(program, uniforms, ["a"], 2, 0.0, 1.0)
    with pytest.raises(TypeError):
        machine.single(program, uniforms)


def test_what_the_machine_lacks_is_left_to_python(machine):
    assert not walk.is_alike("pgamma")
    assert not walk.is_alike("lgamma")
    assert walk.walks(programs("x^2 + y")[0].tape)
    assert not walk.walks(programs("lgamma(x) + y")[0].tape)


def test_without_the_machine_python_makes_the_steps(use):
    assert use(SECANT_NATIVE="off") is None
    program, gradient = programs("x^2 + y^2")
    assert not walk.walks(program.tape)
    found = paths(program, gradient, DESCENT, (1.0, 1.0), [0.1], False)
    assert found[1] == pytest.approx([0.8**407] * 2, rel=1e-12)


def test_programs_and_buffers_that_do_not_fit_are_refused(machine):
    gradient = walk.Steps(1, 1)
    total = gradient.step("mul", 0, 0)
    first, constants = gradient.prepared(machine, (total, total))
    rule = walk.Rule(DESCENT, 1)
    second, numbers = rule.prepared(machine, rule.outputs)
    limits, state, rows = np.array([-1.0, 9.0, 1e-9, 1e9, 1e-9, 1e9]), np.array([1.0]), np.empty((2, 1))

    def run(**changed):
        given = {"first": first, "second": second, "constants": constants, "numbers": numbers, "state": state, "rows": rows,
                 "wide": 1, "limits": limits, "count": 2, "n": 1, "valued": 0} | changed  # fmt: skip
        return machine.walk(*given.values())

    assert run() == (2, 0, 2)
    for changed in (
        {"n": 2}, {"n": 0}, {"n": -1}, {"wide": 3}, {"wide": 0}, {"valued": 1}, {"valued": 2}, {"count": 3}, {"count": -1},
        {"state": np.empty(2)}, {"limits": np.empty(5)}, {"numbers": np.empty(5)}, {"constants": np.empty(1)},
        {"first": second}, {"second": first}, {"rows": np.empty(0)},
    ):  # fmt: skip
        with pytest.raises(ValueError, match="do not fit"):
            run(**changed)
    for changed in ({"rows": 3}, {"state": b"12345678"}, {"limits": None}, {"count": "x"}):
        with pytest.raises((TypeError, BufferError)):
            run(**changed)


def searches(text, start, parameters, recorded, count=200, low=-1.0, high=1e100):
    """Return how many steps of backtracking are made in runs that follow each other, the end, and the rows."""
    program, _ = programs(text)
    function = read(text)
    made = BacktrackLoop(program, compile([function.outputs[0]], ("x", "y")))
    state, records = made.begin(start), [] if recorded else None
    found = [made.run(state, parameters, n, low, high, records) for n in (1, 3, count, 0, 7)]
    return found, state.x, [r.tobytes() for r in records or []]


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize(("text", "start"), FORMULAS, ids=[text for text, _ in FORMULAS])
def test_line_searches_make_the_same_steps(machine, monkeypatch, text, start, recorded):
    for first in (1.0, -1.0, 1e-3, 1e6):
        for shrink, armijo in ((0.5, 1e-4), (0.9, 0.3)):
            for x in (start, (1e-8, 1e-8), (30.0, -700.0), (-1e160, 1e160)):
                native = searches(text, x, (first, shrink, armijo), recorded)
                with monkeypatch.context() as m:
                    m.setattr(searchloop, "search_of", lambda *_: None)
                    python = searches(text, x, (first, shrink, armijo), recorded)
                assert repr(native) == repr(python), (first, shrink, x)


def test_a_line_search_of_many_steps_is_made_in_parts(machine, monkeypatch):
    monkeypatch.setattr(walk, "AT_ONCE", 7)
    text, start = FORMULAS[0]
    parts = searches(text, start, (1.0, 0.5, 1e-4), True)
    monkeypatch.setattr(searchloop, "search_of", lambda *_: None)
    python = searches(text, start, (1.0, 0.5, 1e-4), True)
    assert parts[:2] == python[:2]
    assert b"".join(parts[2]) == b"".join(python[2])


def test_programs_and_buffers_of_a_search_have_to_fit(machine):
    code = struct.pack("15i", *(3, 2, 0, 0, 0), *(3, 3, 0, 0, 0), *(1, 4, 0, 1, 0))
    gradient = machine.prepare(code, 2, 0, 5, struct.pack("3i", 2, 3, 4))
    whole = struct.pack("20i", *(3, 2, 0, 0, 0), *(3, 3, 0, 0, 0), *(1, 4, 0, 1, 0), *(1, 5, 0, 1, 0))
    good = machine.prepare(whole, 2, 0, 6, struct.pack("4i", 2, 3, 4, 5))
    trial = machine.prepare(code[:20], 2, 0, 3, struct.pack("i", 2))
    other = machine.prepare(struct.pack("5i", 3, 1, 0, 0, 0), 1, 0, 2, struct.pack("i", 1))
    six, four, state, rows = np.ones(6), np.ones(4), np.ones(4), np.ones(12)
    given = [good, trial, b"", b"", state, rows, six, four, 2, 5, False, True]
    machine.search(*given)
    for place, wrong in (
        (0, gradient),
        (1, other),
        (2, six),
        (3, six),
        (4, six),
        (5, np.ones(11)),
        (6, four),
        (7, six),
        (8, -1),
        (8, 3),
        (9, 0),
    ):
        with pytest.raises(ValueError, match="do not fit"):
            machine.search(*given[:place], wrong, *given[place + 1 :])
    with pytest.raises(TypeError, match="read-write"):
        machine.search(*given[:4], bytes(32), *given[5:])
