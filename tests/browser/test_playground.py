"""The playground in a real browser: what a student on the first day and an author who checks a gradient do with it."""

import hashlib
import math
import re
import urllib.request
from urllib.parse import quote

import numpy as np
import pytest

from .conftest import serving

BOTH = pytest.mark.parametrize("screen", ["en", "ko"], indirect=True)
LIMIT = 150_000


def in_(screen, english, korean):
    return korean if screen.language == "ko" else english


def numbers(text):
    return [float(n.replace("−", "-")) for n in re.findall(r"[−-]?\d+(?:\.\d+)?(?:e[−-]?\d+)?", text)]


@BOTH
def test_a_derivative_appears_as_mathematics_while_a_formula_is_typed(screen):
    page = screen.open()
    page.fill("#f", "x^3/3 + sin(y)")
    screen.says("#derivatives p[data-variable=y]", "cos")
    assert page.locator("#derivatives math").count() == 2
    # The fraction is exact: no decimal.
    assert page.locator("#derivatives").inner_text().count(".") == 0
    assert page.locator("label[for=f]").inner_text() == in_(screen, "Function", "함수")


def test_an_error_has_its_caret_under_the_very_character(screen):
    page = screen.open("f=" + quote("x^2 + * y"))
    screen.says("#f-error", "expected")
    lines = page.locator("#f-error pre").inner_text().split("\n")
    assert lines[0] == "x^2 + * y"
    assert lines[1].index("^") == lines[0].index("*")
    assert page.locator("#f-error mark").inner_text() == "*"
    page.fill("#f", "x^2 + y")
    page.locator("#derivatives math").first.wait_for()
    assert page.locator("#f-error").inner_text() == ""
    screen.complaints.clear()


@pytest.mark.parametrize(
    ("language", "part"),
    [("R", "2 * x"), ("PYTHON", "2*x"), ("LATEX", "2 x"), ("C", "double f_gradient"), ("JULIA", "function f_gradient"),
     ("JAVASCRIPT", "export function f_gradient")],
)  # fmt: skip
def test_code_of_the_derivative_can_be_copied(screen, language, part):
    page = screen.open("f=x^2")
    page.click("#code summary")
    page.click(f"[data-language={language}]")
    screen.says("#source", part)


@BOTH
def test_the_tangent_follows_the_pointer_and_the_secant_turns_into_it(screen):
    page = screen.open("f=x^2&at=x:1&h=1")
    screen.says("#quotients", "f′(1) = 2")
    rows = page.locator("#quotients tbody tr").all_inner_texts()
    # Forward (x+h)^2 - x^2 = 3, backward 1, central 2.
    assert [numbers(row)[0] for row in rows] == [3.0, 1.0, 2.0, 2.0]
    box = page.locator("#curve").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    x = float(re.search(r"at=x%3A([-\d.]+)", page.url)[1])
    assert 1.5 < x < 2.5
    screen.says("#quotients", f"f({x:g}) =")
    assert numbers(page.locator("#quotients p").inner_text())[3] == pytest.approx(2 * x, rel=1e-9)
    page.locator("#h-slider").fill("-2")
    screen.says("#h-shown", "0.01")
    page.click("[data-scheme=central]")
    assert page.locator("[data-scheme=central]").get_attribute("aria-pressed") == "true"
    screen.says("#best", in_(screen, "smallest error", "가장 작습니다"))


def test_a_kink_has_no_tangent(screen):
    screen.open("f=abs(x)&at=x:0")
    screen.says("#quotients", "no tangent here")


@BOTH
def test_contours_show_the_gradient_and_a_double_click_starts_a_descent(screen):
    page = screen.open("f=" + quote("x^2 + 2*y^2") + "&at=x:2,y:1")
    screen.says("#at-point", "∇f = (4, 4)")
    box = page.locator("#contours").bounding_box()
    page.mouse.dblclick(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.3)
    screen.says("#outcome strong", in_(screen, "converged", "수렴"))
    assert page.locator("#tab-descent").get_attribute("aria-selected") == "true"
    assert "start=x%3A" in page.url


