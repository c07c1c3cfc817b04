"""Certificates that derivatives and claims are right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from secantd.calculus.derivative import light_derivative
from secantd.calculus.lightforms import exact_form
from secantd.calculus.results import Certificate, Derivative, Gradient
from secantd.check.assumptions import Assumptions
from secantd.check.claimed import claims, grafted
from secantd.check.second import matrix
from secantd.check.verdict import Judgement
from secantd.check.witness_exact import exact_partials
from secantd.expression import Graph, Node, graft
from secantd.interrupt import OutOfTimeError, Result, run_within
from secantd.language import Function
from secantd.proof.derivatives import Statement, certificate, statements
from secantd.proof.errors import NoCertificateError
from secantd.settings import Limits

__all__ = ["NONE", "claim_certificate", "in_time", "with_derivative_proof", "with_gradient_proof"]

NONE = "there is no certificate: {}"
ARRAYS = "certificates are for formulas of numbers, not of vectors and matrices"
EXACT = "the certificate has the constants of the derivative exactly; decimals that are printed are rounded"


def claim_certificate(
    found: Judgement,
    function: Function,
    claimed: Function,
    order: int,
    assumed: Assumptions,
    limits: Limits,
    points: Sequence[Mapping[str, float]] = (),
) -> Certificate:
    """Return the certificate of a claim that is right.

    Args:
        found: The judgement.
        function: The function.
        claimed: The claim.
        order: The order of the derivative; 0: the function itself.
        assumed: Assumptions about variables, which are hypotheses.
        limits: The limits that apply.
        points: Points at which hypotheses may hold.

    Raises:
        NoCertificateError: There is none, with the reason.
    """
    graph = function.graph
    output, names = function.outputs[0], found.variables
    if not order:
        ours, theirs = function.outputs, grafted(function, claimed)
        if len(ours) != len(theirs):
            raise NoCertificateError("the formulas have different numbers of components")
        single = len(ours) == 1
        stated = [
            Statement("equality" if single else f"equality_{i}", f, claim, "")
            for i, (f, claim) in enumerate(zip(ours, theirs, strict=True), 1)
        ]
    elif order == 1:
        stated = statements(output, claims(function, claimed, names), names, 1)
    else:
        first, why = exact_partials(graph, output, names)
        known = [node for node in first if node is not None]
        if len(known) < len(first):
            raise NoCertificateError(why)
        rows = [node for row in matrix(function, claimed, names) for node in row]
        stated = statements(output, rows, names, 2, known)
    return in_time(
        limits,
        lambda: certificate(
            graph,
            stated,
            notation=function.notation,
            limit=limits.certificate_nodes,
            points=points,
            conditions=stated_assumptions(graph, assumed),
        ),
    )


def in_time(limits: Limits, make: Callable[[], Result]) -> Result:
    """Return what is made; NoCertificateError if it takes longer than algebra may."""
    try:
        return run_within(limits.algebra_seconds, make)
    except OutOfTimeError:
        raise NoCertificateError(f"it took longer than {limits.algebra_seconds:g} seconds") from None


def stated_assumptions(graph: Graph, assumed: Assumptions) -> list[Node]:
    """Return assumptions as strict inequalities in the graph; that a variable is whole is not needed."""
    found = [graft(graph, assumed.graph, node, {}) for node in assumed.conditions]
    for name, bounds in assumed.bounds.items():
        variable = graph.symbol(name)
        for sign, value in ((">", bounds.low), ("<", bounds.high)):
            if abs(value) < float("inf"):
                found.append(graph.make(sign, variable, graph.number(value)))
        if bounds.nonzero:
            found.append(graph.make("!=", variable, graph.number(0.0)))
    return found


def with_derivative_proof(found: Derivative, function: Function, at: Mapping[str, float], limits: Limits) -> Derivative:
    """Return a derivative with its certificate, or with a notice that has the reason why there is none.

    Args:
        found: The derivative.
        function: The function.
        at: A point at which hypotheses may hold.
        limits: The limits that apply.
    """
    function = function.to_print()

    def stated() -> tuple[list[Statement], bool]:
        nodes = [function.outputs[0]]
        light = [light_derivative(function, nodes[0], found.variables[:i], limits=limits) for i in range(1, count + 1)]
        exact = [exact_form(function, node) for node in light]
        nodes += exact
        named = [
            Statement("derivative" if count == 1 else f"derivative_{i + 1}", nodes[i], nodes[i + 1], name)
            for i, name in enumerate(found.variables)
        ]
        return named, exact[-1] is not light[-1]

    count = len(found.variables)
    made, remarks = proof_of(function, stated, at, limits)
    notices = (*found.notices, *remarks)
    return Derivative(
        found.derivative, found.variables, found.value, notices, found.shape, found.value_is_limit, certificate=made
    )


def with_gradient_proof(found: Gradient, function: Function, at: Mapping[str, float], limits: Limits) -> Gradient:
    """Return a gradient with its certificate; the arguments are those of `with_derivative_proof`."""
    function = function.to_print()

    def stated() -> tuple[list[Statement], bool]:
        names, output = found.variables, function.outputs[0]
        light = [light_derivative(function, output, [name], limits=limits) for name in names]
        exact = [exact_form(function, node) for node in light]
        named = [
            Statement("derivative" if len(names) == 1 else f"derivative_{i}", output, node, name)
            for i, (node, name) in enumerate(zip(exact, names, strict=True), 1)
        ]
        return named, any(a is not b for a, b in zip(exact, light, strict=True))

    made, remarks = proof_of(function, stated, at, limits)
    return replace(found, certificate=made, notices=(*found.notices, *remarks))


def proof_of(
    function: Function, stated: Callable[[], tuple[list[Statement], bool]], at: Mapping[str, float], limits: Limits
) -> tuple[Certificate | None, tuple[str, ...]]:
    """Return a certificate and notices about it."""
    try:
        if function.arrays:
            raise NoCertificateError(ARRAYS)
        with function.lock:
            found, changed = stated()
            made = in_time(
                limits,
                lambda: certificate(
                    function.graph,
                    found,
                    notation=function.notation,
                    limit=limits.certificate_nodes,
                    points=[at] if at else [],
                ),
            )
    except NoCertificateError as error:
        return None, (NONE.format(error),)
    return made, (EXACT,) if changed else ()
