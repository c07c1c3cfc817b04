"""Explanations in steps, and generated code."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from secant._reply import expect, expect_fields, expect_length
from secant.results._page import document, is_inert_page
from secant.results._record import record
from secant.results._shown import Shown
from secant.results.formula import Answer, Formula, formula
from secant.v1 import derivative_pb2 as pb
from secant.v1 import expression_pb2

__all__ = ["FORMATS", "Code", "Derivation", "Explanation", "Export", "explanation", "export"]

# The formats of pages, and the endings of their files.
FORMATS = {
    "text": pb.EXPLANATION_FORMAT_TEXT,
    "latex": pb.EXPLANATION_FORMAT_LATEX,
    "html": pb.EXPLANATION_FORMAT_HTML,
    "markdown": pb.EXPLANATION_FORMAT_MARKDOWN,
}
_PAGES = {".txt": "text", ".tex": "latex", ".html": "html", ".htm": "html", ".md": "markdown"}

# The file name extension of each language.
_ENDINGS = {
    expression_pb2.NOTATION_R: ".R",
    expression_pb2.NOTATION_PYTHON: ".py",
    expression_pb2.NOTATION_LATEX: ".tex",
    expression_pb2.NOTATION_C: ".c",
    expression_pb2.NOTATION_JULIA: ".jl",
    expression_pb2.NOTATION_STAN: ".stan",
    expression_pb2.NOTATION_SQL: ".sql",
    expression_pb2.NOTATION_JAVASCRIPT: ".mjs",
}


@dataclass(frozen=True, slots=True)
class Derivation(Shown):
    """One step of a derivation.

    Attributes:
        rule: "sum", "product", "quotient", "power", "chain", …
        expression: The expression that is differentiated.
        result: Its derivative.
        parts: The parts to which the rule refers, by name: "u", "v", "inner", "outer", …
        text: The step as one sentence.
        depth: The nesting depth of the expression; 0 is the whole expression.
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
    """The derivation of a derivative: its pages, its steps, and the derivative that `differentiate` returns.

    A notebook shows the page; `print` prints it as text.

    Attributes:
        steps: The steps, inner expressions first. Empty if there are more than the server's limit.
        derivative: The derivative.
        variables: The variables of differentiation, in order.
        shape: "scalar".
        notices: Notices about the answer.
        pages: The derivation as a page in each format: {"text": …, "latex": …, "html": …, "markdown": …}.
    """

    steps: tuple[Derivation, ...]
    derivative: Formula
    variables: tuple[str, ...]
    shape: str
    notices: tuple[str, ...]
    pages: Mapping[str, str] = field(default_factory=dict)

    def page(self, format: str = "text") -> str:
        """Return the derivation as a page.

        Args:
            format: "text", "latex" (a part of a document that loads amsmath), "html" (a `div` with MathML, which needs no
                library) or "markdown".

        Raises:
            ValueError: There is no such format, or the server writes no pages.
        """
        if format not in FORMATS:
            raise ValueError(f"format must be one of {', '.join(FORMATS)}; got {format!r}")
        if format not in self.pages:
            raise ValueError("this server writes no pages: it is older than this client")
        return self.pages[format]

    def save(self, path: str | PathLike[str]) -> None:
        """Write the page to a file, in the format of its ending: .txt, .tex, .html or .md.

        Args:
            path: The path of the file.

        Raises:
            ValueError: The ending is another one.
            OSError: The file cannot be written.
        """
        ending = Path(path).suffix.lower()
        if ending not in _PAGES:
            raise ValueError(f"the name of the file must end with one of {', '.join(_PAGES)}; got {str(path)!r}")
        page = self.page(_PAGES[ending])
        text = document(page, f"d/d{' d'.join(self.variables)}") if _PAGES[ending] == "html" else page
        Path(path).write_text(text.rstrip("\n") + "\n", encoding="utf-8")

    def __str__(self) -> str:
        if "text" in self.pages:
            return self.pages["text"]
        return "\n".join("  " * step.depth + step.text for step in self.steps)

    def _repr_html_(self) -> str | None:
        page = self.pages.get("html", "")
        return page if is_inert_page(page) else None

    def _latex(self) -> str | None:
        return self.derivative._latex()