@BOTH
def test_a_rate_has_its_verdict_before_and_after(screen):
    page = screen.open("f=" + quote("x^2 + 2*x + 3") + "&tab=descent&start=x:2&rate=1.02&box=-6,4")
    screen.says("#outcome", in_(screen, "2/L = 1", "2/L = 1"))
    screen.says("#outcome", in_(screen, "diverges", "발산합니다"))
    page.click("#outcome button")
    screen.says("#outcome strong", in_(screen, "converged · minimum", "수렴 · 극소"))
    # The best rate reaches the minimum in one step.
    assert page.locator("#trace tbody tr").count() == 2


def test_the_lecture_s_descent_takes_its_636_steps(screen):
    page = screen.open(
        "f=" + quote("x^2 + 2*x + 3") + "&tab=descent&start=x:0.883646125995533&rate=0.01&method=fixedRate"
    )
    screen.says("#outcome strong", "converged")
    last = page.locator("#trace tbody tr").last.inner_text().split()
    assert last[:2] == ["636", "−0.99999505"]


def test_methods_are_compared_side_by_side(screen):
    page = screen.open("f=" + quote("100*(y - x^2)^2 + (1 - x)^2") + "&tab=descent&start=x:-1.2,y:1&method=bfgs&also=1")
    page.locator("#trace tbody tr").nth(4).wait_for()
    assert "BFGS" in page.locator("#trace").inner_text()


def test_a_saddle_is_named(screen):
    screen.open("f=" + quote("x^2 - y^2") + "&tab=descent&start=x:2,y:0&rate=0.1")
    screen.says("#outcome strong", "saddle")


@BOTH
def test_the_derivation_is_the_textbook_page_in_the_language_of_the_page(screen):
    page = screen.open("f=" + quote("(x^2 - 2)/(x^3 + 1)") + "&tab=derivation")
    screen.says("#page summary", in_(screen, "Quotient rule", "몫의 미분법"))
    page.click("#page summary")
    assert page.locator("#page details").first.get_attribute("open") is None


@BOTH
def test_a_claim_is_refuted_with_its_mistake_and_a_picture(screen):
    page = screen.open("f=" + quote("x^2*sin(x)") + "&tab=check")
    page.fill("#claim", "2*x*cos(x)")
    page.click("#check button[type=submit]")
    screen.says("#verdict strong", in_(screen, "Not right", "틀렸습니다"))
    screen.says("#verdict", "the derivative of a product is not the product of the derivatives")
    page.locator("#differ").wait_for(state="visible")
    page.fill("#claim", "2*x*sin(x) + x^2*cos(x)")
    page.click("#check button[type=submit]")
    screen.says("#verdict strong", in_(screen, "Right, proved", "맞습니다"))
    assert page.locator("#differ").is_hidden()
    page.click(f"#verdict summary:has-text('{in_(screen, 'Proof that Coq checks', 'Coq이 검증하는 증명')}')")
    screen.says("#verdict pre", "is_derive (fun")


def test_a_verdict_without_a_proof_has_the_reason(screen):
    page = screen.open("f=" + quote("gamma(x)") + "&tab=check&claim=" + quote("gamma(x)*digamma(x)"))
    screen.says("#verdict strong", "Right, proved")
    screen.says("#verdict .quiet", "no certificate: gamma()")
    assert page.locator("#verdict pre").count() == 0


def test_every_corner_of_a_surface_is_inside_its_picture(screen):
    page = screen.open("f=" + quote("x^3/3 + sin(y)"))
    page.locator("#surface").wait_for(state="visible")
    border = """async () => {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const canvas = document.querySelector("#surface"), c = canvas.getContext("2d"), [w, h] = [canvas.width, canvas.height];
      const painted = (x, y, dx, dy) => c.getImageData(x, y, dx, dy).data.some((v, k) => k % 4 === 3 && v > 0);
      return [painted(0, 0, w, h), painted(0, 0, w, 1) || painted(0, h - 1, w, 1) || painted(0, 0, 1, h) || painted(w - 1, 0, 1, h)];
    }"""
    while not page.evaluate(border)[0]:
        page.wait_for_timeout(50)
    for turn in (0, 0.8, 1.6, 2.4):
        page.locator("#turn").fill(str(turn))
        for tilt in (0.1, 0.8, 1.5):
            page.locator("#tilt").fill(str(tilt))
            assert page.evaluate(border) == [True, False], (turn, tilt)


