"""The reader of Rubi's files, the changes of claims, balls, and a run over a folder that is made here."""

import json
import re
import runpy
import sys
from fractions import Fraction
from pathlib import Path
from random import Random

import arb
import mpmath
import pytest
from alterations import altered, places
from judged import Settings, results, skipped
from maxima import BadLine, Row, parsed, read_line, row_lines
from runner import Collected, OtherRunError, Run, Worker, files_of, received, run
from same import Kind, by_sympy, proof_of_equality, sameness
from spelling import UnknownError, written
from trust import BEGIN, END, failures, section, summary, write_section

PROGRAM = Path(__file__).parent / "run.py"
FILE = """/* Maxima integration test file: of our own */

lst: '[

/* Integrands
   of two lines */
[cos(a+b*x),x,1,sin(a+b*x)/b],
[1/x,x,1,log(x),log(2*x)],
[%i*x,x,1,1/2*%i*x^2],
[x^2,x,1,1/2*x^3],
[x+,x,1,x],
[elliptic_e(x,2),x,1,x],
[2*x,x,1,x^2]]$
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A suite of one file."""
    found = tmp_path / "suite" / "1 Own"
    found.mkdir(parents=True)
    (found / "one.mac").write_text(FILE)
    return found.parent


@pytest.mark.parametrize(
    ("text", "at", "value"),
    [
        ("-x^2", {"x": 3}, -9),
        ("2^3^2", {}, 512),
        ("x/2*3", {"x": 4}, 6),
        ("1-2-3", {}, -4),
        ("(-2)/x^2", {"x": 2}, "-1/2"),
        ("-3/2*x", {"x": 2}, -3),
        ("x^(-1)", {"x": 4}, "1/4"),
        ("2^-1*8", {}, 4),
        ("1.5*x", {"x": 2}, 3),
    ],
)
def test_formulas_have_maximas_precedence(text: str, at: dict[str, int], value: object) -> None:
    found, _ = arb.jet(
        ("add", parsed(text), ("mul", ("number", "0"), ("name", "x"))),
        "x",
        {"x": arb.number(1)} | {k: arb.number(v) for k, v in at.items()},
    )
    assert found.real.contains(arb.number(Fraction(value)).real)
    assert (
        mpmath.mpf(eval(written(parsed(text)).replace("^", "**"), {}, {k: mpmath.mpf(v) for k, v in at.items()}))
        == mpmath.mpf(Fraction(value).numerator) / Fraction(value).denominator
    )


@pytest.mark.parametrize(
    "text", ["x+", "(x", "x)", "x y", "x $ 2", "f(x", "", "[1,2", "(" * 5000 + "x" + ")" * 5000, "2^" * 5000 + "2"]
)
def test_what_is_no_formula_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|unexpected|ends|deeper"):
        parsed(text)


def test_rows_keep_their_lines_and_bad_lines_are_reported(folder: Path) -> None:
    (path,) = files_of(folder)
    rows = [read_line("one.mac", number, text) for number, text in row_lines(path)]
    assert [row.line for row in rows] == [7, 8, 9, 10, 11, 12, 13]
    assert [r.reason for r in rows if isinstance(r, BadLine)] == ["expected a formula, found ,"]
    assert [skipped(row) for row in rows] == [
        "", "", "the imaginary unit", "", "cannot be read: expected a formula, found ,", "the function elliptic_e()", "",
    ]  # fmt: skip
    last = rows[-1]
    assert isinstance(last, Row)
    assert last.antiderivatives == (parsed("x^2"),)


