"""R without packages: a function that returns the value with its derivatives as attributes, as stats::deriv does."""

import math
import re
from collections.abc import Sequence

from secantd.export.language import ATOM, POWER, PRODUCT, SIGN, SUM, Language, Template, call, infix
from secantd.export.sourcefile import SourceFile, indented, triangle
from secantd.functions import FUNCTIONS, Row
from secantd.language import Notation
from secantd.render.names import Identifiers
from secantd.render.r import in_r

__all__ = ["R", "source_code"]


def own(row: Row) -> Template:
    """Return the call of a function that R has, with flags that differ from R's defaults."""
    usual = dict(FUNCTIONS[row.written].flags) if row.written in FUNCTIONS else {}
    flags = [f"{n} = {'TRUE' if v else 'FALSE'}" for n, v in row.flags if v != usual.get(n)]
    arguments = [f"{name} = {{{i}}}" if name else f"{{{i}}}" for i, name in enumerate(row.named)]
    return Template(f"{row.written}({', '.join([*arguments, *flags])})")


def otherwise(row: Row) -> Template | None:
    """Return the template of a function that R lacks, None if it is not a single call or its arguments need brackets."""
    template, _ = in_r(row.name)
    if any(not isinstance(piece, str) and piece[1] for piece in template):
        return None
    text = "".join(piece if isinstance(piece, str) else f"{{{piece[0]}}}" for piece in template)
    return Template(text, SIGN if text.startswith("-") else ATOM)


TEMPLATES = {
    **{row.name: own(row) for row in FUNCTIONS.values() if not (row.in_r or row.numeric)},
    **{row.name: template for row in FUNCTIONS.values() if row.in_r and (template := otherwise(row)) is not None},
    "sub": infix("-", SUM, PRODUCT),
    "neg": Template("-{0}", SIGN, (SIGN,)),
    "div": infix("/", PRODUCT, SIGN),
    "reciprocal": Template("1/{0}", PRODUCT, (SIGN,)),
    "square": Template("{0}^2", POWER, (ATOM,)),
    "cube": Template("{0}^3", POWER, (ATOM,)),
    "fourth": Template("({0}^2)^2", POWER, (ATOM,)),
    "pow": Template("{0}^{1}", POWER, (ATOM, ATOM)),
    "rint": call("round"),
    "%%": Template("{0} %% {1}", 0, (ATOM,)),
    "%/%": Template("{0} %/% {1}", 0, (ATOM,)),
    **{sign: Template(f"{{0}} {sign} {{1}}", 0, (SUM,)) for sign in ("<", "<=", ">", ">=", "==", "!=")},
    "missing": call("is.na"),
    "&": Template("{0} & {1}", 0, (ATOM,)),
    "|": Template("{0} | {1}", 0, (ATOM,)),
    "!": Template("!{0}", 0, (ATOM,)),
    "ifelse": call("@ifelse", 3),
    "erf": call("@erf"),
    "erfc": call("@erfc"),
    "mills": Template("@mills(({0} - {1})/{2})/{2}", PRODUCT, (SUM, PRODUCT, ATOM)),
    "mills_upper": Template("@mills(({1} - {0})/{2})/{2}", PRODUCT, (PRODUCT, SUM, ATOM)),
    "sum": call("sum"),
    "prod": call("prod"),
    "max_of": call("max"),
    "min_of": call("min"),
}

HELPERS = {
    "ifelse": """# yes or no, row by row; NA where the condition is. (ifelse() has the length of its condition.)
@ifelse <- function(condition, yes, no) {
  n <- max(length(condition), length(yes), length(no))
  condition <- rep_len(condition, n)
  yes <- rep_len(yes, n)
  value <- rep_len(no, n)
  taken <- which(condition != 0)
  value[taken] <- yes[taken]
  value[is.na(condition)] <- NaN
  value
}""",
    # P(1/2, x^2) of the incomplete gamma function, DLMF 7.11.1: all digits near 0, where 2 * pnorm(x * sqrt(2)) - 1 has none.
    "erf": """# The error function: 2 * pnorm(x * sqrt(2)) - 1 without its cancellation near 0.
@erf <- function(x) sign(x) * pgamma(x^2, 0.5)""",
    "erfc": """# 1 - erf(x), accurate far out.
@erfc <- function(x) @ifelse(x < 0, 1 + pgamma(x^2, 0.5), pgamma(x^2, 0.5, lower.tail = FALSE))""",
    "mills": """# dnorm(z)/pnorm(z); far out, where both are 0, by a continued fraction.
@mills <- function(z) {
  far <- z
  for (k in 12:1) far <- z + k/far
  @ifelse(z > -30, dnorm(z)/pnorm(z), -far)
}""",
}
KEYWORDS = """if else repeat while function for next break TRUE FALSE NULL Inf NaN NA NA_integer_ NA_real_ NA_character_
    NA_complex_ in""".split()
