"""Certificates: what can be checked without Secant."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secant._reply import MalformedReplyError
from secant.results._shown import Shown

if TYPE_CHECKING:
    from secant.v1 import certificate_pb2 as pb

__all__ = ["Certificate", "certificate", "certified"]


@dataclass(frozen=True, slots=True, repr=False)
class Certificate(Shown):
    """A proof, or a counterexample in exact numbers, that can be checked without Secant.

    Attributes:
        coq: A file for Coq with the libraries Coquelicot and Interval, which `coqc` checks. "" for a counterexample with functions
            that have no theory there.
        lean: The same statements for Lean 4 with Mathlib, not checked by Secant; "" if there is none.
        hypotheses: What the statement assumes, such as "x > 0".
        point: For a counterexample, the point in exact numbers, by variable; else empty.
        claimed_value: For a counterexample, two numbers between which the claim's value lies; None where the server has no
            ball arithmetic.
        true_value: The same for the true value; the two intervals have no common number.
    """

    coq: str
    lean: str
    hypotheses: tuple[str, ...]
    point: Mapping[str, Fraction]
    claimed_value: tuple[Decimal, Decimal] | None
    true_value: tuple[Decimal, Decimal] | None

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the file for Coq, or for a path that ends with .lean that for Lean, and return its path.

        Raises:
            ValueError: The certificate has no such file.
            OSError: It cannot be written.
        """
        path = Path(path)
        text = self.lean if path.suffix == ".lean" else self.coq
        if not text:
            raise ValueError(f"there is no file for {'Lean' if path.suffix == '.lean' else 'Coq'} in this certificate")
        path.write_text(text, encoding="utf-8")
        return path

    def _title(self) -> str:
        return f"of {self.coq.count(chr(10))} lines of Coq" if self.coq else "of enclosures"

    def _more(self) -> dict[str, Any]:
        # JSON has no exact numbers.
        ends = {"claimed_value": self.claimed_value, "true_value": self.true_value}
        exact = {name: value and [str(end) for end in value] for name, value in ends.items()}
        return {"point": {name: str(value) for name, value in self.point.items()}, **exact}

    def _facts(self) -> dict[str, Any]:
        return {
            "hypotheses": ", ".join(self.hypotheses),
            "point": self.point or None,
            "claimed_value": _text(self.claimed_value),
            "true_value": _text(self.true_value),
        }


def _text(ends: tuple[Decimal, Decimal] | None) -> str | None:
    return ends and f"{ends[0]} to {ends[1]}"


def certificate(reply: Any) -> Certificate | None:
    """Return the certificate of a reply, None if it has none.

    Raises:
        MalformedReplyError: A number of it is none.
    """
    if not reply.HasField("certificate"):
        return None
    message: pb.Certificate = reply.certificate
    ends = {
        name: getattr(message, name) if message.HasField(name) else None for name in ("claimed_value", "true_value")
    }
    try:
        return certified(message, [(entry.variable, entry.value) for entry in message.point], **ends)
    except (ValueError, ArithmeticError):
        raise MalformedReplyError("a certificate with a number that is none") from None


def certified(found: Any, point: Iterable[tuple[str, str]], claimed_value: Any, true_value: Any) -> Certificate:
    """Return a certificate from a message or a record of the engine.

    Raises:
        ValueError, ArithmeticError: A number of it is none.
    """
    return Certificate(
        coq=found.coq,
        lean=found.lean,
        hypotheses=tuple(found.hypotheses),
        point={variable: Fraction(value) for variable, value in point},
        claimed_value=claimed_value and (Decimal(claimed_value.lower), Decimal(claimed_value.upper)),
        true_value=true_value and (Decimal(true_value.lower), Decimal(true_value.upper)),
    )
