"""The witness "exact": our own derivative and our own algebra."""

from collections.abc import Sequence

from secantd.algebra import Light
from secantd.algebra.patience import OutOfTimeError, deadline
from secantd.calculus import derivative, gradient
from secantd.calculus.forward import Users
from secantd.calculus.polynomial import terms_of
from secantd.check.claim.answers import Failure, Verdict, Witness, number
from secantd.check.claim.clock import Clock
from secantd.check.claim.trial import Difference, Trial
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, algebra, reachable, symbols

__all__ = ["LOOKS", "Forms", "derivatives", "exact"]

# How many suspicious points are looked at closely, for one variable.
LOOKS = 12
# Variables from which on it pays to know which nodes use which.
MANY = 8
# More partials nobody reads: what reverse mode gave is taken for them.
READ = 200
# Polynomials of more nodes are not multiplied out.
LARGEST_POLYNOMIAL = 300


def derivatives(graph: Graph, output: Node, variables: Sequence[str]) -> tuple[tuple[Node | None, ...], str]:
    """Return ∂output/∂xᵢ for each variable, None where no rule is known, and then why not."""
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
    """The light forms of the derivatives and of the claims, as far as there was time for them.

    Attributes:
        derivatives: The light form of each derivative, None where no rule is known or the time ran out.
        proved: For each variable whether the claim is its derivative by algebra.
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
                        # Forward, as Differentiate has it: the shape in which a person works it out.
                        node = derivative(graph, output, name, users)
                    if node is not None:
                        self.derivatives[i] = light.of(node)
                for i, claim in enumerate(claims):
                    form = self.derivatives[i]
                    self.proved[i] = form is not None and same(graph, light, form, claim)
        except OutOfTimeError:
            self.in_time = False


def same(graph: Graph, light: Light, derivative: Node, claim: Node) -> bool:
    """Whether two expressions are equal by our own algebra: of one light form, or polynomials of equal terms.

    >>> from secantd.language import read
    >>> f = read("c(2*(x + 1), 2*x + 2, sin(x)^2, 1 - cos(x)^2)")
    >>> a, b, c, d = f.outputs
    >>> same(f.graph, Light(f.graph), a, b), same(f.graph, Light(f.graph), c, d)
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


def exact(trial: Trial, forms: Forms, why: str, texts: Sequence[str], clock: Clock) -> tuple[Witness, Failure | None]:
    """Return what our derivative says of the claim, and where it fails.

    Args:
        trial: The claim at points.
        forms: What the algebra found.
        why: Why a derivative is not known.
        texts: The derivatives, printed; empty where there is none.
        clock: The time.
    """
    failures = []
    for i in range(len(trial.claims)):
        places = trial.suspicious(i)
        failure = trial.failure(i, spread(places), clock) if places else None
        if failure is not None:
            failures.append(failure)
            break
    if failures:
        f = failures[0]
        text = texts[f.position] if texts else ""
        said = f"the derivative is {text}" if text else "the derivative"
        said += f", which is {number(f.true, f.claimed)}" if text else f" is {number(f.true, f.claimed)}"
        return Witness("exact", Verdict.REFUTED, f"{said} there, the claim {number(f.claimed, f.true)}"), f
    if all(forms.proved):
        return Witness("exact", Verdict.PROVED, "the claim and the derivative have one form"), None
    if not all(trial.has_exact):
        return Witness("exact", Verdict.UNDECIDED, why), None
    # A place at which f has a kink, or no neighbours, tells nothing.
    compared = [int(trial.comparable(i).sum()) - len(trial.suspicious(i)) for i in range(len(trial.claims))]
    if not min(compared):
        return Witness("exact", Verdict.UNDECIDED, "no point where claim and derivative can be compared"), None
    for i in range(len(trial.claims)):
        looks = [trial.looked_at(i, j)[0] for j in spread(trial.suspicious(i)) if not clock.over]
        if 2 * looks.count(Difference.UNKNOWN) > compared[i]:
            return Witness("exact", Verdict.UNDECIDED, "doubles cannot tell the claim from the derivative"), None
    late = "" if forms.in_time else "; the time for its algebra ran out"
    points = "1 point" if min(compared) == 1 else f"{min(compared)} points"
    return Witness("exact", Verdict.AGREES, f"another formula than the derivative, equal at {points}{late}"), None


def spread(places: Sequence[int]) -> list[int]:
    """Return as many places as are looked at: the first ones, and others from the rest.

    >>> spread(range(100))
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 31, 54, 77]
    """
    if len(places) <= LOOKS:
        return list(places)
    first = LOOKS - 4
    return [*places[:first], *places[first :: -(-(len(places) - first) // 4)]]
