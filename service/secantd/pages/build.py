"""From a request to pages."""

from collections.abc import Sequence
from dataclasses import replace

from secantd import calculus
from secantd.calculus.derivative import light_derivative
from secantd.calculus.explain import Explanation
from secantd.calculus.formulas import note
from secantd.calculus.point import component, scalar
from secantd.errors import CalculusError, Reason
from secantd.expression import symbols
from secantd.language import Function, Notation
from secantd.pages.derivation import MOST_BLOCKS, Derived, section
from secantd.pages.differentials import (
    MOST_STEPS,
    blocks_by_definition,
    differential_blocks,
    ended,
    written_formula,
)
from secantd.pages.document import Page, Section
from secantd.pages.formats import FORMATS, PageFormat, WrittenPage
from secantd.pages.sentences import Words, language_of
from secantd.pages.written import LONGEST, Pen, Written
from secantd.settings import DEFAULT_LIMITS, Limits

__all__ = ["explained"]

# More variables of f are not listed in f(x, y).
MOST_NAMES = 4
# The limits that a page does not have: it shows the first steps, and an ellipsis for a long formula.
SHORTENED = ("derivation_steps", "output_length")


def explained(
    function: Function,
    variables: Sequence[str] = (),
    notations: Sequence[Notation] = (),
    definition: bool = False,
    *,
    gradient: bool = False,
    formats: Sequence[PageFormat] = (),
    language: str = "",
    limits: Limits | None = None,
) -> Explanation:
    """Return the derivation of a derivative, with a page in each of some formats.

    Args:
        function: A scalar function.
        variables: The variables to differentiate with respect to, in order; empty: the only variable, or all for a gradient.
        notations: The notations of the formulas; empty: the function's own.
        definition: Whether to derive it from the limit of the difference quotient, for polynomials of one variable.
        gradient: Whether to derive all first partial derivatives instead of one of higher order.
        formats: The formats of pages.
        language: The language of the pages: "en" or "ko"; "": English.
        limits: The limits that apply.

    Raises:
        CalculusError: As for `calculus.explain`; INVALID_VALUE for an unknown language.

    >>> from secantd.language import read
    >>> print(explained(read("x^2 - 2"), formats=[PageFormat.TEXT]).pages[0].text)
    Derivative with respect to x
    <BLANKLINE>
      f(x) = x^2 - 2
    <BLANKLINE>
    1. Sum rule:  (u + v)' = u' + v'
       d/dx [x^2 - 2]
         = d/dx [x^2] - d/dx [2]
         = 2 * x - 0               (power rule, derivative of a constant)
         = 2 * x                   (simplify)
    <BLANKLINE>
    Answer
      df/dx = 2 * x
    """
    words = language_of(language)
    limits = limits or DEFAULT_LIMITS
    try:
        answer = calculus.explain(function, variables, notations, definition, gradient=gradient, limits=limits)
    except CalculusError as error:
        if not formats or error.reason is not Reason.LIMIT_EXCEEDED or error.metadata.get("name") not in SHORTENED:
            raise
        found = calculus.differentiate(function, variables, notations=notations, naming=None, limits=limits)
        answer = Explanation((), found.derivative, found.variables, found.notices, found.shape)
    if not formats:
        return answer
    notices = list(answer.notices)
    chosen = [*(notations or ()), function.notation, Notation.R]
    notation = next(n for n in chosen if n in (Notation.R, Notation.PYTHON))
    page = page_of(function, answer, notation, definition, gradient, words, limits, notices)
    for remark in [r for r in page.remarks if r != words.sentence("kinks")] if words.language == "en" else ():
        note(notices, remark)
    pages = tuple([WrittenPage(f, FORMATS[f](page)) for f in formats])
    return replace(answer, pages=pages, notices=tuple(notices))


def page_of(
    function: Function,
    answer: Explanation,
    notation: Notation,
    definition: bool,
    gradient: bool,
    words: Words,
    limits: Limits,
    notices: list[str],
) -> Page:
    """Return the content of the page."""
    pen = Pen(function, notation, notices)
    remarks: list[str] = []
    several = gradient and len(answer.variables) > 1
    if function.arrays or definition:
        sections = of_steps(function, answer, pen, definition, words, limits, remarks)
    else:
        sections = of_rules(function, answer.variables, pen, several, words, limits, remarks)
    if pen.cut:
        remarks.append(words.sentence("long", n=LONGEST))
    names = ", ".join(pen.name(v).text for v in answer.variables)
    result = None
    if several:
        entries = [s.result.latex.partition(" = ")[2] for s in sections]
        texts = [s.result.text.partition(" = ")[2] for s in sections]
        opening, closing = ("c(", ")") if notation is Notation.R else ("[", "]")
        latex = r"\begin{pmatrix} " + r" \\ ".join(entries) + r" \end{pmatrix}"
        result = Written(f"grad f = {opening}{', '.join(texts)}{closing}", rf"\nabla f = {latex}")
    title = words.sentence("gradient", x=names) if several else sections[0].title
    return Page(
        words.language,
        title,
        tuple(sections),
        result,
        tuple(remarks),
        words.sentence("plan"),
        words.sentence("answer"),
        words.sentence("parts"),
    )