@dataclass(frozen=True, slots=True)
class Code(Shown):
    """Source code in one language.

    Attributes:
        notation: The language, "r".
        text: The source code of a whole file.
        file_name: The usual name of the file, "f.R".
        parameters: SQL: the names of the parameters as the placeholders spell them, in the order of $1, $2, ...
        columns: SQL: the columns of the table that the query reads.
    """

    notation: str
    text: str
    file_name: str
    parameters: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text

    def save(self, folder: str | PathLike[str] = ".") -> Path:
        """Write the code to a file and return its path.

        Args:
            folder: An existing folder; the file is named `file_name`.

        Raises:
            OSError: The file cannot be written.

        >>> Code("c", "double f(const double *at);", "f.c").save("/no/such/folder")
        Traceback (most recent call last):
        FileNotFoundError: [Errno 2] No such file or directory: '/no/such/folder/f.c'
        """
        # The name comes from the server, so only its last part is used.
        path = Path(folder) / Path(self.file_name).name
        path.write_text(self.text, encoding="utf-8")
        return path


@dataclass(frozen=True, repr=False, slots=True)
class Export(Answer):
    """Code that computes f and its derivatives without the service.

    Attributes:
        codes: The code in each language requested, in their order.
        variables: The order of the generated function's arguments.
        notices: Notices about the answer.
    """

    codes: tuple[Code, ...]
    variables: tuple[str, ...]
    notices: tuple[str, ...]

    def __getitem__(self, notation: str) -> str:
        """Return the code in one language: `export["c"]`.

        Raises:
            KeyError: There is no code in this language.
        """
        for code in self.codes:
            if code.notation == notation.lower():
                return code.text
        known = ", ".join(code.notation for code in self.codes)
        raise KeyError(f"there is code in {known}, not in {notation!r}")

    def __str__(self) -> str:
        return "\n".join(code.text for code in self.codes)

    def save(self, folder: str | PathLike[str] = ".") -> list[Path]:
        """Write one file for each language and return their paths.

        Args:
            folder: An existing folder.

        Raises:
            OSError: A file cannot be written.
        """
        return [code.save(folder) for code in self.codes]


def explanation(reply: pb.ExplainResponse, notations: Sequence[int]) -> Explanation:
    """Return the reply as an Explanation.

    Raises:
        MalformedReplyError: The reply lacks the derivative, or the depth of a step is out of range.
    """
    expect_fields(reply, "derivative")
    for step in reply.steps:
        # The depth is also an indentation: a hostile server could cause gigabytes of spaces.
        expect(0 <= step.depth <= len(reply.steps), f"a step at depth {step.depth} of {len(reply.steps)} steps")
    names = {number: name for name, number in FORMATS.items()}
    pages = {names[page.format]: page.text for page in reply.pages if page.format in names}
    steps = tuple(_derivation(step, notations) for step in reply.steps)
    return record(Explanation, reply, notations, steps=steps, pages=pages)


def _derivation(step: pb.Derivation, notations: Sequence[int]) -> Derivation:
    return record(
        Derivation,
        step,
        notations,
        expression=formula(step.expression, notations),
        result=formula(step.result, notations),
        parts={part.name: formula(part.formula, notations) for part in step.parts},
    )


def export(reply: pb.ExportResponse, notations: Sequence[int] = ()) -> Export:
    """Return the reply as an Export; `notations` are the notations requested.

    Raises:
        MalformedReplyError: A language is missing, or a file name is unsafe.
    """
    if notations:
        expect_length("texts of code", reply.codes, len(notations), "languages requested")
    for code in reply.codes:
        # `save` uses this name: no hidden file, no other extension, no path out of the folder.
        ending = _ENDINGS.get(code.notation, "")
        name = Path(code.file_name).name
        expect(
            not name or bool(re.fullmatch(rf"\w[\w.-]*{re.escape(ending)}", name)), f"the file name {code.file_name!r}"
        )
    return record(Export, reply, codes=tuple(record(Code, code) for code in reply.codes))
