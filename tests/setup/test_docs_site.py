"""The site of the documentation: its references are complete, and its links lead somewhere."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import secant
from secant.v1 import calculus_service_pb2

HOME = Path(__file__).parents[2]
sys.path.insert(0, str(HOME))

from docs.site import api, docstrings, links, pages, rd  # noqa: E402
from docs.site.text import blocks, slug  # noqa: E402

SERVICE = calculus_service_pb2.DESCRIPTOR.services_by_name["CalculusService"]
MAN = HOME / "clients" / "r" / "man"


@pytest.fixture(scope="module")
def contract():
    return api.pages(HOME / "protos", {})


def test_the_contract_has_a_heading_for_each_call_and_an_entry_for_each_field(contract):
    calls = contract["calculus_service"]
    assert [rpc.name for rpc in SERVICE.methods if f"\n### {rpc.name}\n" not in calls] == []
    missing = []
    for rpc in SERVICE.methods:
        page = contract[Path(rpc.input_type.file.name).stem]
        part = page.partition(f"\n## {rpc.input_type.name}\n")[2].partition("\n## ")[0]
        missing += [
            f.full_name for f in rpc.input_type.fields if not re.search(rf"^`{f.name}` = {f.number}, ", part, re.M)
        ]
    assert missing == []


def test_comments_of_the_contract_are_its_text(contract):
    assert "```\nINVALID_ARGUMENT    SYNTAX_ERROR" in contract["calculus_service"]
    assert r"`ERROR_REASON_TIME_LIMIT` = 8" in contract["error"]
    assert "Differentiate returns one derivative" in contract["calculus_service"]


def test_every_public_name_of_the_python_package_has_a_heading():
    found = docstrings.pages()
    headings = {
        line.lstrip("# ").replace("\\", "")
        for text in found.values()
        for line in text.splitlines()
        if line.startswith("#")
    }
    methods = {name for name in dir(secant.Client) if not name.startswith("_")}
    assert (set(secant.__all__) | methods) - headings == set()


def test_signatures_have_the_types_that_the_source_has():
    assert "    f: Function,\n    *variables: str,\n" in docstrings.pages()["client"]


def test_every_topic_of_r_is_a_page_with_its_title():
    found, topics = rd.pages(MAN)
    aliases = {
        a.replace("\\%", "%")
        for f in MAN.glob("*.Rd")
        for a in re.findall(r"^\\alias\{(.*)\}$", f.read_text("utf-8"), re.M)
    }
    assert aliases - set(topics) == set()
    assert set(topics.values()) == set(found)
    assert all(text.startswith("# ") for text in found.values())


def test_help_of_r_becomes_markdown():
    text = r"""\name{f}
\alias{f}
\title{A title}
\usage{
\method{print}{secant_trace}(x, ..., sep = "\\n")
}
\arguments{
\item{x}{One of \code{\link[=g]{g()}} and \code{\link[stats:optim]{stats::optim()}}: 50\% of \eqn{|\nabla f|}{|grad f|}.}
}
\description{
A list:
\itemize{
\item one, \emph{two}
\item a*b
}
}
\examples{
\dontshow{if (TRUE) withAutoprint(\{ # examplesIf}
x <- 7 \%\% 3
\dontshow{\}) # examplesIf}
}
"""
    page = rd.topic(text).page({"g": "other"})
    assert "One of [`g()`](other.md) and `stats::optim()`: 50% of $|\\nabla f|$." in page
    assert '```r\n## Method of print for class secant_trace\nprint(x, ..., sep = "\\n")\n```' in page
    assert "- one, *two*\n- a\\*b\n" in page
    assert page.endswith("```r\nx <- 7 %% 3\n```\n")


def test_code_with_fences_stays_code():
    text = "\\name{f}\\title{t}\\description{d}\\examples{\n```{secant}\nx\n```\n}"
    assert rd.topic(text).page({}).endswith("## Examples\n\n````r\n```{secant}\nx\n```\n````\n")


def test_unknown_macros_of_r_are_named():
    with pytest.raises(ValueError, match=r"unknown macro \\foo"):
        rd.topic("\\name{f}\\title{t}\\description{\\foo{x}}")


def test_prose_stays_prose_and_indented_lines_are_code():
    assert blocks("a*b\n  x = 1\nthen `c_d`") == "a\\*b\n\n```\nx = 1\n```\n\nthen `c_d`"
    assert slug("How `R` constructs are, well, read") == "how-r-constructs-are-well-read"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        pytest.param('<a href="b.html">', "a.html: no file b.html", id="a file that is missing"),
        pytest.param('<a href="#b">', "a.html: no anchor #b", id="an anchor that is missing"),
        pytest.param('<p id="b"><a href="#b">', None, id="an anchor"),
        pytest.param('<a href="../../x.html">', "a.html: no file ../../x.html", id="a file outside of the site"),
        pytest.param('<a href="https://example.org">', None, id="a link to another site"),
        pytest.param(
            '<img src="https://example.org/x.png">',
            "a.html: loads https://example.org/x.png from a network",
            id="an image",
        ),
        pytest.param('<script src="//x.org/y.js">', "a.html: loads //x.org/y.js from a network", id="a script"),
        pytest.param(
            "<style>@import 'https://x.org/a.css'</style>",
            "a.html: loads https://x.org/a.css from a network",
            id="a style",
        ),
    ],
)
def test_a_link_that_leads_nowhere_is_a_fault(tmp_path, body, fault):
    (tmp_path / "a.html").write_text(body)
    assert list(links.faults(tmp_path)) == ([fault] if fault else [])


def test_links_of_a_page_to_files_that_have_no_page_become_their_names():
    own = {"docs/a.md": "a", "docs/arrays.md": "arrays"}
    text = "[x](arrays.md#loops), [the server](../service/secantd), [y](https://a.org)\n\n```\n[z](arrays.md)\n```\n"
    changed, _ = pages.adapted("docs/a.md", text, own)
    assert changed == "[x](arrays.md#loops), `the server`, [y](https://a.org)\n\n```\n[z](arrays.md)\n```\n"
    with pytest.raises(SystemExit, match=r"docs/a\.md: no file nowhere\.md"):
        pages.adapted("docs/a.md", "[x](nowhere.md)", own)


def test_the_same_example_in_two_languages_is_a_pair_of_tabs():
    text = "```python\n>>> 1\n1\n```\n\n```r\n1\n#> [1] 1\n```\n\nText\n"
    changed, _ = pages.adapted("docs/a.md", text, {"docs/a.md": "a"})
    assert changed.count("tab-item") == 2
    assert changed.endswith(":::::\n\nText\n")


@pytest.mark.long
def test_the_site_is_built_without_a_fault():
    if importlib.util.find_spec("furo") is None:
        pytest.skip("the extra docs is not installed: ./dev docs installs it")
    done = subprocess.run(
        [sys.executable, "-m", "docs.site", "--no-examples"], cwd=HOME, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    site = HOME / "build" / "site"
    assert (site / "api" / "calculus_service.html").is_file()
    if shutil.which("node"):
        words = {
            "경사하강법": "lessons/ko/4-descent",
            "미분": "lessons/ko/1-derivative",
            "TIME_LIMIT": "api/calculus_service",
            "backtick": "language",
        }
        searching = ["node", str(HOME / "docs" / "site" / "search.js"), str(site), *words]
        lines = subprocess.run(searching, capture_output=True, text=True, check=True).stdout.splitlines()
        found = {word: line.split() for word, line in zip(words, lines, strict=True)}
        assert [word for word, page in words.items() if page not in found[word]] == []
