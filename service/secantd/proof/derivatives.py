"""Certificates that claims are right: files for Coq."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from secantd.calculus.results import Certificate
from secantd.errors import CalculusError
from secantd.expression import Graph, Node
from secantd.language.notation import Notation
from secantd.proof.equality import equality
from secantd.proof.errors import NoCertificateError
from secantd.proof.lean import lean_file
from secantd.proof.lemmas import HEAD, preamble
from secantd.proof.reals import Term, below, comment, coq_name, coq_text
from secantd.proof.samples import example
from secantd.proof.signs import Signs
from secantd.proof.terms import Hypothesis, Translation
from secantd.proof.theorem import Theorem, stated
from secantd.proof.walk import derived
from secantd.render import render
from secantd.render.numbers import python_number

__all__ = ["Statement", "certificate", "first_derivative", "statements"]

# The most characters of a formula in the comment at the beginning.
SHOWN: Final = 300
# How many times longer than a formula its derivative may be before it is simplified.
GROWN: Final = 10
# Of more hypotheses, those that follow from later ones are kept.
MANY: Final = 40
# Decimals with a larger denominator are taken for rounded ones.
LONG: Final = 10**9


class Statement(NamedTuple):
    """That a claim is the derivative of f with respect to a variable; with "" that it equals f. `name` is that of its theorem."""

    name: str
    f: Node
    claim: Node
    variable: str


def certificate(
    graph: Graph,
    wanted: Sequence[Statement],
    *,
    notation: Notation = Notation.R,
    limit: int = 1_000,
    points: Sequence[Mapping[str, float]] = (),
    conditions: Sequence[Node] = (),
) -> Certificate:
    """Return a certificate with a theorem for each statement.

    Args:
        graph: The graph of all formulas, with their data; it grows.
        wanted: The statements.
        notation: The notation of hypotheses and comments.
        limit: The most operations and numbers of a formula, written out.
        points: Points at which the hypotheses may hold, tried first.
        conditions: Further hypotheses.

    Raises:
        NoCertificateError: There is none, with the reason.

    >>> from secantd.language import read
    >>> f = read("c(log(x), 1/x)")
    >>> made = certificate(f.graph, statements(f.outputs[0], f.outputs[1:], ["x"], 1))
    >>> made.hypotheses
    ('x > 0',)
    >>> print(made.coq[made.coq.index("Theorem"):made.coq.index("Proof", made.coq.index("Theorem"))])
    Theorem derivative : forall v_x : R,
      0 < v_x ->
      is_derive (fun v_x : R => ln v_x) v_x (1 / v_x).
    <BLANKLINE>
    """
    theorems = []
    shown: dict[str, None] = {}
    remarks: list[str] = []
    for name, f, claim, variable in wanted:
        made = Translation(graph, notation, limit)
        made.assume(conditions)
        theorem = Theorem(name, made.terms, made.of(f), made.of(claim), variable)
        proved(made, theorem)
        point = example(theorem.hypotheses, [theorem.f, theorem.claim], theorem.variables, points)
        if point is None:
            raise NoCertificateError("no point is known at which all hypotheses of the certificate hold")
        theorems.append(theorem)
        shown.update(dict.fromkeys(h.shown for h in theorem.hypotheses))
        remarks.append(about(f, claim, theorem, point, notation))
    return Certificate(file_of(theorems, remarks), lean_file(theorems), tuple(shown))


def statements(
    output: Node, claims: Sequence[Node], variables: Sequence[str], order: int, first: Sequence[Node] = ()
) -> list[Statement]:
    """Return the statements that claims are the derivatives of a function, or equal it.

    Args:
        output: The function.
        claims: With order 1 the derivative with respect to each variable. With order 2 the second derivatives: one for each
            pair of variables, row by row. With order 0 one formula for each component.
        variables: The variables of the derivatives.
        order: 0: the claims equal the function; 1 or 2: the order of the derivatives.
        first: With order 2 the first derivatives, which are stated, too.

    >>> from secantd.language import read
    >>> f = read("c(x*y, y, x)")
    >>> [(s.name, s.variable) for s in statements(f.outputs[0], f.outputs[1:], ["x", "y"], 1)]
    [('derivative_1', 'x'), ('derivative_2', 'y')]
    """
    if not order:
        return [
            Statement("equality" if len(claims) == 1 else f"equality_{i}", output, claim, "")
            for i, claim in enumerate(claims, 1)
        ]
    single = len(variables) == 1
    if order == 1:
        return [
            Statement("derivative" if single else f"derivative_{i}", output, claim, name)
            for i, (claim, name) in enumerate(zip(claims, variables, strict=True), 1)
        ]
    found = [
        Statement("first" if single else f"first_{i}", output, claim, name)
        for i, (claim, name) in enumerate(zip(first, variables, strict=True), 1)
    ]
    rows = iter(claims)
    for i, slope in enumerate(first, 1):
        for j, name in enumerate(variables, 1):
            found.append(Statement("second" if single else f"second_{i}_{j}", slope, next(rows), name))
    return found


def proved(made: Translation, theorem: Theorem) -> None:
    """Add hypotheses and proof to a theorem."""
    signs = Signs()
    for h in needed(made.hypotheses):
        theorem.hypotheses.append(h)
        signs.suppose(h.relation, h.left, h.right, f"H{len(theorem.hypotheses)}")
    refuse_contradictions(theorem.hypotheses)
    refuse_nested_jumps(theorem.hypotheses)
    terms = made.terms
    names = " ".join([*map(coq_name, theorem.variables), *[h[3] for h in signs.given]])
    lines = [f"intros {names}."] if names else []
    if theorem.variable:
        walked = derived(terms, theorem.f, terms.variable(theorem.variable), signs.proof)
        if walked.term.size > GROWN * made.limit:
            raise NoCertificateError(
                f"its derivative, as the rules write it, has more than {GROWN * made.limit} operations"
            )
        found = equality(terms, walked.term, theorem.claim, signs)
        if found is None:
            raise unproved(theorem.claim)
        lines.append(f"assert (E : {coq_text(walked.term)} = {coq_text(theorem.claim)}).")
        lines += ["{ " + "\n    ".join(found) + " }"]
        lines.append(f"exact (d_eq _ _ _ _ {walked.proof} E).")
    else:
        found = equality(terms, theorem.f, theorem.claim, signs)
        if found is None:
            raise unproved(theorem.claim)
        lines += found
    theorem.lines = lines


def first_derivative(
    graph: Graph, f: Node, slope: Node, variable: str, notation: Notation = Notation.R, limit: int = 1_000
) -> Theorem:
    """Return the theorem `first`: that a formula is the derivative of f; where that has no proof, the derivative as rules write it.

    Args:
        graph: The graph of both; it grows.
        f: The function.
        slope: Its derivative.
        variable: The variable.
        notation: The notation of hypotheses.
        limit: The most operations and numbers of a formula.

    Raises:
        NoCertificateError: f has no theory in Coq, or is too large.

    >>> from secantd.language import read
    >>> f = read("c(x^3, 3*x^2, 2*x)")
    >>> coq_text(first_derivative(f.graph, *f.outputs[:2], "x").claim), coq_text(first_derivative(f.graph, f.outputs[0], f.outputs[2], "x").claim)
    ('3 * v_x ^ 2', '3 * v_x ^ 2 * 1')
    """
    try:
        made = Translation(graph, notation, limit)
        theorem = Theorem("first", made.terms, made.of(f), made.of(slope), variable)
        proved(made, theorem)
    except NoCertificateError:
        made = Translation(graph, notation, limit)
        function = made.of(f)
        signs = Signs()
        for h in made.hypotheses:
            signs.assume(h.relation, h.left, h.right, "H")
        walked = derived(made.terms, function, made.terms.variable(variable), signs.proof)
        theorem = Theorem("first", made.terms, function, walked.term, variable)
        proved(made, theorem)
    return theorem


def needed(hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
    """Return the hypotheses that do not follow from others."""
    # Those of strict inequality first: others follow from them. Of two that follow from each other, the shorter one is kept.
    order = sorted(hypotheses, key=lambda h: h.relation != "<")
    signs = Signs()
    following = set()
    for h in sorted(order, key=lambda h: (h.relation != "<", h.left.size + h.right.size)):
        if signs.holds(h.relation, h.left, h.right) is None:
            signs.assume(h.relation, h.left, h.right, "H")
        else:
            following.add(id(h))
    kept = [h for h in order if id(h) not in following]
    if len(kept) > MANY:
        return kept
    for h in list(kept):
        signs = Signs()
        for other in kept:
            if other is not h:
                signs.assume(other.relation, other.left, other.right, "H")
        if signs.holds(h.relation, h.left, h.right) is not None:
            kept.remove(h)
    return kept


def unproved(claim: Term) -> NoCertificateError:
    """Return the reason why there is no proof."""
    for term in below([claim]):
        if term.op == "number" and term.value.denominator > LONG:
            return NoCertificateError(
                f"certificates take decimals as exact numbers, and {float(term.value)!r} in the claim is rounded"
            )
    return NoCertificateError("the algebra of certificates has no proof of this claim")


def refuse_contradictions(hypotheses: Sequence[Hypothesis]) -> None:
    """Refuse hypotheses on numbers, or on one term on both sides, that are false."""
    for h in hypotheses:
        if h.left is h.right or (h.left.op == "number" and h.right.op == "number"):
            raise NoCertificateError(f"the condition {h.shown} never holds")


def refuse_nested_jumps(hypotheses: Sequence[Hypothesis]) -> None:
    """Refuse floor of a function with jumps: its hypothesis would exclude intervals on which the function is constant."""
    for h in hypotheses:
        if h.left.op == "floor" and any(t.op == "floor" for t in below(h.left.args)):
            raise NoCertificateError(
                "it applies floor() to a function with jumps, as round() does, and certificates have no rule for that"
            )


def text_of(node: Node, notation: Notation) -> str:
    """Return a formula for the comment."""
    try:
        text = render(node, notation, 10 * SHOWN)
    except CalculusError:
        return "..."
    text = comment(text)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} ..."


def about(f: Node, claim: Node, theorem: Theorem, point: Mapping[str, float], notation: Notation) -> str:
    """Return the comment in front of a theorem."""
    what = f"The derivative with respect to {comment(theorem.variable)} of" if theorem.variable else "The formula"
    lines = [f"{what}  {text_of(f, notation)}", f"{'is' if theorem.variable else 'equals'}  {text_of(claim, notation)}"]
    if theorem.hypotheses:
        lines.append("where  " + ", ".join([comment(h.shown) for h in theorem.hypotheses]))
        where = ", ".join([f"{comment(n)} = {python_number(v)}" for n, v in point.items()])
        lines.append(f"for example at  {where}")
    escaped = [n for n in theorem.variables if coq_name(n) != f"v_{n}"]
    lines += [f"{coq_name(n)} is  {comment(n)}" for n in escaped]
    return "(* " + "\n   ".join(lines) + " *)\n"


ABOUT: Final = """(* A certificate of Secant. To check it:  coqc FILE.v
   Debian and Ubuntu: apt-get install coq libcoq-coquelicot
   Each theorem has its hypotheses in front of ->; decimals are exact rational numbers. `Print Assumptions` at the end lists the
   axioms: those of Coq's real numbers, and no others. *)
"""


def file_of(theorems: Sequence[Theorem], remarks: Sequence[str]) -> str:
    """Return the file."""
    pieces: list[str] = []
    for theorem, remark in zip(theorems, remarks, strict=True):
        pieces += ["\n", remark, stated(theorem), "\n"]
    pieces += ["\n", *[f"Print Assumptions {t.name}.\n" for t in theorems]]
    body = "".join(pieces)
    return "".join([ABOUT, HEAD, "\n", preamble(body), body])
