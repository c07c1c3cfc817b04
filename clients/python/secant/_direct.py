"""Answers of the engine in this process, for the command: no server, no gRPC, no protobuf.

The functions are those that answer a server's calls (`secantd.answers`); requests are records with the contract's fields.
What a server would refuse before the engine sees it is left to one.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from types import SimpleNamespace, TracebackType
from typing import TYPE_CHECKING, Any, Self

from secantd.answers import derivatives
from secantd.answers.failures import error_for
from secantd.answers.functions import FunctionCache
from secantd.calculus.results import Form, Naming
from secantd.calculus.results import Formula as Answered
from secantd.interrupt import InterruptError, run_within
from secantd.language.notation import Notation
from secantd.memory import limited_memory
from secantd.settings import DEFAULT_LIMITS

from secant._failures import of_engine
from secant.errors import DeadlineExceeded
from secant.results.derivative import Derivative, Gradient
from secant.results.formula import Formula
from secant.shapes import sides_of

if TYPE_CHECKING:
    from secant.client import Client
    from secant.results.certificate import Certificate
    from secant.results.check import Verdict
    from secant.results.matrix import Hessian

__all__ = ["Direct"]

# A 32-bit number of the contract.
LARGEST = (1 << 31) - 1


class Dimension:
    """A length: a number, or a name."""

    def __init__(self, side: int | str) -> None:
        self.size = side if isinstance(side, int) else 0
        self.name = side if isinstance(side, str) else ""

    def WhichOneof(self, oneof_group: str, /) -> str:
        """Return which of the two is set."""
        return "name" if self.name else "size"


class Record(SimpleNamespace):
    """A message of the contract: an optional field that is not set is None."""

    def HasField(self, name: str) -> bool:
        """Return whether an optional field is set."""
        return getattr(self, name) is not None


class NotDirectError(Exception):
    """A request that only a server answers as a server does."""


class Direct:
    """The engine in this process, with those methods of a client that need no server.

    Args:
        timeout: Time limit of each call in seconds; None: that of a server.
        start: Returns a client of a new server, for requests that are left to one.
    """

    def __init__(self, timeout: float | None, start: "Callable[[], Client]") -> None:
        self._timeout = timeout
        self._start = start
        self._client: Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close()

    def differentiate(self, f: str, *variables: str, **how: Any) -> Derivative:
        """Return a derivative; arguments and errors are those of `Client.differentiate`."""
        try:
            request = _request(f, variables, **how)
            answer = self._answer("Differentiate", derivatives.differentiate, request)
            return Derivative(
                formula=_formula(answer.derivative, request.notations),
                variables=answer.variables,
                function_value=answer.value,
                shape=answer.shape.text,
                notices=answer.notices,
                function_value_is_limit=answer.value_is_limit,
                certificate=_certificate(answer),
            )
        except NotDirectError:
            return self._server().differentiate(f, *variables, **how)

    def gradient(self, f: str, *variables: str, **how: Any) -> Gradient:
        """Return a gradient; arguments and errors are those of `Client.gradient`."""
        from secant.results.blocks import flat

        try:
            request = _request(f, variables, **how)
            answer = self._answer("Gradient", derivatives.gradient, request)
            partials = tuple(_formula(partial, request.notations) for partial in answer.partials)
            slopes = partials[0].values if len(partials) == 1 and partials[0].values is not None else flat(partials)
            along = answer.directional
            return Gradient(
                variables=answer.variables,
                partials=partials,
                values=slopes if answer.value is not None else None,
                function_value=answer.value,
                norm=answer.norm,
                directional=None if along is None else _formula(along, request.notations),
                shape=answer.shape.text,
                notices=answer.notices,
                value_is_limit=answer.value_is_limit,
                certificate=_certificate(answer),
            )
        except NotDirectError:
            return self._server().gradient(f, *variables, **how)

    def hessian(self, f: str, *variables: str, **how: Any) -> "Hessian":
        """Return a Hessian; arguments and errors are those of `Client.hessian`."""
        from secant.results.blocks import square
        from secant.results.matrix import Hessian

        try:
            request = _request(f, variables, **how)
            answer = self._answer("Hessian", derivatives.hessian, request)
            rows = tuple(tuple(_formula(entry, request.notations) for entry in row) for row in answer.rows)
            return Hessian(
                variables=answer.variables,
                rows=rows,
                values=square(rows),
                function_value=answer.value,
                definiteness="" if not answer.definiteness.value else answer.definiteness.name,
                eigenvalues=_array(answer.eigenvalues),
                shape=answer.shape.text,
                notices=answer.notices,
                value_is_limit=answer.value_is_limit,
            )
        except NotDirectError:
            return self._server().hessian(f, *variables, **how)

    def check(self, f: str, claimed: str, *variables: str, **how: Any) -> "Verdict":
        """Return a verdict on a derivative; arguments and errors are those of `Client.check`."""
        try:
            return self._verdict(_check_request(f, claimed, variables, **how))
        except NotDirectError:
            return self._server().check(f, claimed, *variables, **how)

    def equal(self, f: str, g: str, *names: str, **how: Any) -> "Verdict":
        """Return a verdict on an equation; arguments and errors are those of `Client.equal`."""
        try:
            return self._verdict(_check_request(f, g, names, order=0, **how))
        except NotDirectError:
            return self._server().equal(f, g, *names, **how)

    def _verdict(self, request: "Record") -> "Verdict":
        from secantd.answers.check import check

        from secant.results.check import Verdict, Witness

        # Not within the time limit of the call: an import of NumPy that is interrupted cannot be repeated.
        for name in ("numpy", "mpmath"):
            with suppress(ImportError):
                import_module(name)
        answer = self._answer("Check", check, request)
        return Verdict(
            verdict=answer.verdict.name,
            message=answer.message,
            witness_point=dict(answer.witness_point),
            variable=answer.variable,
            claimed_value=answer.claimed_value,
            true_value=answer.true_value,
            witnesses=tuple(Witness(w.name, w.verdict.name, w.message) for w in answer.witnesses),
            derivatives=tuple(_formula(derivative, ()) for derivative in answer.derivatives),
            variables=answer.variables,
            notices=answer.notices,
            slip=answer.slip,
            certificate=_certificate(answer),
        )

    def _answer(self, name: str, function: Callable[[Any, FunctionCache], Any], request: Record) -> Any:
        """Return the engine's answer; an error is that which a client of a server would raise."""
        limits = DEFAULT_LIMITS
        seconds = limits.seconds if self._timeout is None else min(self._timeout, limits.seconds)
        loaded = _parts_of_sympy()
        try:
            with limited_memory(limits.memory):
                answer = run_within(seconds, lambda: function(request, FunctionCache(limits)))
        except (Exception, InterruptError) as problem:
            if isinstance(problem, (TimeoutError, InterruptError)) and seconds < limits.seconds:
                raise DeadlineExceeded(
                    f"no answer within {seconds:g} s\nallow more time: --timeout", status="DEADLINE_EXCEEDED"
                ) from None
            if isinstance(problem, (TimeoutError, InterruptError)) and not loaded and _parts_of_sympy():
                # On a busy machine the import of SymPy, which a server does before its first call, took the time. What is imported
                # is kept, so that this happens once.
                return self._answer(name, function, request)
            raise of_engine(error_for(problem, name, limits)) from None
        if _length(answer) > limits.message_bytes // 4:
            # Perhaps more than a message, of up to four bytes for a character.
            raise NotDirectError
        return answer

    def _server(self) -> "Client":
        if self._client is None:
            self._client = self._start()
        return self._client


