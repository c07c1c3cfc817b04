"""The functions of the module `secant`: one server for all of them, in threads, forked children and workers."""

import inspect
import os
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pytest
import secant
from secant import rpcs

NAMES = rpcs.__all__


def python(program, cwd=None, **environment):
    """Run a program in a Python of its own."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)] if cwd is None else [sys.executable, program],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def ended_well(ended, *lines):
    assert (ended.returncode, ended.stdout.splitlines(), ended.stderr) == (0, list(lines), "")


def keywords(function):
    return {name for name, p in inspect.signature(function).parameters.items() if p.kind is p.KEYWORD_ONLY}


def test_evaluate_takes_all_arguments_of_the_clients_and_of_files():
    from secant import _functions, files

    assert set(_functions.IN_MEMORY) == keywords(secant.Client.evaluate)
    assert set(_functions.OF_FILES) == keywords(files.evaluate)


@pytest.fixture
def used(real):
    """The functions of the module ask the server of all tests."""
    secant.use(real)
    yield real
    secant.use(None)


@pytest.mark.parametrize("name", NAMES)
def test_each_method_of_a_client_is_a_function_of_the_module(name):
    function, method = getattr(secant, name), getattr(secant.Client, name)
    assert (function.__name__, function.__module__) == (name, "secant" if name != "evaluate" else "secant._functions")
    if name != "evaluate":  # which also reads files
        assert function.__doc__ == method.__doc__
        assert [*inspect.signature(function).parameters] == [*inspect.signature(method).parameters][1:]
    assert ">>> " in function.__doc__
    assert pickle.loads(pickle.dumps(function)) is function


def test_signatures_have_the_names_of_types():
    shown = str(inspect.signature(secant.gradient))
    assert shown.startswith("(f: Function, *variables: str, at: Point | None = None, direction: Point | None = None,")
    assert "numpy" not in shown


def test_points_in_memory_and_files_are_told_apart_by_their_types(used, tmp_path):
    (tmp_path / "points.csv").write_text("x,y\n1,2\n3,4\n")
    assert secant.evaluate("x*y", {"x": [1, 3], "y": [2, 4]}).value.tolist() == [2, 12]
    for files in (tmp_path / "points.csv", str(tmp_path / "points.csv"), [tmp_path / "points.csv"]):
        [batch] = secant.evaluate("x*y", files)
        assert batch.to_pydict() == {"value": [2.0, 12.0]}
    with pytest.raises(TypeError, match="evaluate\\(\\) of points in memory has no argument 'output'"):
        secant.evaluate("x", {"x": [1]}, output="out.csv")
    with pytest.raises(TypeError, match="evaluate\\(\\) of files has no argument 'shapes'"):
        secant.evaluate("x", "points.csv", shapes={"x": 2})


def test_another_server_is_used_when_it_is_named(real):
    secant.use(real.target)
    try:
        assert secant.describe().limits["steps"].value == real.describe().limits["steps"].value
    finally:
        secant.use(None)
    with pytest.raises(TypeError, match='the server must be "host:port", or a client'):
        secant.use(50051)
    program = """
        import os, sys, secant

        for where in ("parent", "child"):
            print(secant.differentiate("x^2", "x"), "secantd" in sys.modules, flush=True)
            if where == "parent" and os.fork():
                os._exit(os.waitpid(-1, 0)[1])
    """
    ended_well(python(program, SECANT_SERVER=real.target), *["2 * x False"] * 2)


def test_parts_of_the_package_are_imported_when_they_are_named():
    program = """
        import sys
        import secant
        print("secant.sql" in sys.modules, secant.sql.fit.__name__, secant.many.descend.__name__, secant.dask.gradient.__name__)
    """
    ended_well(python(program), "False fit descend gradient")


def test_threads_share_one_server_and_forked_children_have_their_own():
    program = """
        import os, sys, threading
        from concurrent.futures import ThreadPoolExecutor
        import secant
        from secant import _shared

        with ThreadPoolExecutor(8) as pool:
            made = {*pool.map(lambda i: (str(secant.differentiate("x^2", "x")), id(_shared._SHARED.client())), range(16))}
        print(len(made), len([t for t in threading.enumerate() if t.name == "secant-local"]))
        gradient = secant.gradient("x^2*y")
        for _ in range(2):
            sys.stdout.flush()
            if (pid := os.fork()) == 0:
                print(secant.differentiate("x^3", "x"), gradient([1, 2]))
                sys.exit(0)  # with all that the interpreter does at its end
            assert os.waitpid(pid, 0)[1] == 0
        print(secant.differentiate("x^4", "x"), gradient([2, 1]), secant.descend("x^2", {"x": 1.0}).result().reason)
        next(secant.descend("x^2", {"x": 1.0}, rate=1e-9))
        next(secant.evaluate_stream("x", ({"x": [1.0 * i]} for i in range(9))))
    """
    ended_well(python(program), "1 1", *["3 * x^2 [4. 1.]"] * 2, "4 * x^3 [4. 4.] CONVERGED")


@pytest.mark.parametrize("start", ["fork", pytest.param("spawn", marks=pytest.mark.long)])
def test_workers_of_multiprocessing_call_the_functions(tmp_path, start):
    (tmp_path / "workers.py").write_text(
        textwrap.dedent(f"""
            import multiprocessing
            import secant

            if __name__ == "__main__":
                print(secant.differentiate("x^2", "x"))
                with multiprocessing.get_context({start!r}).Pool(2) as pool:
                    print([str(d) for d in pool.map(secant.differentiate, ["x^3", "x^4"])])
        """)
    )
    ended_well(python("workers.py", tmp_path), "2 * x", "['3 * x^2', '4 * x^3']")


def test_a_call_that_runs_keeps_the_server_at_a_fork():
    program = """
        import os, secant

        descent = secant.descend("x^2", {"x": 1.0}, rate=1e-9, tolerance=0, max_steps=100000)
        next(descent)
        if (pid := os.fork()) == 0:
            try:
                secant.differentiate("x^2", "x")
            except secant.Error as error:
                print(error.status, flush=True)
            os._exit(0)
        os.waitpid(pid, 0)
        print(descent.result().reason)
    """
    ended_well(python(program), "FAILED_PRECONDITION", "STEPS_SPENT")


def test_numbers_of_numpy_are_points(used):
    np.testing.assert_array_equal(secant.gradient("x*y", at={"x": np.float32(2), "y": np.int64(3)}).gradient, [3, 2])


def test_enclosures_hold_the_exact_value(used):
    pytest.importorskip("flint", reason="python-flint is not installed")
    found = secant.evaluate("exp(x) - 1", {"x": [1e-9]}, enclosures=True)
    assert found.lower.value[0] <= 1.0000000005000000e-09 <= found.upper.value[0]


@pytest.mark.parametrize(("notation", "hint"), [("pyton", False), ("julia", True)])
def test_a_notation_that_is_not_read_is_refused_and_one_of_answers_has_a_hint(notation, hint):
    with pytest.raises(ValueError, match="must be r, python, textbook or latex") as problem:
        secant.differentiate("x^2", "x", notation=notation)
    assert ("use notations=" in str(problem.value)) is hint


def test_a_setting_of_a_wrong_type_is_named():
    with pytest.raises(TypeError, match="rate='fast'"):
        secant.descend("x^2", {"x": 1}, rate="fast")
