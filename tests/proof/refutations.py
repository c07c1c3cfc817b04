"""Wrong claims with the certificates that refute them."""

from fractions import Fraction

from secantd.calculus.reverse import gradient
from secantd.check.claimed import grafted
from secantd.check.equality.judge import judge_equal
from secantd.check.judge import judge
from secantd.check.second import judge_second
from secantd.check.verdict import Verdict
from secantd.expression import Node
from secantd.language import read
from secantd.proof.counterexample import counterexample_certificate

from .statements import compare_refutation

__all__ = ["refuted"]


def refuted(text, claimed, variable, notation=None, order=1):
    """Return the certificate that refutes a claim, its notices, and the formulas that it is about, read anew.

    Raises:
        NoCertificateError: There is none.
    """
    how = {} if notation is None else {"notation": notation}
    f, claim = read(text, **how), read(claimed, **how)
    variable = variable or (f.variables[0] if order else "")
    ask = ["exact", "numeric"]
    judged = judge_second if order == 2 else judge
    found = judged(f, claim, [variable], witnesses=ask) if order else judge_equal(f, claim, witnesses=ask)
    if found.verdict is not Verdict.REFUTED or found.counterexample is None:
        return None
    # The formulas as the author wrote them, of another graph than that of the answer.
    g, theirs = read(text, **how), read(claimed, **how)
    i = found.counterexample.position
    nodes = grafted(f, claim)
    # With one variable the claim about the derivative is one formula; formulas that are compared may be vectors.
    output, node = f.outputs[i], nodes[i]
    along = [variable] * order
    partials: list[Node] = []
    for name in along:
        partials += gradient(f.graph, partials[-1] if partials else output, [name])
    certificate, notices = counterexample_certificate(
        f.graph, output, node, along, found.counterexample.point, partials
    )
    if certificate.coq:
        before = variable if order == 2 else ""
        compare_refutation(certificate, g.outputs[i], theirs.outputs[i], variable if order else "", before=before)
    return certificate, notices, {name: Fraction(number) for name, number in certificate.point}