def _parts_of_sympy() -> int:
    """Return how many modules of SymPy are imported."""
    return sum(name.startswith("sympy.") for name in sys.modules)


def _request(
    f: str,
    variables: Sequence[str],
    *,
    at: Mapping[str, Any] | None = None,
    notations: Sequence[str] = (),
    form: str | None = None,
    naming: str | None = None,
    notation: str | None = None,
    data: Mapping[str, Any] | None = None,
    shapes: Mapping[str, str] | None = None,
    values_only: bool = False,
    direction: Mapping[str, Any] | None = None,
    certificate: bool = False,
) -> Record:
    """Return the request of a command line, with the fields of DifferentiateRequest, GradientRequest and HessianRequest.

    Raises:
        NotDirectError: As for `_expression`.
        ValueError: The rows of a matrix differ in length.
    """
    return Record(
        expression=_expression(f, notation, data, shapes, [*variables, *(at or ()), *(direction or ())]),
        variables=variables,
        at=_coordinates(at),
        notations=[Notation[word.upper()].value for word in notations],
        form=0 if form is None else Form[form.upper()].value,
        naming=0 if naming is None else Naming[naming.upper()].value,
        values_only=values_only,
        direction=_coordinates(direction),
        certificate=certificate,
    )


def _check_request(
    f: str,
    claimed: str,
    variables: Sequence[str],
    *,
    at: Mapping[str, Any] | None = None,
    witnesses: Sequence[str] = (),
    seconds: float | None = None,
    order: int | None = None,
    assume: Sequence[str] = (),
    tolerance: float | None = None,
    certificate: bool = False,
    notation: str | None = None,
    data: Mapping[str, Any] | None = None,
    shapes: Mapping[str, str] | None = None,
) -> Record:
    """Return the request of a command line, with the fields of CheckRequest; the errors are those of `_request`."""
    return Record(
        expression=_expression(f, notation, data, shapes, [*variables, *(at or ())]),
        claimed=_expression(claimed, notation, data, shapes, assume),
        variables=variables,
        at=_coordinates(at),
        witnesses=witnesses,
        seconds=seconds,
        order=order,
        assumptions=assume,
        tolerance=tolerance,
        certificate=certificate,
    )


