"""Judges the claims of one row: right ones, and each once more with one number or sign changed."""

import random
import time
import zlib
from dataclasses import asdict, dataclass
from typing import Any

import arb
from alterations import Path, altered
from maxima import BadLine, Row
from same import Kind, on_the_reals, proof_of_equality, sameness
from secant.v1 import check_pb2, expression_pb2
from secantd.answers.check import check
from secantd.answers.functions import FunctionCache
from secantd.check.verdict import Judgement
from secantd.check.witnesses import present
from secantd.errors import CalculusError
from secantd.settings import Limits
from spelling import UnknownError, written

__all__ = ["EQUAL", "HANG", "INTERNAL", "SUITE", "Result", "Settings", "results", "skipped"]

Tree = tuple[Any, ...]
# Witnesses that are fast; SymPy and Deriv take longer than a thousand of these claims.
FAST = ("exact", "ball", "numeric")
# What a result may be, besides the verdicts of Check.
SUITE, EQUAL, INTERNAL, HANG = "suite error", "equal", "INTERNAL", "HANG"


@dataclass(frozen=True, slots=True)
class Settings:
    """What all rows of a run have in common.

    Attributes:
        seed: The seed of all changes.
        seconds: The time for one claim.
        wire: The share of claims that are also sent to a server.
        address: The server's address; "" for none.
    """

    seed: int = 1
    seconds: float = 5.0
    wire: float = 0.0
    address: str = ""


@dataclass(slots=True)
class Result:
    """One claim.

    Attributes:
        name: File, line and the antiderivative's number, with "*" for a changed claim.
        changed: What was changed, "" for the claim of the suite.
        verdict: That of Check; "suite error" for a refutation that Arb confirms; "equal" for a change that keeps equality;
            "INTERNAL" or "HANG" for a fault.
        seconds: The time that Check took.
        message: The reason.
        f, F: The claim and the function, where somebody may want to look.
        wire: "" or how the answer over the wire differs.
        sent: Whether it was also sent over the wire.
    """

    name: str
    changed: str
    verdict: str
    seconds: float
    message: str = ""
    f: str = ""
    F: str = ""
    variable: str = ""
    wire: str = ""
    sent: bool = False

    def record(self) -> dict[str, Any]:
        """Return the fields that are set."""
        return {key: value for key, value in asdict(self).items() if value not in ("", False)}


def skipped(item: Row | BadLine) -> str:
    """Return why a row has no claims, "" if it has some."""
    if isinstance(item, BadLine):
        return f"cannot be read: {item.reason}"
    reason = lacking(item.integrand)
    if reason:
        return reason
    reasons = [lacking(antiderivative, item.integrand) for antiderivative in item.antiderivatives]
    return "" if "" in reasons else reasons[0]


def lacking(*trees: Tree) -> str:
    """Return why formulas cannot be written together, "" if they can."""
    try:
        for tree in trees:
            written(tree)
    except UnknownError as error:
        return str(error)
    arguments = [z for tree in trees for z in arb.incomplete_gammas(tree)]
    return "" if arb.positive_together(arguments, trees) else "the function GAMMA(a, x) with x < 0"


def results(row: Row, settings: Settings) -> list[Result]:
    """Return the results of a row: of each antiderivative that can be written, the claim and a changed one.

    Args:
        row: The row.
        settings: Those of the run.
    """
    found = []
    for k, antiderivative in enumerate(row.antiderivatives):
        name = f"{row.file}:{row.line}" + (f" ({k + 1})" if len(row.antiderivatives) > 1 else "")
        if lacking(antiderivative, row.integrand):
            continue
        found.append(right(name, row, antiderivative, settings))
        found.append(wrong(f"{name} *", row, antiderivative, settings))
    return [one for one in found if one is not None]


def right(name: str, row: Row, antiderivative: Tree, settings: Settings) -> Result:
    """Return the result of a claim of the suite."""
    result, judgement = judged(name, row.integrand, antiderivative, row.variable, settings)
    if judgement is not None and judgement.counterexample is not None:
        finding = confirmed(row.integrand, antiderivative, row.variable, judgement.counterexample.point)
        if finding:
            result.verdict, result.message = SUITE, f"{result.message}; {finding}"
    return result


