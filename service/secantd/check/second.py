"""The verdict on a claimed second derivative, row by row of the Hessian.

A second derivative is the derivative of a first derivative, so each row is judged as a claim about the gradient of a partial. Our
partials themselves are compared with differences of f first, as every witness takes them for granted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from secantd.calculus.point import check_point, require_no_rows, scalar
from secantd.calculus.variables import chosen_variables
from secantd.check.assumptions import Assumptions
from secantd.check.claimed import foreign_names, grafted
from secantd.check.clock import Clock
from secantd.check.judge import judge
from secantd.check.trial import Trial
from secantd.check.verdict import Judgement, Verdict, Witness
from secantd.check.witness_exact import exact_partials
from secantd.check.witness_numeric import numeric
from secantd.check.witnesses import WITNESSES
from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.language import Function
from secantd.language.writtenentries import written_entries
from secantd.settings import DEFAULT_LIMITS, Limits

__all__ = ["judge_second"]

# The most variables: each has a row of its own, with a share of the time.
MOST = 8
# The share of the time for comparing first derivatives with differences of f.
FIRST = 0.2


def judge_second(
    function: Function,
    claimed: Function,
    variables: Sequence[str] = (),
    at: Mapping[str, float] | None = None,
    witnesses: Sequence[str] = (),
    *,
    limits: Limits | None = None,
    assumed: Assumptions | None = None,
    tolerance: float | None = None,
) -> Judgement:
    """Return whether `claimed` is the second derivative of a scalar function, or its Hessian.

    Args:
        function: A scalar function that nobody else uses: its graph grows.
        claimed: The claim: one formula for one variable, a square matrix for several.
        variables: The variables of the derivative; empty: all.
        at: The first point to try.
        witnesses: The witnesses to ask; empty: all.
        limits: The limits that apply; `check_seconds` is the time for everything.
        assumed: Assumptions about variables.
        tolerance: The relative difference that is allowed; None: that of rounded decimals.

    Raises:
        CalculusError: INVALID_VALUE where the function is no number, or the claim has another shape; UNKNOWN_VARIABLE;
            NOT_DIFFERENTIABLE.

    >>> from secantd.language import read
    >>> found = judge_second(read("x^2*y"), read("rbind(c(2*y, 2*x), c(2*x, 1))"), witnesses=["exact", "numeric"])
    >>> found.verdict.name, found.variable, found.message
    ('REFUTED', 'y, y', 'at x = 1, y = 2 the claim is 1, but the second derivative with respect to y is 0')
    """
    limits = limits or DEFAULT_LIMITS
    clock = Clock(limits.check_seconds)
    notices: list[str] = []
    output = scalar(function)
    require_no_rows([output])
    chosen = chosen_variables(function, variables, notices)
    if not chosen:
        raise CalculusError(
            Reason.INVALID_VALUE, "the expression has no variables", "name one: its derivative is 0", field="variables"
        )
    if len(chosen) > MOST:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"a Hessian of {len(chosen)} variables is not checked",
            f"name at most {MOST} variables",
            field="variables",
        )
    rows = matrix(function, claimed, chosen)
    point = check_point(function, at, [*chosen, *foreign_names(function, claimed, chosen)], finite=True) if at else {}
    firsts, why = exact_partials(function.graph, output, chosen)
    known = [node for node in firsts if node is not None]
    if len(known) < len(firsts):
        raise CalculusError(Reason.NOT_DIFFERENTIABLE, why, "check the first derivative", field="expression.text")
    trial = Trial(function.graph, output, known, known, chosen, function.variables, point, clock, assumed)
    opinion, _ = numeric(trial, Clock(FIRST * clock.left))
    if opinion.verdict is Verdict.REFUTED:
        message = "differences of f disagree with the rules for the first derivative"
        return Judgement(Verdict.UNDECIDED, message, None, "", (), (), chosen, tuple(notices), 2)
    judged = []
    for i, name in enumerate(chosen):
        row = Function(
            function.graph,
            (known[i],),
            False,
            function.variables,
            function.notation,
            function.notices,
            used=function.used,
        )
        row.declared = function.declared
        claim = Function(
            function.graph,
            tuple(rows[i]),
            True,
            claimed.variables,
            claimed.notation,
            claimed.notices,
            used=claimed.used,
        )
        share = replace(limits, check_seconds=max(clock.left / (len(chosen) - i), 1e-3))
        judged.append(
            judge(row, claim, chosen, at, witnesses, limits=share, before=name, assumed=assumed, tolerance=tolerance)
        )
    return together(judged, chosen, notices)


def matrix(function: Function, claimed: Function, chosen: Sequence[str]) -> list[tuple[Node, ...]]:
    """Return the rows of the claim."""
    n = len(chosen)
    nodes = grafted(function, claimed)
    shape = nodes[0].shape if len(nodes) == 1 else (len(nodes),)
    entries = written_entries(function.graph, nodes[0]) if len(nodes) == 1 else tuple(nodes)
    right = shape == (n, n) or (n == 1 and shape in ((), (1,)))
    if entries is None or not right or any(e.rows > 1 for e in entries):
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the claim is not a second derivative with respect to " + ", ".join(chosen),
            "claim a single formula" if n == 1 else f"claim a {n} x {n} matrix, as in rbind(c(2, 0), c(0, 2))",
            field="claimed.text",
            metadata={"name": "claimed"},
        )
    return [entries[i * n : (i + 1) * n] for i in range(n)]


def together(judged: Sequence[Judgement], chosen: tuple[str, ...], notices: Sequence[str]) -> Judgement:
    """Return the verdict on a matrix from those on its rows."""
    verdicts = [j.verdict for j in judged]
    verdict = next((v for v in (Verdict.REFUTED, Verdict.UNDECIDED, Verdict.AGREES) if v in verdicts), Verdict.PROVED)
    deciding = next(j for j in judged if j.verdict is verdict)
    complete = len(judged) == len(chosen) and all(len(j.derivatives) == len(chosen) for j in judged)
    derivatives = tuple(d for j in judged for d in j.derivatives) if complete else ()
    names = ""
    if verdict is Verdict.REFUTED:
        row, name = chosen[judged.index(deciding)], deciding.variable
        names = name if len(chosen) == 1 else f"{row}, {name}"
    opinions = []
    for name in WITNESSES:
        rows = [w for j in judged for w in j.witnesses if w.name == name]
        if rows:
            worst = min(rows, key=lambda w: ORDER.index(w.verdict))
            message = worst.message.replace("differences of f ", "differences of the first derivative ")
            opinions.append(Witness(name, worst.verdict, message))
    message = deciding.message.replace("differences of f ", "differences of the first derivative ")
    if verdict is Verdict.PROVED and len(chosen) > 1:
        message = message.replace("the claim is the second derivative", "the claim is the Hessian")
    found = dict.fromkeys([*notices, *(n for j in judged for n in j.notices)])
    return Judgement(
        verdict,
        message,
        deciding.counterexample,
        deciding.slip,
        tuple(opinions),
        derivatives,
        chosen,
        tuple(found),
        2,
        names,
    )


ORDER = (Verdict.REFUTED, Verdict.UNDECIDED, Verdict.AGREES, Verdict.PROVED)
