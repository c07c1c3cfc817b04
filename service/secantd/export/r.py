"""R without packages: a function that returns the value with its derivatives as attributes, as stats::deriv does."""

import math
import re
from collections.abc import Sequence

from secantd.export.language import ATOM, POWER, PRODUCT, SIGN, SUM, Form, Language, call, infix
from secantd.export.plan import Plan, indented, triangle
from secantd.functions import FUNCTIONS, Function
from secantd.language import Notation

__all__ = ["R", "write"]


def own(row: Function) -> Form:
    """Return the call of a function of R's, with the flags that are not its defaults."""
    usual = dict(FUNCTIONS[row.written].flags) if row.written in FUNCTIONS else {}
    flags = [f"{n} = {'TRUE' if v else 'FALSE'}" for n, v in row.flags if v != usual.get(n)]
    return Form(f"{row.written}({', '.join([*(f'{{{i}}}' for i in range(len(row.parameters))), *flags])})")


FORMS = {
    **{row.name: own(row) for row in FUNCTIONS.values()},
    "sub": infix("-", SUM, PRODUCT),
    "neg": Form("-{0}", SIGN, (SIGN,)),
    "div": infix("/", PRODUCT, SIGN),
    "reciprocal": Form("1/{0}", PRODUCT, (SIGN,)),
    "square": Form("{0}^2", POWER, (ATOM,)),
    "cube": Form("{0}^3", POWER, (ATOM,)),
    "fourth": Form("({0}^2)^2", POWER, (ATOM,)),
    "pow": Form("{0}^{1}", POWER, (ATOM, ATOM)),
    "rint": call("round"),
    "%%": Form("{0} %% {1}", 0, (ATOM,)),
    "%/%": Form("{0} %/% {1}", 0, (ATOM,)),
    **{sign: Form(f"{{0}} {sign} {{1}}", 0, (SUM,)) for sign in ("<", "<=", ">", ">=", "==", "!=")},
    "&": Form("{0} & {1}", 0, (ATOM,)),
    "|": Form("{0} | {1}", 0, (ATOM,)),
    "!": Form("!{0}", 0, (ATOM,)),
    "ifelse": call("@ifelse", 3),
    "erf": call("@erf"),
    "erfc": call("@erfc"),
    # log(1 + exp(u)), for u of any size
    "softplus": Form("-plogis({0}, lower.tail = FALSE, log.p = TRUE)", SIGN),
    "logistic": call("plogis"),
    "dnorm/pnorm": Form("@mills(({0} - {1})/{2})/{2}", PRODUCT, (SUM, PRODUCT, ATOM)),
    "dnorm/pnorm.upper": Form("@mills(({1} - {0})/{2})/{2}", PRODUCT, (PRODUCT, SUM, ATOM)),
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
  for (k in 12:1) far <- z - k/far
  @ifelse(z > -30, dnorm(z)/pnorm(z), -far)
}""",
}
KEYWORDS = """if else repeat while function for next break TRUE FALSE NULL Inf NaN NA NA_integer_ NA_real_ NA_character_
    NA_complex_ in""".split()
# Functions that the code calls: one of that name would call itself. Arguments of cbind() among them.
CALLED = """c cbind array attr length list max min sum prod rep_len which is.na exp log sqrt sin cos tan abs sign round floor
    ceiling trunc gamma lgamma pmax pmin deparse.level return as.numeric stop""".split()


def number(value: float) -> str:
    """Return a literal that R reads as exactly this number.

    R's own reader of decimals is one unit off for some numbers of extreme size: these are written in hexadecimal.

    >>> number(2.0), number(0.1), number(1e300), number(float("-inf"))
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
    forms=FORMS,
    helpers=HELPERS,
    number=number,
    # ASCII: a name in other letters depends on the locale.
    names=re.compile(r"(?:[A-Za-z]|\.(?![0-9.]))[A-Za-z0-9._]*"),
    reserved=frozenset([*KEYWORDS, "deparse.level"]),
    taken=frozenset([*CALLED, *(row.written for row in FUNCTIONS.values())]),
    function=function,
    let=lambda name, text: f"{name} <- {text}",
)


def write(plan: Plan) -> str:
    """Return one function: its value carries the attributes "gradient" and "hessian" that nls() and nlm() look for."""
    (part,) = plan.parts
    word, size = plan.names["value"], len(plan.by)
    value, *derivatives = part.code.outputs
    lines = []
    if len(plan.columns) > 1:
        lines.append(f"stopifnot({', '.join(f'length({c}) == length({plan.columns[0]})' for c in plan.columns[1:])})")
    if plan.fixed:
        lines.append(f"stopifnot(length({plan.columns[0]}) == {plan.fixed})")
    if plan.rows and plan.rows in part.used:
        lines.append(f"{plan.rows} <- length({plan.columns[0]})")
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
        lines += listed([f"{v} = {d}" for v, d in zip(plan.by, full[:size], strict=True)])
        lines.append(")")
        if part.order == 2:
            places = {}
            for k, place in enumerate(triangle(size), size):
                places[place] = full[k]
                if place[0] != place[1] and not full[k].isidentifier():
                    places[place] = f"{plan.names['h']}{k - size + 1}"
                    lines.append(f"{places[place]} <- {full[k]}")
            names = f"c({', '.join(quoted(v) for v in plan.by)})"
            lines.append(f'attr({word}, "hessian") <- array(c(')
            lines += listed([places[min(i, j), max(i, j)] for j in range(size) for i in range(size)])
            lines.append(f"), c({length}, {size}, {size}), list(NULL, {names}, {names}))")
        lines.append(word)
    body = f"{plan.name} <- function({', '.join(plan.arguments)}) {{\n{indented(lines, '  ')}}}\n"
    return "\n\n".join([*plan.helpers, usage(plan, part.order) + body])


def usage(plan: Plan, order: int) -> str:
    """Return a comment that tells how the function is used."""
    lines = ["# Returns the value" + (
        "." if not order else ' with the attribute "gradient", a matrix of one column for each variable'
        + ("." if order == 1 else ',\n# and the attribute "hessian", an array of two such dimensions.'))]  # fmt: skip
    if order and len(plan.arguments) <= 8 and plan.partials == len(plan.variables):
        point = ", ".join([f"p[{k + 1}]" for k in range(len(plan.variables))] + [*plan.scalars, *plan.columns])
        lines.append(f"#   nlm(function(p) {plan.name}({point}), start)")
        lines.append(f"#   optim(start, function(p) {plan.name}({point}),")
        lines.append(f'#         function(p) attr({plan.name}({point}), "gradient"), method = "BFGS")')
    return "\n".join(lines) + "\n"


def listed(items: Sequence[str]) -> list[str]:
    """Return the arguments of a call, one a line: R's console takes lines of 4095 bytes at most."""
    return [f"  {item}{',' if k < len(items) - 1 else ''}" for k, item in enumerate(items)]


def quoted(name: str) -> str:
    return f'"{name}"'