def confirmed(f: Tree, F: Tree, variable: str, point: dict[str, float]) -> str:
    """Return what proves that F' is not f at a point, "" if nothing does."""
    at = {name: arb.number(value) for name, value in point.items()}
    try:
        slope, claim = arb.jet(F, variable, at)[1], arb.jet(f, variable, at)[0]
    except arb.NoValueError:
        return ""
    if (slope - claim).contains(0):
        return ""
    elsewhere = sameness(f, F, variable)
    return f"Arb: F' = {arb.ball(slope)} and f = {arb.ball(claim)}; at other points {elsewhere.kind.value}"


def wrong(name: str, row: Row, antiderivative: Tree, settings: Settings) -> Result | None:
    """Return the result of a claim with one change, None if there is nothing to change."""
    chance = random.Random(f"{settings.seed}:{name}")
    in_claim = chance.random() < 0.5
    old = row.integrand if in_claim else antiderivative
    change = altered(old, chance)
    if change is None and in_claim:
        in_claim, change = False, altered(antiderivative, chance)
    if change is None:
        return None
    new, path, what = change
    f, F = (new, antiderivative) if in_claim else (row.integrand, new)
    result, _ = judged(name, f, F, row.variable, settings)
    result.changed = f"{'f' if in_claim else 'F'}: {what} at {place(path)}"
    if result.verdict in ("PROVED", "AGREES"):
        found = sameness(f, F, row.variable)
        proof = ""
        if found.kind is not Kind.DIFFERENT:
            whole = row.integrand if in_claim else antiderivative
            proof = proof_of_equality(whole, new, path, row.variable, claim=in_claim)
            proof = proof or on_the_reals(f, F, row.variable)
        if proof and not found.real:
            result.verdict, result.message = EQUAL, f"{proof}; {found.text}"
        else:
            result.message = f"{result.message}; {found.text}"
            result.F, result.f, result.variable = written(F), written(f), row.variable
    return result


def place(path: Path) -> str:
    return ".".join(str(i + 1) for i in path) or "the whole"


def judged(name: str, f: Tree, F: Tree, variable: str, settings: Settings) -> tuple[Result, Judgement | None]:
    """Return the result of Check for the claim F' = f, and its judgement."""
    texts = written(F), written(f)
    request = check_pb2.CheckRequest(
        expression=expression_pb2.Expression(text=texts[0], notation=expression_pb2.NOTATION_R),
        claimed=expression_pb2.Expression(text=texts[1], notation=expression_pb2.NOTATION_R),
        variables=[variable],
        witnesses=[w for w in FAST if w in present()],
    )
    limits = Limits(check_seconds=settings.seconds)
    start = time.perf_counter()
    judgement = None
    try:
        judgement = check(request, FunctionCache(limits))
        verdict, message = judgement.verdict.name, judgement.message
    except CalculusError as error:
        verdict, message = "refused", error.headline
    except Exception as error:
        verdict, message = INTERNAL, repr(error)
    result = Result(name, "", verdict, round(time.perf_counter() - start, 4), message[:600])
    if verdict not in ("PROVED", "AGREES", "REFUTED" if name.endswith("*") else ""):
        result.F, result.f, result.variable = texts[0], texts[1], variable
    if settings.address and zlib.crc32(f"{settings.seed}:{name}".encode()) % 10_000 < settings.wire * 10_000:
        result.sent = True
        result.wire = over_the_wire(request, judgement, message, settings)
    return result, judgement


def over_the_wire(
    request: check_pb2.CheckRequest, judgement: Judgement | None, message: str, settings: Settings
) -> str:
    """Return how the server's answer differs from that of this process, "" if it does not."""
    import grpc

    stub = stubs(settings.address)
    try:
        reply = stub.Check(request, timeout=60.0)
    except grpc.RpcError as error:
        return "" if judgement is None and message in str(error.details()) else f"status {error.code().name}"
    verdict = check_pb2.Verdict.Name(reply.verdict).removeprefix("VERDICT_")
    if judgement is None or verdict != judgement.verdict.name:
        return f"{verdict}: {reply.message}"
    return "" if reply.message == message else f"another message: {reply.message}"


STUBS: dict[str, Any] = {}


def stubs(address: str) -> Any:
    """Return the stub of a server, which is kept."""
    if address not in STUBS:
        import grpc
        from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

        STUBS[address] = CalculusServiceStub(grpc.insecure_channel(address))
    return STUBS[address]