def of_rules(
    function: Function,
    variables: Sequence[str],
    pen: Pen,
    several: bool,
    words: Words,
    limits: Limits,
    remarks: list[str],
) -> list[Section]:
    """Return a section for each differentiation of a function of numbers."""
    output = node = scalar(function)
    sections: list[Section] = []
    number, left, steps = 1, MOST_BLOCKS, 0
    shown: dict[tuple[int, str], int] = {}
    with function.lock:
        for i, variable in enumerate(variables):
            done = [variable] if several else variables[: i + 1]
            answer = light_derivative(function, output, done, limits=limits)
            made = Derived(function, node, answer, variable, pen, words, number, left, shown)
            key = "partial" if made.partial else "derivative"
            title = words.sentence("higher" if i and not several else key, x=made.variable.text)
            name = value_name(function, pen) if not i or several else order_name(pen, variables[:i], made.partial)
            found = section(made, title, pen.equation(name, pen.expression(node)))
            left_side = order_name(pen, done, made.partial)
            sections.append(replace(found, result=equation(left_side, found.result)))
            number, left, steps = made.number, max(made.left, 1), steps + made.steps
            if made.kinks and words.sentence("kinks") not in remarks:
                remarks.append(words.sentence("kinks"))
            if not several:
                node = answer
    if steps > number - 1:
        remarks.append(words.sentence("shortened", shown=number - 1, all=steps))
    return sections


def of_steps(
    function: Function,
    answer: Explanation,
    pen: Pen,
    definition: bool,
    words: Words,
    limits: Limits,
    remarks: list[str],
) -> list[Section]:
    """Return a section for each differentiation whose steps `calculus.explain` makes."""
    both = (pen.notation, Notation.LATEX)
    steps = calculus.explain(function, answer.variables, both, definition, limits=limits).steps
    output = component(function) if function.arrays else scalar(function)
    sections: list[Section] = []
    number = 1
    for i, part in enumerate(ended(steps)):
        variable = pen.name(answer.variables[i])
        left = order_name(pen, answer.variables[: i + 1], partial=len(symbols([output])) > 1)
        blocks = (
            blocks_by_definition(part, variable, pen, words, number)
            if definition
            else differential_blocks(part, variable, left, words, number)
        )
        number += len(blocks)
        if len(part) > MOST_STEPS:
            remarks.append(words.sentence("shortened", shown=MOST_STEPS, all=len(part)))
        key = "by definition" if definition else "differential"
        title = words.sentence("higher" if i else key, x=variable.text)
        given = equation(value_name(function, pen), written_formula(part[-1].expression))
        if i:
            given = written_formula(part[-1].expression)
        sections.append(Section(title, given, tuple(blocks), equation(left, written_formula(part[-1].result))))
    return sections


def equation(left: Written, right: Written) -> Written:
    """Return left = right, of any length."""
    return Written(f"{left.text} = {right.text}", f"{left.latex} = {right.latex}", 0, 0)


def value_name(function: Function, pen: Pen) -> Written:
    """Return f(x, y)."""
    names = [pen.name(v) for v in function.variables]
    if not names or len(names) > MOST_NAMES:
        return Written("f", "f")
    return Written(f"f({', '.join(n.text for n in names)})", rf"f({', '.join(n.latex for n in names)})")


def order_name(pen: Pen, variables: Sequence[str], partial: bool) -> Written:
    """Return df/dx, or the derivative of higher order with respect to variables."""
    names = [pen.name(v) for v in variables]
    n = len(names)
    d, command = ("∂", r"\partial ") if partial else ("d", "d")
    counts = {name.text: sum(other.text == name.text for other in names) for name in names}
    order = f"^{n}" if n > 1 else ""
    under = " ".join(f"{d}{x}" + (f"^{k}" if k > 1 else "") for x, k in counts.items())
    by_text = {name.text: name.latex for name in names}
    below = r" \, ".join(f"{command}{by_text[x]}" + (f"^{{{k}}}" if k > 1 else "") for x, k in counts.items())
    above = f"{command.strip()}^{{{n}}} f" if n > 1 else f"{command}f"
    if len(counts) > 1:
        under = f"({under})"
    return Written(f"{d}{order}{' ' * (n > 1)}f/{under}", rf"\frac{{{above}}}{{{below}}}")
