"""Textbook notation and LaTeX over the wire: the names in a request tell how its text is read, and answers come in R or LaTeX."""

import pytest
import secant
from secant import InvalidArgument


@pytest.fixture(scope="module")
def client(server):
    with secant.connect(server.address, timeout=120) as found:
        yield found


def test_answers_to_textbook_notation_are_in_r_and_to_latex_in_latex(client):
    assert client.differentiate("2x² + sin x", "x", notation="textbook").text == "4 * x + cos(x)"
    assert client.differentiate(r"x^3 - 3x", "x", notation="latex").text == "3 x^{2} - 3"
    assert client.differentiate(r"\frac{1}{x}", "x", notation="latex", notations="r").text == "-(1/x^2)"


def test_the_names_of_a_request_make_a_word_a_product_or_a_variable(client):
    assert [f.text for f in client.gradient("ab", "a", "b", notation="textbook").partials] == ["b", "a"]
    assert client.differentiate("ab", "ab", notation="textbook").text == "1"
    assert client.evaluate("ab", {"a": 2.0, "b": 3.0}, notation="textbook").values[0] == 6.0
    assert list(client.evaluate("xy", {"x": [1.0, 2.0], "y": [3.0, 4.0]}, notation="textbook").values) == [3.0, 8.0]
    with pytest.raises(InvalidArgument, match=r"has two readings: a\*b or one variable ab"):
        client.differentiate("ab", notation="textbook")


def test_a_variable_may_be_written_as_in_the_text(client):
    assert client.differentiate(r"\mu_0 x_{1}", r"\mu_0", notation="latex").text == "x_{1}"
    assert client.evaluate(r"\mu_0 x_{1}", {"mu_0": 2.0, "x_{1}": 3.0}, notation="latex").values[0] == 6.0


def test_a_sum_over_data_is_differentiated(client):
    data = {"x": [1.0, 2.0, 3.0], "y": [2.0, 4.0, 6.5]}
    found = client.gradient(
        r"\frac{1}{n}\sum_{i=1}^{n} (y_i - a - b x_i)^2", "a", "b", notation="latex", data=data, at={"a": 1.0, "b": 2.0}
    )
    residuals = [y - 1 - 2 * x for x, y in zip(data["x"], data["y"], strict=True)]
    slope = -2 * sum(r * x for r, x in zip(residuals, data["x"], strict=True)) / 3
    assert [p.value for p in found.partials] == pytest.approx([-2 * sum(residuals) / 3, slope])


def test_the_least_squares_of_a_page_have_their_gradient(client):
    found = client.gradient(r"\lVert y - \Phi\theta\rVert^2", r"\theta", notation="latex", notations="r")
    assert found.partials[0].text == "-2 * t(Phi) %*% (y - Phi %*% theta)"


def test_a_claim_is_read_in_the_notation_of_the_function(client):
    found = client.check(r"e^{2x^3}", r"6x^2 e^{2x^3}", "x", notation="latex")
    assert found.verdict in ("PROVED", "AGREES")


def test_textbook_notation_is_not_written(client):
    for call in (client.differentiate, client.export):
        with pytest.raises(InvalidArgument, match="formulas are not written in TEXTBOOK"):
            call("x^2", "x", notation="textbook", notations="textbook")


def test_the_error_of_two_readings_points_into_the_text(client):
    with pytest.raises(InvalidArgument) as caught:
        client.differentiate("3 + 1/2x", "x", notation="textbook")
    assert "  3 + 1/2x\n      ^^^^\n" in str(caught.value)
