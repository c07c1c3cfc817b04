"""Functions of R that make texts, which names, `switch` and lists choose by: paste0("b", 1), sprintf("k%d", i)."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from secantd.language.conditions import condition
from secantd.language.context import Context
from secantd.language.positions import is_condition
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as, whole_part
from secantd.language.structural import constant, items, match
from secantd.language.values import Nothing, Span, Value, Vector

__all__ = ["text_of"]

# Whole numbers from here on have two texts in R: 100000L is "100000", 100000 is "1e+05".
LARGE: Final = 1e5
# Below this R may write an exponent.
SMALL: Final = 1e-4
# Arguments that are TRUE or FALSE in any text; elsewhere 1 in paste() may be TRUE.
FLAGS: Final = re.compile(
    r"\b(?:log(?:\.p)?|lower(?:\.tail)?|na\.rm|byrow|decreasing|simplify|accumulate|right|USE\.NAMES|logarithm|drop|silent"
    r"|expon\.scaled|labels|include\.lowest|stringsAsFactors|raw|SIMPLIFY|exact|fixed)\s*=\s*(?:TRUE|FALSE)\b|while\s*\(\s*TRUE\s*\)"
)
TRUTHS: Final = re.compile(r"\b(?:TRUE|FALSE)\b")
# The directives of sprintf().
DIRECTIVE: Final = re.compile(r"%(?:%|[-+0 ]*\d{0,3}(?:\.\d{0,3})?[disfgeG])")
# The longest text: names are short.
LONGEST: Final = 1000


def text_of(context: Context, value: Value, what: str) -> str:
    """Return a value as R's as.character() has it.

    Args:
        context: The interpreter.
        value: A text, a constant or a condition that is known.
        what: The function, for errors.

    Raises:
        CalculusError: SYNTAX_ERROR: it is not known while the text is read, or R has several texts for it.
    """
    if isinstance(value, str):
        return value
    number = constant(context, value, f"what {what} makes a text of")
    if is_condition(value):
        return "TRUE" if number else "FALSE"
    if number in (0.0, 1.0) and TRUTHS.search(FLAGS.sub("", context.text)):
        headline = f"whether {number:g} is a number or {'TRUE' if number else 'FALSE'} is not known in {what}"
        raise context.error(headline, "write the text itself")
    if number == int(number) if abs(number) < LARGE else False:
        return f"{number:.0f}"
    if SMALL <= abs(number) < LARGE:
        return f"{number:.15g}"
    raise context.error(f"R's text of the number {number:g} depends on its type", "write the text itself")


def texts_of(context: Context, value: Value, what: str) -> list[str]:
    """Return the texts of the elements of a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Nothing):
        return []
    listed = items(context, value, f"what {what} makes a text of") if isinstance(value, Vector | Span) else [value]
    return [text_of(context, v, what) for v in listed]


def as_value(found: Sequence[str]) -> Value:
    return found[0] if len(found) == 1 else Vector(tuple(found))


def checked(context: Context, text: str, what: str) -> str:
    if len(text) > LONGEST:
        raise context.error(f"{what} makes a text of more than {LONGEST:,} characters")
    return text


def recycled(context: Context, columns: Sequence[list[str]], make: Callable[[list[str]], str], what: str) -> list[str]:
    """Return a function of the elements of texts side by side; shorter ones are repeated."""
    columns = [c for c in columns if c]
    longest = max(map(len, columns), default=0)
    return [checked(context, make([c[i % len(c)] for c in columns]), what) for i in range(longest)]


def paste(what: str, separator: str) -> LibraryFunction:
    def call(context: Context, arguments: Arguments, names: Names) -> Value:
        own = {n: a for a, n in zip(arguments, names, strict=True) if n in ("sep", "collapse")}
        sep = text_of(context, own["sep"], what) if "sep" in own else separator
        given = [a for a, n in zip(arguments, names, strict=True) if n not in own]
        found = recycled(context, [texts_of(context, a, what) for a in given], sep.join, what)
        collapse = own.get("collapse", Nothing())
        if isinstance(collapse, Nothing):
            return as_value(found)
        return checked(context, text_of(context, collapse, what).join(found), what)

    return call


