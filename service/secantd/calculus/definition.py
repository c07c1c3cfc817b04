"""The derivative of a polynomial from the limit of its difference quotient."""

from collections.abc import Sequence
from fractions import Fraction
from math import comb

from secantd.calculus.derivation import Derivation
from secantd.calculus.formulas import formula, spelling_of
from secantd.calculus.polynomial import Terms, terms_of, to_node
from secantd.calculus.results import Formula
from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.language import Function, Notation
from secantd.settings import Limits
from secantd.shown import printable

__all__ = ["by_definition"]

# Of a higher degree the binomials would fill the page.
LARGEST_DEGREE = 12


def by_definition(
    function: Function,
    output: Node,
    answer: Node,
    variable: str,
    notations: Sequence[Notation],
    limits: Limits,
    notices: list[str],
) -> list[Derivation]:
    """Return the steps f(x + h), f(x + h) - f(x), the difference quotient, and its limit as h goes to 0.

    Args:
        function: The function.
        output: Its formula, or a derivative of it.
        answer: The derivative, as `differentiate` gives it.
        variable: The variable.
        notations: The notations of the formulas; empty: the function's own.
        limits: The limits that apply.
        notices: Receives remarks about the answer.

    Raises:
        CalculusError: INVALID_VALUE where f is not a polynomial in one variable with numbers as coefficients.

    >>> from secantd.language import read
    >>> f = read("x^2 + 2*x + 3")
    >>> from secantd.calculus.derivative import light_derivative
    >>> answer = light_derivative(f, f.outputs[0], ["x"])
    >>> [s.result.text for s in by_definition(f, f.outputs[0], answer, "x", (), Limits(), [])][2:]
    ['2 * x + h + 2', '2 + 2 * x']
    """
    terms = terms_of(output, [variable])
    if terms is None or max((k[0] for k in terms), default=0) > LARGEST_DEGREE:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the derivation from the definition covers polynomials in {variable} of degree up to {LARGEST_DEGREE}",
            "request the derivation by rules instead",
            field="by_definition",
        )
    step_name = "h" if variable != "h" else "k"
    shown_name = spelling_of(function, notations[0] if notations else function.notation).texts.get(
        variable
    ) or printable(variable)
    graph = function.graph
    names = [variable, step_name]
    moved: Terms = {}
    for (n, *_), c in terms.items():
        for k in range(n + 1):
            moved[n - k, k] = moved.get((n - k, k), Fraction(0)) + c * comb(n, k)
    difference: Terms = {key: c for key, c in moved.items() if key[1]}
    quotient: Terms = {(key[0], key[1] - 1): c for key, c in difference.items()}

    def shown(node: Node) -> Formula:
        return formula(function, node, notations, limits, notices=notices, as_written=node is not answer)

    with function.lock:
        whole = shown(output)
        lines = [
            (f"replace {shown_name} by {shown_name} + {step_name}", to_node(graph, names, moved)),
            (f"subtract f: every remaining term contains {step_name}", to_node(graph, names, difference)),
            (f"divide by {step_name} to get the difference quotient", to_node(graph, names, quotient)),
            (f"let {step_name} go to 0 to get the derivative", answer),
        ]
        steps = []
        for i, (sentence, node) in enumerate(lines):
            result = shown(node)
            left = (
                f"f({shown_name} + {step_name})",
                f"f({shown_name} + {step_name}) - f({shown_name})",
                "quotient",
                "limit",
            )[i]
            steps.append(
                Derivation("definition", whole, result, (), f"{sentence}: {left} = {result.text}", len(lines) - 1 - i)
            )
    return steps