# Functions that the code calls: one of that name would call itself. Arguments of cbind() among them.
CALLED = """c cbind array attr length list max min sum prod rep_len which is.na exp log sqrt sin cos tan abs sign round floor
    ceiling trunc gamma lgamma pmax pmin deparse.level return as.numeric stop""".split()


def literal(value: float) -> str:
    """Return a literal that R reads as exactly this number.

    R's own reader of decimals is one unit off for some numbers of extreme size: these are written in hexadecimal.

    >>> literal(2.0), literal(0.1), literal(1e300), literal(float("-inf"))
    ('2', '0.1', '0x1.7e43c8800759cp+996', '-Inf')
    """
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Inf" if value > 0 else "-Inf"
    if value == 0 and math.copysign(1, value) < 0:
        # The compiler keeps equal constants once, and to it -0 is 0.
        return "(0 * sign(-1))"
    if value and not 1e-60 < abs(value) < 1e60:
        return value.hex()
    text = repr(value)
    return text.removesuffix(".0")


def function(name: str, parameters: Sequence[str], lines: Sequence[str], result: str) -> str:
    body = "".join(f"  {line}\n" for line in lines)
    return f"{name} <- function({', '.join(parameters)}) {{\n{body}  {result}\n}}"


R = Language(
    notation=Notation.R,
    title="R",
    suffix=".R",
    comment="# ",
    templates=TEMPLATES,
    helpers=HELPERS,
    number=literal,
    # ASCII: a name in other letters depends on the locale.
    identifiers=Identifiers(
        re.compile(r"(?:[A-Za-z]|\.(?![0-9.]))[A-Za-z0-9._]*"), frozenset([*KEYWORDS, "deparse.level"])
    ),
    taken=frozenset([*CALLED, *(row.written for row in FUNCTIONS.values())]),
    function=function,
    let=lambda name, text: f"{name} <- {text}",
)


def source_code(file: SourceFile) -> str:
    """Return one function: its value carries the attributes "gradient" and "hessian" that nls() and nlm() look for."""
    (part,) = file.parts
    word, size = file.names["value"], len(file.by)
    value, *derivatives = part.code.outputs
    lines = []
    if len(file.columns) > 1:
        lines.append(f"stopifnot({', '.join(f'length({c}) == length({file.columns[0]})' for c in file.columns[1:])})")
    if file.fixed:
        lines.append(f"stopifnot(length({file.columns[0]}) == {file.fixed})")
    if file.rows and file.rows in part.used:
        lines.append(f"{file.rows} <- length({file.columns[0]})")
    lines += part.code.lines
    if part.order == 0:
        lines.append(value)
    else:
        lines.append(f"{word} <- {value}")
        length = f"length({word})"
        # A partial that depends on less than f is shorter where the rest is a vector.
        full = [
            d if follows == part.follows[0] else f"rep_len({d}, {length})"
            for d, follows in zip(derivatives, part.follows[1:], strict=True)
        ]
        lines.append(f'attr({word}, "gradient") <- cbind(')
        lines += one_per_line([f"{v} = {d}" for v, d in zip(file.by, full[:size], strict=True)])
        lines.append(")")
        if part.order == 2:
            places = {}
            for k, place in enumerate(triangle(size), size):
                places[place] = full[k]
                if place[0] != place[1] and not full[k].isidentifier():
                    places[place] = f"{file.names['h']}{k - size + 1}"
                    lines.append(f"{places[place]} <- {full[k]}")
            names = f"c({', '.join(quoted(v) for v in file.by)})"
            lines.append(f'attr({word}, "hessian") <- array(c(')
            lines += one_per_line([places[min(i, j), max(i, j)] for j in range(size) for i in range(size)])
            lines.append(f"), c({length}, {size}, {size}), list(NULL, {names}, {names}))")
        lines.append(word)
    body = f"{file.name} <- function({', '.join(file.arguments)}) {{\n{indented(lines, '  ')}}}\n"
    return "\n\n".join([*file.helpers, usage(file, part.order) + body])


def usage(file: SourceFile, order: int) -> str:
    """Return a comment with the use of the function."""
    lines = ["# Returns the value" + (
        "." if not order else ' with the attribute "gradient", a matrix of one column for each variable'
        + ("." if order == 1 else ',\n# and the attribute "hessian", an array of two such dimensions.'))]  # fmt: skip
    if order and len(file.arguments) <= 8 and file.partials == len(file.variables):
        point = ", ".join([f"p[{k + 1}]" for k in range(len(file.variables))] + [*file.scalars, *file.columns])
        lines.append(f"#   nlm(function(p) {file.name}({point}), start)")
        lines.append(f"#   optim(start, function(p) {file.name}({point}),")
        lines.append(f'#         function(p) attr({file.name}({point}), "gradient"), method = "BFGS")')
    return "\n".join(lines) + "\n"


def one_per_line(items: Sequence[str]) -> list[str]:
    """Return the arguments of a call, one a line: R's console takes lines of 4095 bytes at most."""
    return [f"  {item}{',' if k < len(items) - 1 else ''}" for k, item in enumerate(items)]


def quoted(name: str) -> str:
    return f'"{name}"'