LIBRARY["paste"] = paste("paste()", " ")
LIBRARY["paste0"] = paste("paste0()", "")


@known_as("sprintf")
def formatted(context: Context, arguments: Arguments, names: Names) -> Value:
    """Texts with numbers and texts in the places of %d, %s, %f and their relatives."""
    if not arguments:
        raise context.error("sprintf() has no arguments", 'write sprintf("b%d", 1)')
    formats = texts_of(context, arguments[0], "sprintf()")
    directives = [d for d in DIRECTIVE.findall(formats[0] if formats else "") if d != "%%"]
    if len(formats) != 1 or "%" in DIRECTIVE.sub("", formats[0]) or len(directives) != len(arguments) - 1:
        headline = "sprintf() takes one format, with one of %d, %s, %f, %g and %e for each argument"
        raise context.error(headline, 'write sprintf("b%d", 1)')
    columns = []
    for directive, argument in zip(directives, arguments[1:], strict=True):
        if directive[-1] == "s":
            columns.append([directive % t for t in texts_of(context, argument, "sprintf()")])
            continue
        listed = items(context, argument, "what sprintf() writes")
        numbers = [constant(context, v, "what sprintf() writes") for v in listed]
        whole = directive[-1] in "di"
        if whole and not all(n.is_integer() for n in numbers):
            raise context.error(f"sprintf() writes whole numbers with {directive}", "write %g for other numbers")
        columns.append([directive % (int(n) if whole else n) for n in numbers])
    pieces = DIRECTIVE.split(formats[0])
    signs = DIRECTIVE.findall(formats[0])

    def joined(values: list[str]) -> str:
        rest = iter(values)
        written = [("%" if s == "%%" else next(rest)) + p for s, p in zip(signs, pieces[1:], strict=True)]
        return pieces[0] + "".join(written)

    return as_value(recycled(context, columns, joined, "sprintf()") if columns else [joined([])])


def of_texts(what: str, function: Callable[[str], str]) -> None:
    @fixed("x")
    def call(context: Context, x: Value) -> Value:
        return as_value([function(t) for t in texts_of(context, x, f"{what}()")])

    LIBRARY[what] = call


of_texts("toupper", str.upper)
of_texts("tolower", str.lower)
of_texts("trimws", str.strip)
of_texts("as.character", str)


@known_as("nchar")
def characters(context: Context, arguments: Arguments, names: Names) -> Value:
    """The numbers of characters of texts."""
    given = match(context, ["x", "type"], arguments, names, "nchar()")
    if "x" not in given or not isinstance(given["x"], str | Vector):
        raise context.error("nchar() takes a text")
    found = [context.number(float(len(t))) for t in texts_of(context, given["x"], "nchar()")]
    return found[0] if len(found) == 1 else Vector(tuple(found))


@known_as("substr", "substring")
@fixed("x", "start", optional=("stop", "last"))
def part_of_text(context: Context, x: Value, start: Value, stop: Value | None, last: Value | None) -> Value:
    """The characters of texts from one position to another, counted from 1."""
    end = stop if stop is not None else last
    first = max(whole_part(context, start, "'start'"), 1)
    behind = LONGEST if end is None else max(whole_part(context, end, "'stop'"), 0)
    return as_value([t[first - 1 : behind] for t in texts_of(context, x, "substr()")])


def of_pair(what: str, function: Callable[[str, str], bool]) -> None:
    @fixed("x", "y")
    def call(context: Context, x: Value, y: Value) -> Value:
        left, right = [texts_of(context, v, f"{what}()") for v in (x, y)]
        if len(right) != 1:
            raise context.error(f"{what}() takes one text to look for", f'write {what}(x, "a")')
        tests = [condition(context, function(t, right[0])) for t in left]
        return tests[0] if len(tests) == 1 else Vector(tuple(tests))

    LIBRARY[what] = call


of_pair("startsWith", str.startswith)
of_pair("endsWith", str.endswith)


@known_as("character")
@fixed(optional=("length",))
def empty_texts(context: Context, length: Value | None) -> Value:
    """Empty texts, as FUN.VALUE = character(1) has them."""
    return as_value([""] * (0 if length is None else min(whole_part(context, length, "the length"), LONGEST)))