def test_a_gradient_is_claimed_in_the_order_that_the_page_shows(screen):
    page = screen.open("f=" + quote("100*(y - x^2)^2 + (1 - x)^2") + "&tab=check")
    screen.says("label[for=claim]", "c(∂f/∂x, ∂f/∂y)")
    page.fill("#claim", "c(-400*x*(y - x^2) - 2*(1 - x), 200*(y - x^2))")
    page.click("#check button[type=submit]")
    screen.says("#verdict strong", "Right, proved")
    page.fill("#claim", "c(-400*x*(y - x^2) - 2*(1 - x), 100*(y - x^2))")
    page.click("#check button[type=submit]")
    screen.says("#verdict strong", "Not right")
    page.locator("#differ").wait_for(state="visible")


def test_two_formulas_are_compared(screen):
    page = screen.open("f=" + quote("sin(x)^2 + cos(x)^2") + "&tab=check&order=0&claim=1")
    screen.says("#verdict strong", "Right, proved")
    assert page.locator("#verdict").inner_text().count("equal") >= 1


def test_an_exercise_puts_its_function_into_the_page(screen):
    page = screen.open("tab=check")
    page.locator("ol.exercises button").nth(1).click()
    screen.says("#derivatives math", "cos")
    assert page.locator("#f").input_value() == "x^2*sin(x)"
    page.locator("ol.exercises summary").nth(1).click()
    assert "Product rule" in page.locator("ol.exercises li").nth(1).inner_text()


@BOTH
def test_data_are_fitted_with_standard_errors(screen):
    x, y = np.array([0.0, 1, 2, 3, 4]), np.array([1.1, 2.9, 5.2, 6.8, 9.1])
    page = screen.open("tab=data")
    page.fill(
        "#csv", "x;y;name\n" + "\n".join(f"{a:g};{str(b).replace('.', ',')};a" for a, b in zip(x, y, strict=True))
    )
    screen.says("#rows", in_(screen, "5 rows, columns x, y", "5행"))
    page.locator("#data button").last.click()
    page.locator("#fitted tbody tr").nth(1).wait_for()
    found = [numbers(row.split("\t", 1)[1]) for row in page.locator("#fitted tbody tr").all_inner_texts()]
    design = np.stack([np.ones(5), x], axis=1)
    best, rest, *_ = np.linalg.lstsq(design, y, rcond=None)
    # Of the likelihood, whose variance has the divisor n.
    errors = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * rest[0] / 5)
    assert np.ravel(found) == pytest.approx([best[0], errors[0], best[1], errors[1]], rel=1e-3)
    page.locator("#fit-curve").wait_for(state="visible")


def test_wrong_data_are_refused_with_their_line(screen):
    page = screen.open("tab=data")
    page.fill("#csv", "x,y\n1,2\n3,four\n")
    screen.says("#rows", "line 3: 'four' is no number")
    page.fill("#csv", "x,y\n1,2\n3\n")
    screen.says("#rows", "line 3 has 1 entries, the first line has 2")


@BOTH
def test_every_example_opens(screen):
    page = screen.open()
    count = page.locator("#preset option").count()
    assert count > 12
    for k in range(count - 1):
        page.select_option("#preset", str(k))
        page.locator("#derivatives math").first.wait_for()
        assert page.locator("#preset").input_value() == str(k)
    page.wait_for_timeout(500)