def _certificate(answer: Any) -> "Certificate | None":
    """Return the certificate of a record of the engine."""
    if (found := answer.certificate) is None:
        return None
    from secant.results.certificate import certified

    return certified(found, found.point, found.claimed_value, found.true_value)


def _expression(
    f: str,
    notation: str | None,
    data: Mapping[str, Any] | None,
    shapes: Mapping[str, str] | None,
    others: Sequence[str],
) -> Record:
    """Return the fields of a formula.

    Args:
        f: Its text.
        notation: Its notation; None: R and Python.
        data: Columns and matrices by name.
        shapes: Declared shapes by the names of the variables.
        others: The other texts of the request.

    Raises:
        NotDirectError: A text is no Unicode, the request too long for a message, or a number too large.
    """
    declared = [(name, *sides_of(name, shape)) for name, shape in (shapes or {}).items()]
    if any(isinstance(side, int) and not -LARGEST <= side <= LARGEST for _, sides, _ in declared for side in sides):
        raise NotDirectError
    texts = [f, *others, *(data or ()), *(shapes or {}).values(), *(shapes or ())]
    columns = list((data or {}).items())
    size = sum(map(len, texts)) + sum(values.size for _, values in columns)
    if size > DEFAULT_LIMITS.message_bytes // 16 or not all(map(_is_unicode, texts)):
        raise NotDirectError
    return Record(
        text=f,
        notation=0 if notation is None else Notation[notation.upper()].value,
        data=[
            Record(name=name, values=values.ravel(), shape=values.shape if values.ndim > 1 else ())
            for name, values in columns
        ],
        shapes=[
            Record(variable=name, dimensions=[Dimension(side) for side in sides], symmetric=symmetric)
            for name, sides, symmetric in declared
        ],
    )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _coordinates(point: Mapping[str, Any] | None) -> list[Record]:
    found = []
    for name, value in (point or {}).items():
        if isinstance(value, float):
            found.append(Record(variable=name, value=value, values=(), shape=()))
            continue
        from secant._arrays import matrix_or_vector

        array = matrix_or_vector(name or "the point", value)
        shape = array.shape if array.ndim > 1 or not array.size else ()
        found.append(Record(variable=name, value=0.0, values=array.ravel().tolist(), shape=shape))
    return found


def _formula(answer: Answered, notations: Sequence[int]) -> Formula:
    renderings = {notation.name.lower(): text for notation, text in answer.renderings}
    if not renderings and len(notations) == 1:
        renderings = {Notation(notations[0]).name.lower(): answer.text}
    return Formula(
        answer.text, answer.value, renderings, answer.form.name.lower(), answer.value_is_limit, answer.values
    )


def _array(values: Sequence[float]) -> Any:
    """Return numbers as an array; None if there are none."""
    if not values:
        return None
    import numpy as np

    return np.array(values)


def _length(answer: Any) -> int:
    """Return the length of all texts of an answer."""
    if isinstance(answer, Answered):
        return len(answer.text) + sum(len(text) for _, text in answer.renderings)
    for name in ("partials", "derivatives"):
        if hasattr(answer, name):
            return sum(map(_length, getattr(answer, name)))
    rows = answer.rows if hasattr(answer, "rows") else [[answer.derivative]]
    return sum(_length(entry) for row in rows for entry in row)
