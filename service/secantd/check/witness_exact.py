"""The witness "exact": Secant's own derivative and algebra."""

from collections.abc import Sequence

from secantd.algebra import Light
from secantd.calculus import derivative, gradient
from secantd.calculus.forward import Users
from secantd.calculus.polynomial import terms_of
from secantd.check.clock import Clock
from secantd.check.trial import Difference, Trial
from secantd.check.verdict import Counterexample, Verdict, Witness, number
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, algebra, reachable, symbols
from secantd.interrupt import OutOfTimeError, deadline

__all__ = ["LOOKS", "Forms", "confirmed", "exact", "exact_partials", "sampled"]

# The most suspicious points that are looked at closely, for one variable.
LOOKS = 12
# From so many variables on, a map from each node to the nodes that use it pays.
MANY = 8
# Up to so many partials are printed in the shape of forward mode; of more, nobody reads them.
READ = 200
# Polynomials of more nodes are not multiplied out.
LARGEST_POLYNOMIAL = 300


def exact_partials(graph: Graph, output: Node, variables: Sequence[str]) -> tuple[tuple[Node | None, ...], str]:
    """Return ∂output/∂xᵢ for each variable, None where no rule is known, and the reason for the first None.

    Args:
        graph: The graph of `output`.
        output: The function.
        variables: The variables xᵢ.
    """
    try:
        return gradient(graph, output, variables), ""
    except CalculusError as error:
        if error.reason is not Reason.NOT_DIFFERENTIABLE:
            raise
    found: list[Node | None] = []
    why = ""
    for name in variables:
        try:
            found.append(derivative(graph, output, name))
        except CalculusError as error:
            if error.reason is not Reason.NOT_DIFFERENTIABLE:
                raise
            found.append(None)
            why = why or error.headline
    return tuple(found), why


class Forms:
    """The light forms of the derivatives and of the claims, as far as time allows.

    Args:
        graph: The graph of all nodes.
        output: The function.
        claims: The claim, a node for each variable.
        exact: The derivatives, None where no rule is known.
        variables: The variables of the derivative.
        seconds: The time.

    Attributes:
        derivatives: The light form of each derivative, None where no rule is known or the time ran out.
        proved: For each variable whether algebra proves that the claim is the derivative.
        in_time: Whether the time was sufficient.
    """

    def __init__(
        self, graph: Graph, output: Node, claims: Sequence[Node], exact: Sequence[Node | None],
        variables: Sequence[str], seconds: float,
    ) -> None:  # fmt: skip
        self.derivatives: list[Node | None] = [None] * len(claims)
        self.proved = [False] * len(claims)
        self.in_time = True
        light = Light(graph)
        users = Users(output) if len(variables) > MANY else None
        try:
            with deadline(seconds):
                for i, name in enumerate(variables):
                    node = exact[i]
                    if node is not None and len(variables) <= READ:
                        # Forward mode, as in Differentiate, gives the shape of a derivation by hand.
                        node = derivative(graph, output, name, users)
                    if node is not None:
                        self.derivatives[i] = light.of(node)
                for i, claim in enumerate(claims):
                    form = self.derivatives[i]
                    self.proved[i] = form is not None and same_expression(graph, light, form, claim)
        except OutOfTimeError:
            self.in_time = False


def same_expression(graph: Graph, light: Light, derivative: Node, claim: Node) -> bool:
    """Whether two expressions are equal by algebra: with the same light form, or as polynomials with equal terms.

    >>> from secantd.language import read
    >>> f = read("c(2*(x + 1), 2*x + 2, sin(x)^2, 1 - cos(x)^2)")
    >>> a, b, c, d = f.outputs
    >>> same_expression(f.graph, Light(f.graph), a, b), same_expression(f.graph, Light(f.graph), c, d)
    (True, False)
    """
    if light.of(claim) is light.of(derivative):
        return True
    difference = light.of(algebra.add(graph, [claim, algebra.neg(graph, derivative)]))
    if algebra.is_number(difference, 0.0):
        return True
    if len(reachable([difference])) > LARGEST_POLYNOMIAL:
        return False
    return terms_of(difference, symbols([difference])) == {}


def exact(
    trial: Trial, forms: Forms, why: str, texts: Sequence[str], clock: Clock
) -> tuple[Witness, Counterexample | None]:
    """Return the opinion that follows from our derivative, and the point where the claim fails.

    Args:
        trial: The claim at points.
        forms: The light forms.
        why: Why a derivative is not known.
        texts: The printed derivatives, "" for one that is not quoted.
        clock: The time.
    """
    counterexamples = []
    for i in range(len(trial.claims)):
        places = trial.suspicious(i)
        counterexample = trial.counterexample(i, sampled(places), clock) if places else None
        if counterexample is not None:
            counterexamples.append(counterexample)
            break
    if counterexamples:
        return refuted(counterexamples[0], texts), counterexamples[0]
    if all(forms.proved):
        return Witness("exact", Verdict.PROVED, "the claim and the derivative simplify to the same expression"), None
    if not all(trial.has_exact):
        return Witness("exact", Verdict.UNDECIDED, why), None
    looks: list[list[Difference]] = []
    for i in range(len(trial.claims)):
        suspicious = sampled(trial.suspicious(i))
        looks.append([trial.closer_look(i, j)[0] for j in suspicious if not clock.over])
        if len(looks[i]) < len(suspicious):
            message = "the values differ in double precision, and the time ran out before a closer look"
            return Witness("exact", Verdict.UNDECIDED, message), None
    # A point at which f has a kink, or no values nearby, is not evidence.
    compared = [int(trial.telling(i).sum()) - len(trial.suspicious(i)) for i in range(len(trial.claims))]
    if min(compared) < trial.fewest:
        few = "few points" if min(compared) else "no point"
        message = (
            f"there {'are' if min(compared) else 'is'} {few} at which the claim and the derivative can be compared"
        )
        return Witness("exact", Verdict.UNDECIDED, message), None
    if any(2 * looked.count(Difference.UNKNOWN) > count for looked, count in zip(looks, compared, strict=True)):
        message = "double precision cannot distinguish the claim from the derivative"
        return Witness("exact", Verdict.UNDECIDED, message), None
    late = "" if forms.in_time else "; the algebra ran out of time"
    points = "1 point" if min(compared) == 1 else f"{min(compared)} points"
    return Witness(
        "exact", Verdict.AGREES, f"a different expression from the derivative, with equal values at {points}{late}"
    ), None


def refuted(f: Counterexample, texts: Sequence[str]) -> Witness:
    """Return the opinion about a point at which the claim fails."""
    text = texts[f.position] if texts else ""
    finding = f"the derivative is {text}, which is" if text else "the derivative is"
    shown = number(f.true, f.claimed), number(f.claimed, f.true)
    return Witness("exact", Verdict.REFUTED, f"{finding} {shown[0]} there, and the claim is {shown[1]}")


def confirmed(trial: Trial, found: Counterexample, texts: Sequence[str]) -> Witness | None:
    """Return the opinion about a counterexample of another witness, None where a closer look does not confirm it."""
    different = trial.closer_look(found.position, found.index)[0] is Difference.DIFFERENT
    return refuted(found, texts) if different and trial.has_exact[found.position] else None


def sampled(places: Sequence[int]) -> list[int]:
    """Return LOOKS of the places: the first ones, and some of the rest.

    >>> sampled(range(100))
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 31, 54, 77]
    """
    if len(places) <= LOOKS:
        return list(places)
    first = LOOKS - 4
    return [*places[:first], *places[first :: -(-(len(places) - first) // 4)]]