def test_the_address_is_all_of_the_page(screen, make):
    page = screen.open()
    page.fill("#f", "cos(x)*x")
    page.locator("#derivatives math").first.wait_for()
    page.click("#tab-derivation")
    page.click("#theme")
    address = page.url
    other = make()
    other.page.goto(address)
    other.says("#page", "Product rule")
    assert other.page.locator("#f").input_value() == "cos(x)*x"
    assert other.page.locator("html").get_attribute("data-theme") == "dark"
    assert other.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert other.context.cookies() == []
    other.context.close()


HOSTILE = [
    "f=" + quote("<img src=x onerror=alert(1)>"),
    "f=" + quote("`<script>alert(1)</script>`^2"),
    "f=" + quote('`"><svg onload=alert(1)>` * x') + "&tab=derivation",
    "f=x&tab=" + quote("<script>alert(1)</script>") + "&lang=" + quote("<b>") + "&theme=" + quote('"onclick="alert(1)'),
    "f=x^2&at=" + quote("x:<script>,y:NaN,__proto__:1") + "&box=1,1&h=-1&method=constructor",
    "f=x^2&tab=check&claim=" + quote("<script>alert(1)</script>"),
    "f=x&tab=data&data=" + quote("<script>,y\n1,2") + "&model=" + quote("</textarea><script>alert(1)</script>"),
    "%E0%A4%A&f=%",
    "f=" + "x%2B" * 3000 + "x",
]


@pytest.mark.parametrize("fragment", HOSTILE)
def test_scripts_in_the_address_are_text(screen, fragment):
    page = screen.open(fragment)
    page.wait_for_timeout(700)
    assert page.locator("main script, main img, main svg").count() == 0
    # Refusals are reported by the browser as answers with an error status; nothing else is.
    assert [c for c in screen.complaints if "status of 400" not in c] == []
    screen.complaints.clear()


def test_a_server_that_wants_a_token_is_given_one(make, tmp_path):
    tokens = tmp_path / "tokens"
    tokens.write_text(hashlib.sha256(b"sesame").hexdigest() + "\n")
    with serving("--tokens", str(tokens)) as guarded:
        other = make(address=guarded)
        page = other.open("f=x^3")
        page.fill("#f-error input", "sesame")
        page.keyboard.press("Enter")
        page.locator("#derivatives math").first.wait_for()
        other.says("#quotients", "f(1) = 1")
        other.context.close()


def test_tabs_are_moved_by_the_arrow_keys(screen):
    page = screen.open("f=x^2")
    page.locator("#tab-picture").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tab-descent"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.id") == "tab-data"


@pytest.mark.parametrize("screen", ["en", "ko"], indirect=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("tab", ["picture", "descent", "derivation", "check", "data"])
def test_there_are_no_barriers(screen, axe, theme, tab):
    page = screen.open(f"f={quote('x^2 + 2*y^2')}&tab={tab}&theme={theme}&claim={quote('c(2*x, y)')}")
    page.locator("#derivatives math").first.wait_for()
    page.wait_for_timeout(800)
    page.evaluate(axe)
    found = page.evaluate(
        "axe.run().then((result) => result.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
    )
    assert found == []


def test_nothing_is_wider_than_a_phone(make):
    for tab in ("picture", "descent", "derivation", "check", "data"):
        phone = make(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
        page = phone.open(f"f={quote('x^2*exp(-x)')}&tab={tab}")
        page.locator("#derivatives math").first.wait_for()
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, tab
        phone.context.close()


def test_all_files_together_are_small(address, screen):
    page = screen.open("f=x^2")
    page.locator("#derivatives math").first.wait_for()
    urls = {url for url in screen.requests if url.startswith(address) and "/secant." not in url}
    total = 0
    for url in urls:
        asked = urllib.request.Request(url.partition("#")[0], headers={"accept-encoding": "gzip"})
        with urllib.request.urlopen(asked) as reply:
            total += len(reply.read())
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    print(f"{len(urls)} files, {total} bytes gzipped, first paint after {painted:.0f} ms")
    assert 0 < total < LIMIT
    assert math.isfinite(painted)
