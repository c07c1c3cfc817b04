"""The derivative of a polynomial from the limit of its difference quotient."""

from collections.abc import Sequence
from fractions import Fraction
from math import comb

from secantd.calculus.answers import Formula
from secantd.calculus.formulas import formula
from secantd.calculus.polynomial import Terms, terms_of, written
from secantd.calculus.steps import Step
from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.language import Function, Notation
from secantd.settings import Limits

__all__ = ["by_definition"]

# Beyond, the binomials fill the page.
LARGEST_DEGREE = 12


def by_definition(
    function: Function, output: Node, answer: Node, variable: str, notations: Sequence[Notation], limits: Limits
) -> list[Step]:
    """Return the steps f(x + h), f(x + h) - f(x), the quotient, and its limit as h goes to 0.

    Raises:
        CalculusError: INVALID_VALUE where f is no polynomial in one variable with numbers for coefficients,
            or where h is a variable already.

    >>> from secantd.language import read
    >>> f = read("x^2 + 2*x + 3")
    >>> from secantd.calculus.derivative import light_derivative
    >>> answer = light_derivative(f, f.outputs[0], ["x"])
    >>> [s.result.text for s in by_definition(f, f.outputs[0], answer, "x", (), Limits())][2:]
    ['2 * x + h + 2', '2 + 2 * x']
    """
    terms = terms_of(output, [variable])
    if terms is None or max((k[0] for k in terms), default=0) > LARGEST_DEGREE:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the definition is worked out for polynomials in {variable} of degree up to {LARGEST_DEGREE}",
            "ask for the rules instead",
            field="by_definition",
        )
    step_name = "h" if variable != "h" else "k"
    graph = function.graph
    names = [variable, step_name]
    moved: Terms = {}
    for (n, *_), c in terms.items():
        for k in range(n + 1):
            moved[n - k, k] = moved.get((n - k, k), Fraction(0)) + c * comb(n, k)
    difference: Terms = {key: c for key, c in moved.items() if key[1]}
    quotient: Terms = {(key[0], key[1] - 1): c for key, c in difference.items()}

    def shown(node: Node) -> Formula:
        return formula(function, node, notations, limits)

    with function.lock:
        whole = shown(output)
        lines = [
            (f"put {variable} + {step_name} for {variable}", written(graph, names, moved)),
            (
                "take f away: what is left holds h in every term".replace(" h ", f" {step_name} "),
                written(graph, names, difference),
            ),
            (f"divide by {step_name}: the difference quotient", written(graph, names, quotient)),
            (f"let {step_name} go to 0: the derivative", answer),
        ]
        steps = []
        for i, (sentence, node) in enumerate(lines):
            result = shown(node)
            left = (
                f"f({variable} + {step_name})",
                f"f({variable} + {step_name}) - f({variable})",
                "quotient",
                "limit",
            )[i]
            steps.append(
                Step("definition", whole, result, (), f"{sentence}: {left} = {result.text}", len(lines) - 1 - i)
            )
    return steps