@pytest.mark.parametrize("name", sorted(arb.ONE))
def test_each_function_has_the_values_and_slopes_of_mpmath(name: str) -> None:
    own = {"erfi": "erfi", "lnGAMMA": "loggamma", "ProductLog": "lambertw"}
    of_mpmath = getattr(mpmath, own.get(name, re.sub("^arc", "a", name)), None)
    for z in (mpmath.mpc("0.6", "0.3"), mpmath.mpc("1.7", "-0.4"), mpmath.mpc("-0.7", "0.2")):
        at = {"x": arb.number(float(z.real)) + arb.number(float(z.imag)) * arb.acb(0, 1)}
        value, slope = arb.jet(("call", name, (("name", "x"),)), "x", at)
        z = mpmath.mpc(float(z.real), float(z.imag))
        assert complex(of_mpmath(z)) == pytest.approx(complex(value), rel=1e-13)
        assert complex(mpmath.diff(of_mpmath, z)) == pytest.approx(complex(slope), rel=1e-6)


@pytest.mark.parametrize(("text", "function"), [("GAMMA(x)", mpmath.gamma), ("Psi(x)", mpmath.digamma), ("Psi(2,x)", lambda x: mpmath.psi(2, x)), ("GAMMA(5/2,x)", lambda x: mpmath.gammainc(2.5, x))])  # fmt: skip
def test_gamma_functions_have_the_values_of_mpmath(text: str, function: object) -> None:
    value, slope = arb.jet(parsed(text), "x", {"x": arb.number(1.75)})
    assert float(value.real) == pytest.approx(float(function(1.75)), rel=1e-13)  # type: ignore[operator]
    assert float(slope.real) == pytest.approx(float(mpmath.diff(function, 1.75)), rel=1e-7)


def test_a_change_is_one_number_or_sign_and_the_same_for_a_seed() -> None:
    tree = parsed("-2*x^3+a*sin(1-x)/5")
    found = [altered(tree, Random(seed)) for seed in range(60)]
    assert found == [altered(tree, Random(seed)) for seed in range(60)]
    assert {change[1] for change in found if change} == set(places(tree))
    assert all(change and change[0] != tree for change in found)
    assert altered(parsed("x"), Random(1)) is None


