"""JavaScript as an ES module: functions of numbers and arrays that need nothing but Math."""

import math
import re
from collections.abc import Sequence

from secantd.export.javascript_gamma import GAMMA
from secantd.export.language import ATOM, CHOICE, PRODUCT, SIGN, SUM, Language, Template, call, infix
from secantd.export.loops import JAVASCRIPT_LOOPS
from secantd.export.quantiles import CALLS, helpers
from secantd.export.sourcefile import SourceFile, indented, triangle
from secantd.language import Notation
from secantd.render.names import Identifiers

__all__ = ["JAVASCRIPT", "source_code"]

SAME = """exp expm1 log log1p log2 log10 sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh trunc floor sign abs""".split()
TEMPLATES = {
    **CALLS,
    **{name: call(f"Math.{name}") for name in SAME},
    "sub": infix("-", SUM, PRODUCT),
    "neg": Template("-{0}", SIGN, (SIGN,)),
    "div": infix("/", PRODUCT, SIGN),
    "reciprocal": Template("1 / {0}", PRODUCT, (SIGN,)),
    "square": Template("{0} * {0}", PRODUCT, (ATOM,)),
    "cube": Template("{0} * {0} * {0}", PRODUCT, (ATOM,)),
    "fourth": Template("@fourth({0})"),
    "pow": call("@pow", 2),
    "atan2": call("Math.atan2", 2),
    "ceiling": call("Math.ceil"),
    "rint": call("@rint"),
    "gamma": call("@gamma"),
    "lgamma": call("@lgamma"),
    "erf": call("@erf"),
    "erfc": call("@erfc"),
    "%%": call("@remainder", 2),
    "%/%": call("@quotient", 2),
    "pmax": call("@max", 2),
    "pmin": call("@min", 2),
    "<": call("@less", 2),
    "<=": call("@most", 2),
    ">": Template("@less({1}, {0})"),
    ">=": Template("@most({1}, {0})"),
    "==": call("@equal", 2),
    "!=": Template("@not(@equal({0}, {1}))"),
    "missing": Template("Number(Number.isNaN({0}))", ATOM, (CHOICE,)),
    "&": call("@and", 2),
    "|": call("@or", 2),
    "!": call("@not"),
    "ifelse": call("@ifelse", 3),
    "begin sum": Template("const {0} = [0, 0];"),
    "step sum": Template("@add({0}, {1});"),
    "end sum": Template("{0}[0] + {0}[1]"),
    "begin prod": Template("let {0} = 1;"),
    "step prod": Template("{0} *= {1};"),
    "begin max_of": Template("let {0} = -Infinity;"),
    "step max_of": Template("{0} = @max({0}, {1});"),
    "begin min_of": Template("let {0} = Infinity;"),
    "step min_of": Template("{0} = @min({0}, {1});"),
}

# Choices are functions, so that NaN in a condition is NaN in the value, as in R.
HELPERS = {
    **helpers(JAVASCRIPT_LOOPS, TEMPLATES),
    **GAMMA,
    "add": """// Adds a term to sum[0]; what rounding loses is kept in sum[1] (Neumaier 1974).
function @add(sum, term) {
  const total = sum[0] + term;
  const lost = Math.abs(sum[0]) >= Math.abs(term) ? sum[0] - total + term : term - total + sum[0];
  sum[0] = total;
  if (Number.isFinite(lost)) sum[1] += lost;
}""",
    "fourth": """function @fourth(x) {
  const square = x * x;
  return square * square;
}""",
    "pow": """// 1^y is 1 and (-1)^(+-Infinity) is 1, as in IEEE 754; Math.pow has NaN.
function @pow(x, y) {
  return x === 1 || (x === -1 && (y === Infinity || y === -Infinity)) ? 1 : Math.pow(x, y);
}""",
    "rint": """// The nearest whole number, of two the even one.
function @rint(x) {
  const below = Math.floor(x);
  const rest = x - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : rest > 0 ? below + 1 : x;
}""",
    "remainder": """// a - b*floor(a/b): the sign is that of b.
function @remainder(a, b) {
  const r = a % b;
  return r !== 0 && r < 0 !== b < 0 ? r + b : r;
}""",
    "quotient": """// floor(a/b)
function @quotient(a, b) {
  if (!Number.isFinite(a / b)) return a / b;
  const q = (a - @remainder(a, b)) / b;
  return q - Math.floor(q) > 0.5 ? Math.floor(q) + 1 : Math.floor(q);
}""",
    "max": """function @max(a, b) {
  return a > b || Number.isNaN(a) ? a : b;
}""",
    "min": """function @min(a, b) {
  return a < b || Number.isNaN(a) ? a : b;
}""",
    "less": """function @less(a, b) {
  return a < b ? 1 : a >= b ? 0 : NaN;
}""",
    "most": """function @most(a, b) {
  return a <= b ? 1 : a > b ? 0 : NaN;
}""",
    "equal": """function @equal(a, b) {
  return Number.isNaN(a) || Number.isNaN(b) ? NaN : Number(a === b);
}""",
    "not": """function @not(a) {
  return Number.isNaN(a) ? NaN : Number(a === 0);
}""",
    "and": """function @and(a, b) {
  return a === 0 || b === 0 ? 0 : Number.isNaN(a) || Number.isNaN(b) ? NaN : 1;
}""",
    "or": """function @or(a, b) {
  return (!Number.isNaN(a) && a !== 0) || (!Number.isNaN(b) && b !== 0) ? 1 : Number.isNaN(a) || Number.isNaN(b) ? NaN : 0;
}""",
    "ifelse": """// NaN where the condition is.
function @ifelse(condition, yes, no) {
  return Number.isNaN(condition) ? NaN : condition === 0 ? no : yes;
}""",
}

