"""Derivations as pages, from Python and from the shell."""

import pytest
import secant
from secant.results._page import is_inert_page
from secant.v1 import derivative_pb2

from .commands import formula

PAGES = {
    1: "text of the page",
    2: "% latex",
    3: '<div class="secant-page"><p>page</p></div>',
    4: "# markdown",
}


def explained(request, context):
    return derivative_pb2.ExplainResponse(
        derivative=formula("2 * x"),
        variables=["x"],
        pages=[derivative_pb2.Page(format=f, text=PAGES[f]) for f in request.formats],
    )


def test_an_explanation_has_a_page_in_each_format(real):
    found = real.explain("log(x^2 - 2)", language="ko", notations=["r", "latex"])
    assert "합성함수의 미분법 (연쇄법칙)" in str(found)
    assert list(found.pages) == ["text", "latex", "html", "markdown"]
    assert found.page("latex").endswith(f"= {found.derivative.renderings['latex']}\n\\end{{equation*}}")
    assert found._repr_html_() == found.page("html")
    assert is_inert_page(found.page("html"))
    with pytest.raises(ValueError, match="format must be one of text, latex, html, markdown; got 'pdf'"):
        found.page("pdf")
    with pytest.raises(secant.InvalidArgument, match="the languages are 'en' and 'ko'"):
        real.explain("x^2", language="tlh")
    assert real.explain("x^2*y", gradient=True).variables == ("x", "y")


def test_a_page_is_saved_in_the_format_of_its_ending(faults, client, tmp_path):
    faults.answers["Explain"] = explained
    found = client.explain("x^2")
    for ending, text in ((".txt", PAGES[1]), (".tex", PAGES[2]), (".html", PAGES[3]), (".md", PAGES[4])):
        found.save(tmp_path / f"page{ending}")
        assert text in (tmp_path / f"page{ending}").read_text("utf-8")
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(ValueError, match=r"must end with one of \.txt, \.tex, \.html, \.htm, \.md"):
        found.save(tmp_path / "page.pdf")


def test_the_page_of_an_older_server_is_its_steps(faults, client, run):
    faults.answers["Explain"] = lambda request, context: derivative_pb2.ExplainResponse(
        derivative=formula("1"),
        steps=[derivative_pb2.Derivation(text="one step", expression=formula("x"), result=formula("1"))],
    )
    found = client.explain("x")
    assert (str(found), found._repr_html_()) == ("one step", None)
    with pytest.raises(ValueError, match="older than this client"):
        found.page("html")
    assert run("explain", "x").stdout == "one step\n"
    assert run("explain", "x", "--format", "html").exit_code == 1


@pytest.mark.parametrize(
    "page",
    [
        "<div><script>alert(1)</script></div>",
        '<div onclick="alert(1)"></div>',
        '<div style="background:url(//x)"></div>',
        '<div><a href="//x">x</a></div>',
        '<!DOCTYPE x [<!ENTITY a "b">]><div>&a;</div>',
        "<div>",
        "",
        '<div xmlns="http://www.w3.org/2000/svg"><image/></div>',
        '<math><maction actiontype="statusline">x</maction></math>',
    ],
)
def test_a_notebook_shows_no_page_that_could_do_something(faults, client, page):
    reply = derivative_pb2.ExplainResponse(derivative=formula("1"), pages=[derivative_pb2.Page(format=3, text=page)])
    faults.answers["Explain"] = lambda request, context: reply
    assert client.explain("x")._repr_html_() is None


def test_the_command_writes_a_page(faults, run, tmp_path):
    faults.answers["Explain"] = explained
    assert run("explain", "x^2").stdout == "text of the page\n"
    assert run("explain", "x^2", "--format", "markdown", "-o", "-").stdout == "# markdown\n"
    file = tmp_path / "page.html"
    assert run("explain", "x^2", "--language", "ko", "--gradient", "-o", str(file)).stdout == ""
    assert (faults.requests[-1].language, faults.requests[-1].gradient) == ("ko", True)
    assert PAGES[3] in file.read_text("utf-8")
    found = run("explain", "x^2", "-o", str(tmp_path / "page.pdf"))
    assert (found.exit_code, "a FILE that ends with one of .txt, .tex, .html, .htm, .md" in found.stderr) == (2, True)
