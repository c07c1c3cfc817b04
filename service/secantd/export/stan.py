"""Stan code: functions for its functions block, with built-in functions only."""

import math
import re
from collections.abc import Sequence

from secantd.export.language import ATOM, PRODUCT, SIGN, SUM, Language, Template, call, infix
from secantd.export.loops import STAN_LOOPS
from secantd.export.quantiles import CALLS, helpers
from secantd.export.sourcefile import SourceFile, indented, triangle
from secantd.language import Notation
from secantd.render.names import Identifiers

__all__ = ["STAN", "source_code"]

SAME = "exp expm1 log log1p log2 log10 sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh trunc floor erf erfc".split()
TEMPLATES = {
    **CALLS,
    **{name: call(name) for name in SAME},
    "sub": infix("-", SUM, PRODUCT),
    "neg": Template("-{0}", SIGN, (SIGN,)),
    "div": infix("/", PRODUCT, SIGN),
    "reciprocal": call("inv"),
    "square": call("square"),
    "cube": Template("{0} * {0} * {0}", PRODUCT, (ATOM,)),
    "fourth": Template("square(square({0}))"),
    "pow": call("pow", 2),
    "atan2": call("atan2", 2),
    "digamma": call("digamma"),
    "trigamma": call("trigamma"),
    # abs() of reals is younger than fabs() is old: this holds in every version.
    "abs": Template("fmax({0}, -{0})", ATOM, (ATOM,)),
    "ceiling": call("ceil"),
    "rint": call("@rint"),
    "gamma": call("@gamma"),
    "lgamma": call("@lgamma"),
    "pgamma": call("@pgamma", 3),
    "pgamma.upper": call("@pgamma_upper", 3),
    "pbeta": call("@pbeta", 3),
    "softplus": call("log1p_exp"),
    "expit": call("inv_logit"),
    "%%": call("@remainder", 2),
    "%/%": call("@quotient", 2),
    "pmax": call("@max", 2),
    "pmin": call("@min", 2),
    "<": call("@less", 2),
    "<=": call("@most", 2),
    ">": Template("@less({1}, {0})"),
    ">=": Template("@most({1}, {0})"),
    "==": call("@equal", 2),
    "!=": Template("@negated(@equal({0}, {1}))"),
    "missing": call("is_nan"),
    "&": call("@both", 2),
    "|": call("@either", 2),
    "!": call("@negated"),
    "ifelse": call("@ifelse", 3),
    "begin sum": Template("real {0} = 0;"),
    "step sum": Template("{0} += {1};"),
    "begin prod": Template("real {0} = 1;"),
    "step prod": Template("{0} *= {1};"),
    "begin max_of": Template("real {0} = negative_infinity();"),
    "step max_of": Template("{0} = @max({0}, {1});"),
    "begin min_of": Template("real {0} = positive_infinity();"),
    "step min_of": Template("{0} = @min({0}, {1});"),
}

# Stan has whole orders only; where x is 0 or less some reject.
WHOLE = {
    "besselJ": call("@bessel_first", 2),
    "besselY": call("@bessel_second", 2),
    "besselI": call("@modified_first", 2),
    "besselK": call("@modified_second", 2),
}


def bessel(name: str, function: str, at_zero: str) -> str:
    """Return the source of a Bessel function of a whole order."""
    return f"""real @{name}(real x, int order) {{
  if (is_nan(x) || x < 0) return not_a_number();
  return x == 0 ? {at_zero} : {function}(order, x);
}}"""


def helper(name: str, parameters: str, *lines: str) -> str:
    head = ", ".join(f"real {p}" for p in parameters.split())
    return f"real @{name}({head}) {{\n" + "".join(f"  {line}\n" for line in lines) + "}"


