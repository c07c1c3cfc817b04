"""Derivations step by step, and code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from secant.results.formula import Answer, Formula, formula
from secant.v1 import derivative_pb2 as pb
from secant.v1 import expression_pb2
from secant.words import word

__all__ = ["Code", "Derivation", "Explanation", "Export", "explanation", "export"]


@dataclass(frozen=True, slots=True)
class Derivation:
    """One step of a derivation.

    Attributes:
        rule: "sum", "product", "quotient", "power", "chain", …
        expression: What is differentiated.
        result: Its derivative.
        parts: The parts the rule speaks of, by name: "u", "v", "inner", "outer", …
        text: The step as one sentence.
        depth: How deep it stands; 0 is the whole expression.
    """

    rule: str
    expression: Formula
    result: Formula
    parts: Mapping[str, Formula]
    text: str
    depth: int

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, repr=False, slots=True)
class Explanation(Answer):
    """A derivation whose last result is the answer of `differentiate`.

    Attributes:
        steps: In the order a reader follows them.
        derivative: The derivative.
        variables: By what was differentiated, in order.
        shape: "scalar".
        notices: What a reader should know.
    """

    steps: tuple[Derivation, ...]
    derivative: Formula
    variables: tuple[str, ...]
    shape: str
    notices: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join("  " * step.depth + step.text for step in self.steps)

    def _latex(self) -> str | None:
        return self.derivative._latex()


@dataclass(frozen=True, slots=True)
class Code:
    """Source code in one language.

    Attributes:
        notation: The language, "r".
        text: A whole source text.
        file_name: A customary name for the file, "f.R".
    """

    notation: str
    text: str
    file_name: str

    def __str__(self) -> str:
        return self.text

    def save(self, folder: str | PathLike[str] = ".") -> Path:
        """Write the file into a folder, and say where it is.

        Raises:
            OSError: It cannot be written.

        >>> Code("c", "double f(const double *at);", "f.c").save("/no/such/folder")
        Traceback (most recent call last):
        FileNotFoundError: [Errno 2] No such file or directory: '/no/such/folder/f.c'
        """
        # The name is the server's: only its last part counts.
        path = Path(folder) / Path(self.file_name).name
        path.write_text(self.text, encoding="utf-8")
        return path


@dataclass(frozen=True, repr=False, slots=True)
class Export(Answer):
    """Code that computes f and its derivatives without the service.

    Attributes:
        codes: One for each notation asked for, in their order.
        variables: The order of the arguments.
        notices: What a reader should know.
    """

    codes: tuple[Code, ...]
    variables: tuple[str, ...]
    notices: tuple[str, ...]

    def __getitem__(self, notation: str) -> str:
        """Return the text in one language, `export["c"]`."""
        for code in self.codes:
            if code.notation == notation.lower():
                return code.text
        known = ", ".join(code.notation for code in self.codes)
        raise KeyError(f"there is code in {known}, not in {notation!r}")

    def __str__(self) -> str:
        return "\n".join(code.text for code in self.codes)

    def save(self, folder: str | PathLike[str] = ".") -> list[Path]:
        """Write each language's file into a folder, and say where they are.

        Raises:
            OSError: One cannot be written.
        """
        return [code.save(folder) for code in self.codes]


def explanation(reply: pb.ExplainResponse, notations: Sequence[int]) -> Explanation:
    """Return the reply as an Explanation."""
    return Explanation(
        tuple(_derivation(step, notations) for step in reply.steps),
        formula(reply.derivative, notations),
        tuple(reply.variables),
        reply.shape.text,
        tuple(reply.notices),
    )


def _derivation(step: pb.Derivation, notations: Sequence[int]) -> Derivation:
    return Derivation(
        step.rule,
        formula(step.expression, notations),
        formula(step.result, notations),
        {part.name: formula(part.formula, notations) for part in step.parts},
        step.text,
        step.depth,
    )


def export(reply: pb.ExportResponse) -> Export:
    """Return the reply as an Export."""
    return Export(
        tuple(Code(word(expression_pb2.Notation, c.notation), c.text, c.file_name) for c in reply.codes),
        tuple(reply.variables),
        tuple(reply.notices),
    )
