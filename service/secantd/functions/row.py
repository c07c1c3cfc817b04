"""What the service knows of one function."""

from dataclasses import dataclass

__all__ = ["Function", "LeftOut", "row"]


class LeftOut(float):
    """The default of a parameter that a call leaves out: a number, and yet `dnorm(x)` is not `dnorm(x, 0, 1)`."""


@dataclass(frozen=True, slots=True)
class Function:
    """A row of the table of functions.

    Attributes:
        name: The op of its nodes: R's name, with the flags that are set behind a dot (`pnorm.upper.log`).
        written: R's name as it is read and printed; "log_base" is written `log`.
        parameters: Their names, in order, as R has them.
        defaults: What R takes for the parameters at the end that a call leaves out, as text.
        derivatives: The derivative by each parameter, in R notation: the parameters' names stand for the
            arguments and `f` for the function's own value. "" where none is known.
        unknown: Why a derivative is not known: the error a caller reads.
        summary: What it computes, in one line.
        aliases: Other names it is read by, Python's among them.
        python: The name it is printed by in Python notation.
        latex: In LaTeX: a command, or a template with {0}, {1}.
        flags: R's logical parameters behind the others and what they are in this row:
            (("lower.tail", True), ("log.p", False)). Rows of one `written` name differ in them; the first
            has R's defaults.
        at_zero: The derivatives where the last parameter is the number 0 and a shorter text holds.
        instead: R's other parametrisation: (("scale", "rate", "1/scale"),) reads a call with `scale` as one
            with `rate`.
        whole: Parameters whose numbers R writes as integers: psigamma(x, 2L).
        spelled: Whether R's Deriv writes the defaults out: dnorm(x, 0, 1).
    """

    name: str
    written: str
    parameters: tuple[str, ...]
    defaults: tuple[str, ...]
    derivatives: tuple[str, ...]
    unknown: str
    summary: str
    aliases: tuple[str, ...]
    python: str
    latex: str
    flags: tuple[tuple[str, bool], ...]
    at_zero: tuple[str, ...] = ()
    instead: tuple[tuple[str, str, str], ...] = ()
    whole: tuple[str, ...] = ()
    spelled: bool = False

    @property
    def signature(self) -> str:
        """The call as R's help shows it."""
        first = len(self.parameters) - len(self.defaults)
        shown = [*self.parameters[:first]]
        shown += [f"{p} = {d}" for p, d in zip(self.parameters[first:], self.defaults, strict=True)]
        shown += [f"{n} = {'TRUE' if v else 'FALSE'}" for n, v in self.flags]
        return f"{self.written}({', '.join(shown)})"


def row(
    signature: str,
    *derivatives: str,
    summary: str,
    name: str = "",
    aliases: str = "",
    python: str = "",
    latex: str = "",
    unknown: str = "",
    at_zero: tuple[str, ...] = (),
    instead: tuple[tuple[str, str, str], ...] = (),
    whole: tuple[str, ...] = (),
    spelled: bool = False,
) -> Function:
    """Return the row of `signature`, such as "dnorm(x, mean = 0, sd = 1)"; `aliases` are parted by blanks.

    >>> row("atan2(y, x)", "x/(x^2 + y^2)", "-(y/(x^2 + y^2))", summary="angle").parameters
    ('y', 'x')
    """
    written, _, inside = signature.rstrip(")").partition("(")
    pieces = [p.strip() for p in inside.split(",")] if inside else []
    pairs = [(p.partition("=")[0].strip(), p.partition("=")[2].strip()) for p in pieces]
    flags = tuple((n, d == "TRUE") for n, d in pairs if d in ("TRUE", "FALSE"))
    names = tuple(n for n, d in pairs if d not in ("TRUE", "FALSE"))
    defaults = tuple(d for n, d in pairs if d and n in names)
    if len(derivatives) != len(names):
        raise ValueError(f"{signature}: {len(derivatives)} derivatives for {len(names)} parameters")
    return Function(
        name or written, written, names, defaults, derivatives, unknown, summary, tuple(aliases.split()),
        python or written, latex or rf"\operatorname{{{written}}}", flags, at_zero, instead, whole, spelled,
    )  # fmt: skip