HELPERS = {
    **helpers(STAN_LOOPS, TEMPLATES),
    "rint": helper(
        "rint",
        "x",
        "real below = floor(x);",
        "real rest = x - below;",
        "if (rest < 0.5) return below;",
        "if (rest > 0.5) return below + 1;",
        "return fmod(below, 2) == 0 ? below : below + 1;",
    ),
    "gamma": helper("gamma", "x", "return x <= 0 && floor(x) == x ? not_a_number() : tgamma(x);"),
    "lgamma": helper("lgamma", "x", "return x <= 0 && floor(x) == x ? positive_infinity() : lgamma(x);"),
    # Outside of these arguments they reject.
    "pgamma": helper(
        "pgamma",
        "q shape rate",
        "if (is_nan(q) || !(shape >= 0 && rate > 0)) return not_a_number();",
        "if (shape == 0) return q < 0 ? 0.0 : 1.0;",
        "return q <= 0 ? 0.0 : is_inf(shape) ? 0.0 : is_inf(q * rate) ? 1.0 : gamma_p(shape, q * rate);",
    ),
    "pgamma_upper": helper(
        "pgamma_upper",
        "q shape rate",
        "if (is_nan(q) || !(shape >= 0 && rate > 0)) return not_a_number();",
        "if (shape == 0) return q < 0 ? 1.0 : 0.0;",
        "return q <= 0 ? 1.0 : is_inf(shape) ? 1.0 : is_inf(q * rate) ? 0.0 : gamma_q(shape, q * rate);",
    ),
    "pbeta": helper(
        "pbeta",
        "q a b",
        "if (is_nan(q) || !(a > 0 && b > 0) || (is_inf(a) && is_inf(b))) return not_a_number();",
        "return q <= 0 ? 0.0 : q >= 1 || is_inf(b) ? 1.0 : is_inf(a) ? 0.0 : inc_beta(a, b, q);",
    ),
    "remainder": helper(
        "remainder",
        "a b",
        "real r = fmod(a, b);",
        "return (r < 0 && b > 0) || (r > 0 && b < 0) ? r + b : r;",
    ),
    "quotient": helper(
        "quotient",
        "a b",
        "real q = a / b;",
        "if (is_nan(q) || is_inf(q)) return q;",
        "q = (a - @remainder(a, b)) / b;",
        "return q - floor(q) > 0.5 ? floor(q) + 1 : floor(q);",
    ),
    "max": helper("max", "a b", "return a > b || is_nan(a) ? a : b;"),
    "min": helper("min", "a b", "return a < b || is_nan(a) ? a : b;"),
    "less": helper("less", "a b", "return a < b ? 1.0 : a >= b ? 0.0 : not_a_number();"),
    "most": helper("most", "a b", "return a <= b ? 1.0 : a > b ? 0.0 : not_a_number();"),
    "equal": helper("equal", "a b", "return is_nan(a) || is_nan(b) ? not_a_number() : a == b ? 1.0 : 0.0;"),
    "negated": helper("negated", "a", "return is_nan(a) ? a : a == 0 ? 1.0 : 0.0;"),
    "both": helper(
        "both", "a b", "return a == 0 || b == 0 ? 0.0 : is_nan(a) || is_nan(b) ? not_a_number() : 1.0;"
    ),
    "either": helper(
        "either",
        "a b",
        "if ((!is_nan(a) && a != 0) || (!is_nan(b) && b != 0)) return 1;",
        "return is_nan(a) || is_nan(b) ? not_a_number() : 0.0;",
    ),
    "bessel_first": bessel("bessel_first", "bessel_first_kind", "order == 0 ? 1.0 : 0.0"),
    "bessel_second": bessel("bessel_second", "bessel_second_kind", "negative_infinity()"),
    "modified_first": bessel("modified_first", "modified_bessel_first_kind", "order == 0 ? 1.0 : 0.0"),
    "modified_second": bessel("modified_second", "modified_bessel_second_kind", "positive_infinity()"),
    "ifelse": helper(
        "ifelse", "condition yes no", "return is_nan(condition) ? condition : condition == 0 ? no : yes;"
    ),
}  # fmt: skip

KEYWORDS = """for in while repeat until if then else true false target int real complex vector simplex unit_vector
    sum_to_zero_vector sum_to_zero_matrix ordered positive_ordered row_vector matrix complex_vector complex_row_vector
    complex_matrix cholesky_factor_corr cholesky_factor_cov corr_matrix cov_matrix column_stochastic_matrix
    row_stochastic_matrix tuple array functions model data parameters quantities transformed generated void return break
    continue profile print reject fatal_error lower upper offset multiplier truncate jacobian var fvar STAN_MAJOR STAN_MINOR
    STAN_MATH_MAJOR STAN_MATH_MINOR alignas alignof and and_eq asm auto bitand bitor bool case catch char class const
    constexpr const_cast decltype default delete do double dynamic_cast enum explicit export extern float friend goto inline
    long mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public register
    reinterpret_cast short signed sizeof static static_assert static_cast struct switch template this thread_local throw try
    typedef typeid typename union unsigned using virtual volatile wchar_t xor xor_eq""".split()
