"""A row of the table of functions."""

from dataclasses import dataclass

__all__ = ["LeftOut", "Row", "row"]


class LeftOut(float):
    """The default of a parameter that a call leaves out, so that `dnorm(x)` is not printed as `dnorm(x, 0, 1)`."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table of functions.

    Attributes:
        name: The op of its nodes: R's name, followed by the flags that are set, each after a dot (`pnorm.upper.log`).
        written: R's name as it is read and printed; "log_base" is written `log`.
        parameters: The names of the parameters in R's order.
        defaults: R's defaults of the last parameters, as text.
        derivatives: The derivative with respect to each parameter, in R notation, with the parameters' names as
            arguments and `f` as the function's own value. "" where none is known.
        unknown: Why a derivative is not known, as part of the error's sentence.
        summary: One line on what it computes.
        aliases: Other names, including Python's, that are accepted.
        python: The name in Python notation.
        latex: A command of LaTeX, or a template with {0}, {1}.
        flags: R's logical parameters, after the others, and their values in this row:
            (("lower.tail", True), ("log.p", False)). Rows with the same `written` differ in them; the first
            has R's defaults.
        at_zero: Shorter derivatives for a last argument that is the number 0.
        places: R's parameters in R's order, without the flags, where they are not those of this row: ("x", "size", "prob",
            "mu") for the row of dnbinom(x, size, mu = mu). Rows with the same `written` have the same.
        instead: R's alternative parameters: with (("scale", "rate", "1/scale", "-rate^2"),) a call with `scale` is read as
            one with `rate`; the last text is the derivative of `rate` with respect to `scale`.
        only: R's parameters that may have one value only: (("ncp", 0.0, reason),).
        synonyms: Names of parameters in other languages: (("ndigits", "digits"),).
        whole: Parameters whose numbers R writes as integers: psigamma(x, 2L).
        spelled: Whether R's Deriv prints the defaults: dnorm(x, 0, 1).
        meaning: The textbook formula in the parameters' names, a formula or a block of the language, for parameters
            that are `valid`. It may call other rows. SymPy, the complex step and mpmath use it if they do not have the
            function. "" where all of them have it, or where `unlike` gives the reason why there is none.
        valid: The condition on the parameters under which there is a value; elsewhere it is NaN. "": always.
        stable: A formula or block whose value is correct to the last digits, also at edges, in tails and outside the
            domain. Exported code uses it if a language lacks the function, the service if it has no faster code.
        points: Arguments, for tests, at which the function is smooth in every parameter that has a derivative.
        source: The source of the formulas.
        in_r: What is printed in R notation if R has no function of this name: text with the parameters' names.
        unlike: Why there is no meaning.
        slopes: Instead of derivatives of an inner row, inner rows of the same parameters.
        numeric: Whether R has no such function, nor a formula for it: printed formulas keep its name, with a
            notice; exported code contains its stable form.
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
    places: tuple[str, ...] = ()
    instead: tuple[tuple[str, str, str, str], ...] = ()
    only: tuple[tuple[str, float, str], ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    whole: tuple[str, ...] = ()
    spelled: bool = False
    meaning: str = ""
    valid: str = ""
    stable: str = ""
    points: tuple[tuple[float, ...], ...] = ()
    source: str = ""
    in_r: str = ""
    unlike: str = ""
    slopes: tuple[str, ...] = ()
    numeric: bool = False

    @property
    def signature(self) -> str:
        """The call as R's help shows it."""
        flags = [f"{n} = {'TRUE' if v else 'FALSE'}" for n, v in self.flags]
        return f"{self.written}({', '.join([*self.formals, *flags])})"

    @property
    def formals(self) -> list[str]:
        """The parameters in R's order, without the flags, with their defaults: ["x", "shape", "rate = 1", "scale = 1/rate"]."""
        first = len(self.parameters) - len(self.defaults)
        defaults = dict(zip(self.parameters[first:], self.defaults, strict=True))
        defaults |= {other: text.replace(other, parameter) for other, parameter, text, _ in self.instead}
        defaults |= {name: f"{value:g}" for name, value, _ in self.only}
        return [f"{p} = {defaults[p]}" if p in defaults else p for p in self.places]

    @property
    def named(self) -> tuple[str, ...]:
        """For each parameter the name under which it has to be given, "" where its position is sufficient."""
        return tuple("" if self.places[i] == p else p for i, p in enumerate(self.parameters))


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
    places: tuple[str, ...] = (),
    instead: tuple[tuple[str, str, str, str], ...] = (),
    only: tuple[tuple[str, float, str], ...] = (),
    synonyms: tuple[tuple[str, str], ...] = (),
    whole: tuple[str, ...] = (),
    spelled: bool = False,
    meaning: str = "",
    valid: str = "",
    stable: str = "",
    points: tuple[tuple[float, ...], ...] = (),
    source: str = "",
    in_r: str = "",
    unlike: str = "",
    slopes: tuple[str, ...] = (),
    numeric: bool = False,
) -> Row:
    """Return the row of `signature`, such as "dnorm(x, mean = 0, sd = 1)"; `aliases` are separated by blanks.

    The other arguments are those of `Row`; an empty `name`, `python` or `latex` is derived from the signature.

    Raises:
        ValueError: The number of derivatives is not that of the parameters.

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
    return Row(
        name or written, written, names, defaults, derivatives, unknown, summary, tuple(aliases.split()),
        python or written, latex or rf"\operatorname{{{written}}}", flags, at_zero, places or names, instead,
        only, synonyms, whole, spelled,
        meaning, valid, stable, points, source, in_r, unlike, slopes, numeric,
    )  # fmt: skip
