"""Files of claims: `secant check FILE`, the hook for pre-commit and the action for GitHub."""

import contextlib
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from secant.command import claims
from secant.v1 import check_pb2

from .commands import inside

ROOT = Path(__file__).parents[2]

TABLE = """\
f,claim,variable,assume
x^3,3*x^2,x,
"x^2*y","c(2*x*y, x^2)",x y,
x^3,3*x,x,x > 0; x < 9

# products
x^2 + * y,2*x,x,
x^2,a,b,c,d
,1,x,
"""

PAGE = """\
# Rules
```python
d/dx x = 7
```
```secant
d/dx x*exp(x) = (1 + x)*exp(x)
grad x^2*y = c(2*x*y, x^2)
# comment
hessian x^2 = 2
sqrt(x^2) = x where x > 0, x < 9

d/dx dnorm(x, log = TRUE) = -x
d/dx ifelse(x == 0, 0, x^2) = 2*x
x^2 <= 3
```
text = text
~~~~ secant
f = 1
~~~
g = 2
~~~~
````markdown
```secant
shown = 1
```
````
```secant
last = 1
"""


def test_claims_of_a_table_have_their_lines_variables_and_assumptions():
    found = list(claims.of_table(TABLE))
    assert [(c.line, c.f, c.claimed, c.variables) for c in found[:3]] == [
        (2, "x^3", "3*x^2", ("x",)),
        (3, "x^2*y", "c(2*x*y, x^2)", ("x", "y")),
        (4, "x^3", "3*x", ("x",)),
    ]
    assert found[2].how == {"assume": ("x > 0", "x < 9")}
    assert [(c.line, c.problem) for c in found if c.problem] == [
        (8, "5 cells, but the first line has 4; put a formula with commas in double quotes"),
        (9, "f or its claim is empty"),
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("f\tclaim\tvariable\nx^2\t2*x\tx\n", "claims.tsv"),
        ("f;claim;variable\nx^2;2*x;x\n", "claims.csv"),
        ('\n"Variables","Claimed","F","source"\r\n"x","2*x","x^2","p. 7"\r\n', "claims.csv"),
    ],
)
def test_tables_have_any_delimiter_and_order_of_columns(text, path):
    (found,) = claims.of_table(text, path)
    assert (found.f, found.claimed, found.variables) == ("x^2", "2*x", ("x",))


def test_a_formula_of_several_lines_in_quotes_is_one_claim_at_its_first_line():
    found = list(claims.of_table('f,claim\n"function(x) {\n x^2\n}",2*x\nx,1\n'))
    assert [(c.line, c.problem) for c in found] == [(2, ""), (5, "")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty; its first line must name the columns"),
        ("x^2,2*x\n", "c.csv:1: no column 'f'; the first line must name the columns: f,claim,variable"),
        ("f,variable\n", "no column 'claim'"),
        ("f,claim,variabel\n", "unknown column 'variabel'; did you mean 'variable'?"),
        ("f,claim,claimed\n", "two columns have the name 'claim'"),
    ],
)
def test_a_table_without_its_columns_is_refused(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        list(claims.of_table(text, "c.csv"))


def test_any_text_is_claims_or_refused(tmp_path):
    letters = random.Random(5)
    signs = '",;\t\n\r#`~=xyf claim|\0()[]é1.5d/dx '
    texts = ["".join(letters.choice(signs) for _ in range(40)) for _ in range(60)]
    for text in [
        *texts,
        *(f"f,claim\n{t}" for t in texts),
        *(f"```secant\n{t}" for t in texts),
        f"f,claim\n{'x' * 200_000},1",
    ]:
        for name in ("c.csv", "c.tsv", "c.md"):
            (tmp_path / name).write_text(text, newline="")
            with contextlib.suppress(ValueError):
                assert all(c.problem or (c.f and c.claimed) for c in claims.claims(str(tmp_path / name)))


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [("order", "3", "not 0, 1 or 2"), ("tolerance", "1%", "not a number"), ("notation", "matlab", "not r, python")],
)
def test_a_setting_that_is_none_is_a_problem_of_its_row(column, cell, message):
    (found,) = claims.of_table(f"f,claim,{column}\nx,1,{cell}\n")
    assert message in found.problem


def test_claims_of_a_page_are_the_lines_of_its_blocks():
    found = list(claims.of_page(PAGE))
    assert [(c.line, str(c), c.how) for c in found if not c.problem] == [
        (6, "d/dx x*exp(x) = (1 + x)*exp(x)", {}),
        (7, "(x^2*y)' = c(2*x*y, x^2)", {}),
        (9, "hessian x^2 = 2", {"order": 2}),
        (10, "sqrt(x^2) = x", {"order": 0, "assume": ("x > 0", "x < 9")}),
        (12, "d/dx dnorm(x, log = TRUE) = -x", {}),
        (13, "d/dx ifelse(x == 0, 0, x^2) = 2*x", {}),
        (18, "f = 1", {"order": 0}),
        (20, "g = 2", {"order": 0}),
        (28, "last = 1", {"order": 0}),
    ]
    assert [c.line for c in found if c.problem] == [14, 19]


VERDICTS = {"3*x^2": "PROVED", "3*x": "REFUTED", "c(2*x*y, x^2)": "AGREES", "2*x": "", "1": "UNDECIDED"}


def answered(request, context):
    word = VERDICTS[request.claimed.text]
    if not word:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "expected\n  x\n  ^")
    return check_pb2.CheckResponse(verdict=f"VERDICT_{word}", message=",".join([*request.assumptions, "why"]))


@pytest.fixture
def table(tmp_path, faults):
    faults.answers["Check"] = answered

    def write(text, name="claims.csv"):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