# Stan's own functions that a formula's variable or function is likely to be called like.
LIBRARY = """abs acos acosh add add_diag append_array append_col append_row arg asin asinh atan atan2 atanh bessel_first_kind
    beta binary_log_loss block categorical cbrt ceil chol2inv cholesky_decompose choose col cols columns_dot_product cos cosh
    cov_exp_quad crossprod csr_extract cumulative_sum determinant diagonal digamma dims distance dot_product dot_self e
    eigenvalues_sym eigenvectors_sym erf erfc exp exp2 expm1 falling_factorial fdim floor fma fmax fmin fmod gamma_p gamma_q
    get_imag get_real head hypot identity_matrix inc_beta integrate_1d inv inv_Phi inv_cloglog inv_erfc inv_logit inv_sqrt
    inv_square inverse is_inf is_nan lambert_w0 lambert_wm1 lbeta lchoose ldexp lgamma linspaced_array lmgamma lmultiply log
    log10 log1m log1m_exp log1m_inv_logit log1p log1p_exp log2 log_determinant log_diff_exp log_inv_logit log_mix
    log_softmax log_sum_exp logical_negation logit machine_precision map_rect max mdivide_left mean min minus
    modified_bessel_first_kind multiply multiply_log negative_infinity norm norm1 norm2 not_a_number num_elements
    one_hot_vector ones_vector owens_t plus poisson positive_infinity pow prod proj qr_Q qr_R quad_form quantile rank rep_array
    rep_matrix rep_row_vector rep_vector reverse rising_factorial round row rows rows_dot_product scale_matrix_exp_multiply
    sd segment sin singular_values sinh size softmax sort_asc sort_desc sqrt sqrt2 square squared_distance step sub_col sub_row
    subtract sum svd_U svd_V symmetrize_from_lower_tri tail tan tanh tcrossprod tgamma to_array_1d to_int to_matrix to_vector
    trace trigamma trunc uniform_simplex variance zeros_vector Phi Phi_approx pi get_lp integrate_ode ode_rk45 reduce_sum
    normal gamma exponential weibull lognormal cauchy uniform logistic binomial bernoulli""".split()


def literal(value: float) -> str:
    """Return a literal; a whole number has a point, or 1 / 2 would be 0.

    >>> literal(2.0), literal(float("-inf"))
    ('2.0', 'negative_infinity()')
    """
    if math.isfinite(value):
        return repr(value)
    return "not_a_number()" if math.isnan(value) else "positive_infinity()" if value > 0 else "negative_infinity()"


def function(name: str, parameters: Sequence[str], lines: Sequence[str], result: str) -> str:
    body = "".join(f"  {line}\n" for line in lines)
    return f"real {name}({', '.join(f'real {p}' for p in parameters)}) {{\n{body}  return {result};\n}}"


STAN = Language(
    notation=Notation.STAN,
    title="Stan",
    suffix=".stan",
    comment="// ",
    templates=TEMPLATES,
    helpers=HELPERS,
    whole=WHOLE,
    number=literal,
    identifiers=Identifiers(re.compile(r"[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?_?"), frozenset([*KEYWORDS, *LIBRARY])),
    function=function,
    let=lambda name, text: f"real {name} = {text};",
    rolled=True,
    indent="  ",
    count="(1.0 * {0})",
    unfit=("_lpdf", "_lpmf", "_lcdf", "_lccdf", "_rng", "_lp", "_log", "_cdf", "_lupdf", "_lupmf", "_jacobian"),
    loop=lambda i, n: (f"for ({i} in 1:{n}) {{", "}"),
)


def source_code(file: SourceFile) -> str:
    """Return a functions block: the value, the gradient as a vector, the Hessian as a matrix."""
    gradient, hessian = (file.names[w] for w in ("gradient", "hessian"))
    size = len(file.by)
    parameters = [f"real {v}" for v in (*file.variables, *file.scalars)] + [f"vector {c}" for c in file.columns]
    functions = []
    for part in file.parts:
        name = file.name + ("", "_gradient", "_hessian")[part.order]
        lines = [f"int {file.rows} = num_elements({file.columns[0]});"] if file.columns else []
        if file.fixed:
            lines.append(f'if ({file.rows} != {file.fixed}) reject("{file.fixed} rows are needed");')
        lines += part.code.lines
        value, *derivatives = part.code.outputs
        if not part.order:
            lines.append(f"return {value};")
        elif part.order == 1:
            lines.append(f"vector[{size}] {gradient};")
            lines += [f"{gradient}[{k}] = {d};" for k, d in enumerate(derivatives, 1)]
            lines.append(f"return {gradient};")
        else:
            lines.append(f"matrix[{size}, {size}] {hessian};")
            for (i, j), d in zip(triangle(size), derivatives[size:], strict=True):
                lines.append(f"{hessian}[{i + 1}, {j + 1}] = {d};")
                if i != j:
                    lines.append(f"{hessian}[{j + 1}, {i + 1}] = {hessian}[{i + 1}, {j + 1}];")
            lines.append(f"return {hessian};")
        kind = ("real", "vector", "matrix")[part.order]
        functions.append(f"{kind} {name}({', '.join(parameters)}) {{\n{indented(lines, '  ')}}}")
    block = "\n\n".join([*file.helpers, *functions])
    return "functions {\n" + indented(block.split("\n"), "  ") + "}\n"