KEYWORDS = """arguments async await break case catch class const continue debugger default delete do else enum eval export extends false
    finally for function if implements import in instanceof interface let new null package private protected public return
    static super switch this throw true try typeof undefined var void while with yield""".split()
# Names that the code uses and that a variable of the same name would hide.
CALLED = "Math Number Array RangeError Infinity NaN globalThis Float64Array".split()


def literal(value: float) -> str:
    """Return a literal.

    >>> literal(2.0), literal(0.1), literal(float("-inf"))
    ('2', '0.1', '-Infinity')
    """
    if math.isfinite(value):
        return repr(value).removesuffix(".0")
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def function(name: str, parameters: Sequence[str], lines: Sequence[str], result: str) -> str:
    body = "".join(f"  {line}\n" for line in lines)
    return f"function {name}({', '.join(parameters)}) {{\n{body}  return {result};\n}}"


JAVASCRIPT = Language(
    notation=Notation.JAVASCRIPT,
    title="JavaScript",
    suffix=".mjs",
    comment="// ",
    templates=TEMPLATES,
    helpers=HELPERS,
    number=literal,
    identifiers=Identifiers(re.compile(r"[A-Za-zα-ωΑ-Ω][A-Za-z0-9_α-ωΑ-Ω]*"), frozenset([*KEYWORDS, *CALLED])),
    function=function,
    let=lambda name, text: f"const {name} = {text};",
    rolled=True,
    indent="  ",
    loop=lambda i, n: (f"for (let {i} = 0; {i} < {n}; {i}++) {{", "}"),
)


def source_code(file: SourceFile) -> str:
    """Return the functions: the value; an object with the value and the gradient; and with the Hessian as well."""
    size = len(file.by)
    functions = []
    for part in file.parts:
        name = file.name + ("", "_gradient", "_hessian")[part.order]
        lines = []
        if file.columns:
            lines.append(f"const {file.rows} = {file.columns[0]}.length;")
            lines.append(f'if (!({file.rows} >= 0)) throw new RangeError("{file.columns[0]} has to be an array");')
        lines += [
            f'if ({c}.length !== {file.rows}) throw new RangeError("columns of two lengths");' for c in file.columns[1:]
        ]
        if file.fixed:
            lines.append(f'if ({file.rows} !== {file.fixed}) throw new RangeError("{file.fixed} rows are needed");')
        lines += part.code.lines
        value, *derivatives = part.code.outputs
        results = [f"value: {value}"]
        if part.order:
            results.append(f"gradient: [{', '.join(derivatives[:size])}]")
        if part.order == 2:
            hessian = file.names["hessian"]
            lines.append(f"const {hessian} = Array.from({{ length: {size} }}, () => new Array({size}));")
            for (i, j), second in zip(triangle(size), derivatives[size:], strict=True):
                mirrored = f"{hessian}[{j}][{i}] = " if i != j else ""
                lines.append(f"{mirrored}{hessian}[{i}][{j}] = {second};")
            results.append("hessian" if hessian == "hessian" else f"hessian: {hessian}")
        lines.append(f"return {{ {', '.join(results)} }};" if part.order else f"return {value};")
        functions.append(
            f"// Returns {RETURNS[part.order]}.\n"
            f"export function {name}({', '.join(file.arguments)}) {{\n{indented(lines, '  ')}}}"
        )
    return "\n\n".join([*file.helpers, *functions]) + "\n"


RETURNS = ("the value", "{ value, gradient }", "{ value, gradient, hessian }, the Hessian as rows")
