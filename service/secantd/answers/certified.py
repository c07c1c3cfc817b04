"""The certificate of a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from secantd.answers.proofs import claim_certificate, in_time
from secantd.calculus.results import Certificate
from secantd.calculus.reverse import gradient
from secantd.check.assumptions import Assumptions
from secantd.check.claimed import claims, grafted
from secantd.check.second import matrix
from secantd.check.verdict import Judgement, Verdict
from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.language import Function
from secantd.proof.counterexample import counterexample_certificate
from secantd.proof.errors import NoCertificateError
from secantd.settings import Limits

__all__ = ["certified"]


def certified(
    found: Judgement,
    function: Function,
    claimed: Function,
    order: int,
    assumed: Assumptions,
    tolerance: float | None,
    limits: Limits,
) -> Judgement:
    """Return a judgement with its certificate, or with a notice that has the reason why there is none.

    Args:
        found: The judgement.
        function: The function.
        claimed: The claim.
        order: The order of the derivative; 0: the function itself.
        assumed: Assumptions about variables.
        tolerance: The relative difference that was allowed.
        limits: The limits that apply.
    """
    try:
        if found.verdict is Verdict.UNDECIDED:
            raise NoCertificateError("the claim is undecided")
        if tolerance:
            raise NoCertificateError("a claim with a tolerance is not exact")
        if function.arrays or (claimed.arrays and order < 2):
            raise NoCertificateError("certificates are for formulas of numbers, not of vectors and matrices")
        if found.verdict is Verdict.REFUTED:
            certificate, notices = refuted(found, function, claimed, order, assumed, limits)
        else:
            certificate, notices = claim_certificate(found, function, claimed, order, assumed, limits), ()
    except NoCertificateError as error:
        return replace(found, notices=(*found.notices, f"there is no certificate: {error}"))
    return replace(found, certificate=certificate, notices=(*found.notices, *notices))


def refuted(
    found: Judgement, function: Function, claimed: Function, order: int, assumed: Assumptions, limits: Limits
) -> tuple[Certificate, Sequence[str]]:
    """Return the certificate of a claim that is wrong, and notices about it."""
    failing = found.counterexample
    if failing is None:
        raise NoCertificateError("there is no point at which the claim fails")
    output, claim, along = sides(found, function, claimed, order)
    partials: list[Node] = []
    for name in along:
        try:
            partials += gradient(function.graph, partials[-1] if partials else output, [name])
        except CalculusError as error:
            if error.reason is not Reason.NOT_DIFFERENTIABLE:
                raise
            raise NoCertificateError(error.headline) from None

    def allowed(point: Mapping[str, float]) -> bool:
        point = {**dict.fromkeys(assumed.names, 1.0), **point}
        return bool(assumed.hold(tuple(point), np.array([[v] for v in point.values()])).all())

    return in_time(
        limits,
        lambda: counterexample_certificate(
            function.graph,
            output,
            claim,
            along,
            failing.point,
            partials,
            notation=function.notation,
            limit=limits.certificate_nodes,
            allowed=allowed if assumed else None,
        ),
    )


def sides(found: Judgement, function: Function, claimed: Function, order: int) -> tuple[Node, Node, list[str]]:
    """Return the function, the component of the claim that fails, and the variables of its derivative."""
    assert found.counterexample is not None
    i = found.counterexample.position
    if order == 0:
        ours, theirs = function.outputs, grafted(function, claimed)
        if len(ours) != len(theirs):
            raise NoCertificateError("the formulas have different numbers of components")
        return ours[i], theirs[i], []
    if order == 1:
        return function.outputs[0], claims(function, claimed, found.variables)[i], [found.variables[i]]
    names = found.names.split(", ")
    names = names if len(names) == 2 else names * 2
    row, column = (found.variables.index(name) for name in names)
    return function.outputs[0], matrix(function, claimed, found.variables)[row][column], names