def test_each_claim_is_a_line_with_its_place_and_the_worst_is_the_exit_code(run, table, monkeypatch):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    file = table(TABLE)
    found = run("check", file, "--assume", "n integer")
    assert found.stdout.replace(file, "claims.csv").splitlines() == [
        "claims.csv:2: PROVED: d/dx x^3 = 3*x^2: n integer,why",
        "claims.csv:3: AGREES: (x^2*y)' = c(2*x*y, x^2): n integer,why",
        "claims.csv:4: REFUTED: d/dx x^3 = 3*x: n integer,x > 0,x < 9,why",
        "claims.csv:7: FAILED: d/dx x^2 + * y = 2*x: expected",
        "  x",
        "  ^",
        "claims.csv:8: FAILED: 5 cells, but the first line has 4; put a formula with commas in double quotes",
        "claims.csv:9: FAILED: f or its claim is empty",
    ]
    assert (found.exit_code, found.stderr) == (2, "6 claims: 1 AGREES, 3 FAILED, 1 PROVED, 1 REFUTED\n")
    quiet = run("check", "--quiet", file)
    assert (quiet.exit_code, quiet.stdout.count(file)) == (2, 4)
    shown = [json.loads(line) for line in run("check", file, "--json").stdout.splitlines()]
    assert [(s["line"], s["answer"].get("verdict")) for s in shown][2:4] == [(4, "REFUTED"), (7, None)]


@pytest.mark.parametrize(
    ("rows", "code"),
    [("x,3*x^2\n", 0), ("x,3*x\nx,1\n", 1), ("x,1\nx,3*x^2\n", 3), ("x,3*x\nx,2*x\n", 2), ("", 0)],
)
def test_the_exit_code_of_a_file_is_that_of_its_worst_claim(run, table, rows, code):
    assert run("check", "-q", table(f"f,claim\n{rows}")).exit_code == code


def test_several_files_are_checked_in_their_order(run, table):
    found = run("check", table("f,claim\nx,3*x^2\n"), table("```secant\nd/dx x = 3*x\n```\n", "rules.md"))
    assert [line.rpartition("/")[2].split(" ")[:2] for line in found.stdout.splitlines()[:1]] == [
        ["claims.csv:2:", "PROVED:"]
    ]
    assert (found.exit_code, "rules.md:2: REFUTED" in found.stdout) == (1, True)


def test_in_github_actions_what_is_not_right_is_shown_at_its_line(run, table, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    file = table("f,claim\nx,3*x\nx,3*x^2\n")
    assert f"::error file={file},line=2,title=secant check::REFUTED: why\n" in run("check", file).stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["no-such.csv"], "no-such.csv cannot be read: No such file or directory"),
        (["x^2"], 'Give CLAIMED, secant check "x^2" "2*x", or files of claims, whose names end in .csv, .tsv, .md'),
        ([], "Give F and CLAIMED, secant check"),
        (["x^2", "2*x", "-q"], "--quiet needs files of claims"),
    ],
)
def test_what_is_missing_is_named(run, args, message):
    found = run("check", *args)
    assert (found.exit_code, message in " ".join(found.stderr.split())) == (2, True)


def test_without_a_server_the_same_lines_are_printed(tmp_path, monkeypatch):
    monkeypatch.delenv("SECANT_SERVER", raising=False)
    (tmp_path / "claims.csv").write_text("f,claim\nx^3,3*x^2\nx^3,3*x\n")
    monkeypatch.chdir(tmp_path)
    found = inside("check", "claims.csv")
    assert found.stdout.splitlines() == [
        "claims.csv:2: PROVED: (x^3)' = 3*x^2: the claim is the derivative, proved by Secant's algebra",
        "claims.csv:3: REFUTED: (x^3)' = 3*x: at x = 2 the claim is 6, but the derivative with respect to x is 12",
    ]
    assert (found.returncode, found.stderr) == (1, "2 claims: 1 PROVED, 1 REFUTED\n")


def test_the_hooks_match_files_of_claims_and_run_a_command_that_exists():
    yaml = pytest.importorskip("yaml")
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    table, page = hooks["secant-check"], hooks["secant-check-markdown"]
    assert [re.search(table["files"], name) is not None for name in ("a/claims.csv", "claims-2.tsv", "data.csv")] == [
        True,
        True,
        False,
    ]
    assert all(claims.is_file_of_claims(name) for name in ("a/claims.csv", "claims-2.tsv"))
    assert all(re.search(page["files"], f"a{s}") for s in (".md", ".qmd", ".Rmd"))
    assert {hook["entry"] for hook in hooks.values()} == {"secant check --quiet"}


def test_the_step_of_the_action_checks_several_files(tmp_path):
    yaml = pytest.importorskip("yaml")
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    step = action["runs"]["steps"][-1]
    bin = tmp_path / "secant" / "bin"
    bin.mkdir(parents=True)
    (bin / "secant").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from secant.command import main; main()" "$@"\n'
    )
    (bin / "secant").chmod(0o755)
    (tmp_path / "a.csv").write_text("f,claim\nx^3,3*x^2\n")
    (tmp_path / "b.md").write_text("```secant\nd/dx x^3 = 3*x\n```\n")
    values = {"inputs.files": "*.csv\n b.md", "inputs.arguments": "--witness exact"}
    filled = {name: values[text.strip("${ }")] for name, text in step["env"].items()}
    environment = {k: v for k, v in os.environ.items() if k != "SECANT_SERVER"} | filled
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        env=environment | {"RUNNER_TEMP": str(tmp_path), "GITHUB_ACTIONS": "true"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout.split(" ")[:2]) == (1, ["b.md:2:", "REFUTED:"])
    assert "::error file=b.md,line=2,title=secant check::REFUTED" in done.stderr