@pytest.mark.parametrize(
    ("old", "new", "path", "proof"),
    [
        ("log(2*x)", "log(3*x)", (0, 0), "a constant factor within a logarithm"),
        ("x*log(2*x)", "x*log(3*x)", (1, 0, 0), ""),
        ("x*cos(-x)", "x*cos(x)", (1, 0), "a sign within cos()"),
        ("x*sin(-x)", "x*sin(x)", (1, 0), ""),
        ("(-x)^4", "x^4", (0,), "a sign within an even power"),
        ("(-x)^3", "x^3", (0,), ""),
        ("x+a*3", "x+a*4", (1, 1), "a constant term of F"),
        ("x*(a*3)", "x*(a*4)", (1, 1), ""),
        ("(x+1)^2-2*x", "(x-1)^2-2*x", (0, 0), ""),
    ],
)
def test_a_change_keeps_equality_only_if_that_is_proved(
    old: str, new: str, path: tuple[int, ...], proof: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("same.by_sympy", lambda *_: "")
    assert proof_of_equality(parsed(old), parsed(new), path, "x", claim=False) == proof
    f = parsed("1")
    same = sameness(("sub", f, f), ("sub", parsed(old), parsed(new)), "x").kind
    assert same is (Kind.EQUAL if proof else Kind.DIFFERENT)


def test_sympy_proves_what_no_rule_finds() -> None:
    old, new = parsed("x*(a^2-b^2)/(a+b)"), parsed("x*(a^2-b^2)/(a+b)+log(3)*0")
    assert proof_of_equality(old, new, (), "x", claim=True) == "SymPy: the difference simplifies to 0"
    assert not by_sympy(old, parsed("x*(a^2-b^2)/(a-b)"), (), "x", True)


def test_functions_that_the_language_lacks_are_named() -> None:
    with pytest.raises(UnknownError, match=r"the function polylog\(\)"):
        written(parsed("x*polylog(2,x)"))


def test_a_run_finds_right_wrong_and_unknown_rows(folder: Path, tmp_path: Path) -> None:
    own = Run(folder, tmp_path / "state.jsonl", Settings(seed=3, seconds=60.0), "0", processes=1)
    records = run(own, show=False)
    verdicts = {r["name"]: r["verdict"] for r in records if "name" in r}
    assert verdicts["1 Own/one.mac:7"] in ("PROVED", "AGREES")
    assert verdicts["1 Own/one.mac:8 (2)"] == "PROVED"
    # The suite's own error is confirmed by balls.
    assert verdicts["1 Own/one.mac:10"] == "suite error"
    assert sum("skipped" in r for r in records) == 3
    assert all(r["verdict"] in ("REFUTED", "equal") for r in records if r.get("changed"))
    assert failures(records) == []
    head = json.loads(own.state.read_text().partition("\n")[0])
    assert "| 1 Own | 7 | 4 |" in summary(head, records, "2026-11-28")

    # A run that is stopped within a row does that row again, and no other.
    lines = own.state.read_text().split("\n")
    closing = [i for i, line in enumerate(lines) if '"row"' in line]
    own.state.write_text("\n".join(lines[: closing[2] + 2])[:-3])
    again = run(own, show=False)
    assert sorted(json.dumps({**r, "seconds": 0}) for r in again) == sorted(
        json.dumps({**r, "seconds": 0}) for r in records
    )
    with pytest.raises(OtherRunError, match="seed was 3, now 4"):
        run(Run(folder, own.state, Settings(seed=4, seconds=60.0), "0", processes=1), show=False)

    page = tmp_path / "trust.md"
    page.write_text(f"# Trust\n\n{BEGIN}\nold\n{END}\n\nmore\n")
    write_section(page, section(head, records, "2026-11-28", 0.5))
    text = page.read_text()
    assert text.startswith("# Trust\n\n")
    assert text.endswith("\n\nmore\n")
    assert "old" not in text
    assert "one.mac:10: at x" in text
    page.write_text("# Trust\n")
    with pytest.raises(ValueError, match="lacks the lines"):
        write_section(page, text)


def test_the_row_at_which_a_process_dies_is_reported(tmp_path: Path) -> None:
    worker = Worker(Settings())
    worker.give([("a.mac", 1, "[2*x,x,1,x^2]"), ("a.mac", 2, "[2*x,x,1,x^2]")])
    todo: list[tuple[str, int, str]] = []
    with (tmp_path / "state").open("w") as state:
        kept = Collected([], state, 2, 2, show=False)
        worker.process.kill()
        worker.process.join()
        while worker.lines[0][1] == 1:
            worker = received(worker, todo, kept, Settings())
        worker.kill()
    assert [r.get("verdict") for r in kept.all] == ["INTERNAL", None]
    assert kept.all[0]["message"] == "the process ended with exit code -9"
    assert [line[1] for line in worker.lines] == [2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing"], "there is no folder missing"),
        (["."], "has no .mac file"),
        (["suite", "--chapter", "9"], "whose path begins with '9'"),
        (["suite", "--seeds", "2"], "unrecognized arguments"),
        (["suite", "--sample", "0"], "0 is not at least 1"),
        (["suite", "--seconds", "nan"], "not between 0 and 1000"),
        ([], "required: folder"),
    ],
)
def test_wrong_arguments_are_explained(
    arguments: list[str],
    message: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder.parent / "empty").mkdir()
    monkeypatch.chdir(folder.parent / "empty" if arguments[:1] == ["."] else folder.parent)
    monkeypatch.setattr(sys, "argv", [str(PROGRAM), *arguments, "--wire", "0"])
    with pytest.raises(SystemExit) as found:
        runpy.run_path(str(PROGRAM), run_name="__main__")
    assert found.value.code == 2
    assert message in capsys.readouterr().err


def test_one_row_takes_both_its_claims_over_the_same_seed() -> None:
    row = read_line("a.mac", 1, "[2*a*x,x,1,a*x^2]")
    assert isinstance(row, Row)
    found = results(row, Settings(seed=8, seconds=60.0))
    assert [(r.name, r.verdict) for r in found] == [("a.mac:1", "PROVED"), ("a.mac:1 *", "REFUTED")]
    assert found[1].changed == results(row, Settings(seed=8, seconds=60.0))[1].changed
