"""Hints for names that the language does not have: usual notations of books, R, Python and LaTeX."""

import re
from collections.abc import Iterable

__all__ = ["INSTEAD", "METHODS", "function_hint", "leibniz", "name_hint", "run_together"]

COMPLEX = "complex numbers are not part of the language: write the real and the imaginary part"
LOOP = "write a loop: for i in range(n): ..."
HELD = "a formula has one derivative: give what is held as a variable of its own, and differentiate with respect to the others"
UNKNOWN = "this function is not part of the language"
# Derivatives of functions that have no formula here. Source: DLMF 6, 7, 8.19, 11, 13, 15, 19, 25.12.
SLOPES = {
    "expn": "-expn(n - 1, x)", "spence": "log(x)/(1 - x)", "sici": "sin(x)/x, and that of its second value cos(x)/x",
    "fresnel": "sin(pi*x^2/2), and that of its second value cos(pi*x^2/2)", "ellipk": "(ellipe(m)/(1 - m) - ellipk(m))/(2*m)",
    "ellipe": "(ellipe(m) - ellipk(m))/(2*m)", "hyp0f1": "hyp0f1(v + 1, z)/v with respect to z",
    "hyp1f1": "a/b*hyp1f1(a + 1, b + 1, z) with respect to z", "hyp2f1": "a*b/c*hyp2f1(a + 1, b + 1, c + 1, z) with respect to z",
    "struve": "that of a series: (struve(v - 1, x) - struve(v + 1, x) + (x/2)^v/(sqrt(pi)*gamma(v + 3/2)))/2",
}  # fmt: skip
# Functions of other languages and books, and how the language writes them.
INSTEAD = {
    "ln": "the natural logarithm is written log(x)", "Log": "the natural logarithm is written log(x)",
    "lg": "write log10(x) or log2(x)", "cosec": "write csc(x)", "ctg": "write cot(x)",
    "cotg": "write cot(x)", "tg": "write tan(x)", "sgn": "write sign(x)",
    "Phi": "write pnorm(x)", "ReLU": "write pmax(x, 0)",
    "root": "write x^(1/n)", "nthroot": "write x^(1/n)",
    "piecewise": "write ifelse(condition, a, b)", "lambda": "write lambda*(...) for a product",

    "vecdot": "write dot(a, b)", "lu_solve": "write solve(A, b)",
    "cosm1": "write cos(x) - 1",
    "lax.cond": "write jnp.where(condition, a, b), or a if condition else b", "lax.switch": "write jnp.where(condition, a, b)",
    "lax.fori_loop": LOOP, "lax.scan": LOOP, "lax.while_loop": "write while condition: ...",
    "stop_gradient": HELD, "detach": HELD,
    "cross_entropy": "write logsumexp(z) - z[k] for logits z and the class k", "nll_loss": "write -z[k] for log-probabilities z and the class k",
    "sumprod": "write np.dot(p, q)", "isqrt": "write np.floor(np.sqrt(n))", "real": COMPLEX, "imag": COMPLEX, "angle": COMPLEX,
    "conj": COMPLEX, "wofz": COMPLEX, "airy": f"{UNKNOWN}; its four values are no single function",
    **{name: f"{UNKNOWN}; its derivative is {slope}" for name, slope in SLOPES.items()},
    "factorial2": "write gamma(n/2 + 1)*2^(n/2) for an even n, times sqrt(2/pi) for an odd one",
    "poly": "orthogonal polynomials depend on all data: compute them first and send them as data",
}  # fmt: skip
# Functions that books write without brackets.
RUN_TOGETHER = ("sinh", "cosh", "tanh", "sin", "cos", "tan", "exp", "log", "sqrt", "ln")
# Functions without a formula: by the reason, their names.
REASONS = {
    "eigenvalues and singular values have no formula; the eigenvalues have the sum trace(A) and the product det(A)": """
        eig eigen eigh eigvals eigvalsh svd svdvals schur matrix_rank cond kappa rcond princomp prcomp""",
    "functions of whole matrices are not known; exp(A) and its relatives work entry by entry": """
        expm logm sqrtm sinm cosm tanm sinhm coshm tanhm signm funm fractional_matrix_power""",
    "a formula has no random numbers: draw them first, and send them as data": """
        rnorm runif rexp rgamma rbeta rbinom rpois rcauchy rchisq rlnorm rlogis rnbinom rweibull rt rf sample rand randn randint
        random choice uniform default_rng seed""",
    "the value has no formula: it is found by a search; compute it first and send it as a number, or differentiate its equation": """uniroot optim optimize optimise nlm nlminb nls nlsLM lm glm gam polyroot constrOptim multiroot maxLik mle mle2 fsolve
        brentq root_scalar minimize newton""",
    "an integral has no formula here: write its antiderivative, or a sum over the nodes and weights of a quadrature rule": """
        integrate quad cubintegrate adaptIntegrate hcubature quadgk""",
    "the solution of a differential equation has no formula here: write its closed form, or the steps of a method as a loop": """
        ode lsoda lsode rk4 dede odeint solve_ivp euler""",
    "tables of groups have no formula: write sapply(split(x, g), f), or send the table as data": """
        aggregate by rle max.col interaction expand.grid merge""",
    "a fitted model has no formula: send its numbers as data": """
        arima predict residuals fitted coef model.matrix model.frame loess lowess smooth.spline ecdf density""",
    "a text does not make names of a list's elements: write with(as.list(par), ...)": "list2env attach getAll detach",
    "functions of bits have no derivative: compute them first and send the number": """
        bitwAnd bitwOr bitwXor bitwNot bitwShiftL bitwShiftR""",
    "complex numbers are not part of the language: write the real and the imaginary part": """
        complex as.complex Re Im Arg Conj fft""",
    'texts are compared whole: write kind == "a", or switch(kind, a = ..., b = ...)': """
        grepl grep gsub sub regmatches regexpr strsplit pmatch charmatch""",
    "leave out missing numbers first, and use the function without nan in its name": """
        nansum nanmean nanmax nanmin nanstd nanvar nanprod nanmedian nanquantile nanpercentile nancumsum nancumprod nanargmax
        nanargmin""",
}
REASON_OF = {name: reason for reason, names in REASONS.items() for name in names.split()}
# Functions of R, NumPy and SciPy whose names resemble those of other functions: they are no misspellings.
OTHERS = frozenset(
    """
    integrate agrep alist anyDuplicated anyNA arrayInd as.array as.dist as.factor as.list assign call close col colnames data density dfbeta
    double drop1 eapply filter find Find grep grepl iconv Im is.array is.double is.factor is.list is.matrix is.numeric is.vector
    isFALSE isSymmetric kmeans lengths logical mode model.matrix ordered ppoints proj promax rapply Re reorder replicate row
    rownames rowsum sigma signif split str subset table time trace try truncate unique unsplit unstack unzip varimax vector within
    xtabs adist ar ave dget dfbetas edit news sink stdin tsdiag tracemem untrace qqnorm file.choose c.factor rep.factor data.matrix binomial poisson combn menu Gamma
    argwhere around asanyarray asmatrix cdouble dstack float16 float32 fmod frexp isinf logaddexp2 logspace
    modf ndarray ndenumerate ndim number place put shape short tri ulong unique flatiter float128 floating long recarray ushort
    ai_zeros bi_zeros y0_zeros y1_zeros yn_zeros besselpoly betainc erfcx exp10 factorialk gammainc gammaincc gammasgn iv jn_zeros
    dft lu_factor orth pinvh matrix_norm
    """.split()
)
# Operations that a request selects, not the text.
OPERATIONS = {"D", "deriv", "Deriv", "diff", "derivative", "grad", "gradient", "jacobian", "hessian", "Derivative"}
PROGRAMMING = {
    "eval",
    "exec",
    "system",
    "compile",
    "open",
    "source",
    "__import__",
    "parse",
    "quote",
    "expression",
    "file",
}
NOT_PART = "it is not part of the language; list the functions with describe(), in the shell with `secant functions`"
CODE = "the text must be a formula; it is never run as a program"
METHODS = "methods and attributes are not part of the language: write f(x), not x.f()"


def function_hint(name: str, known: Iterable[str], variables: Iterable[str]) -> str:
    """Return the hint for a call of an unknown function: what to write instead.

    Args:
        name: The unknown name, without the prefixes math., np. and numpy.
        known: The names of all functions.
        variables: The variables of the text so far.
    """
    last = name.rpartition(".")[2]
    for each in (name, last):
        if each in INSTEAD:
            return INSTEAD[each]
        if each in REASON_OF:
            return REASON_OF[each]
    if name.startswith("random."):
        return REASON_OF["random"]
    if name in OPERATIONS:
        return "send the formula itself, for example x^2; the request selects what is computed from it"
    if name in PROGRAMMING or name.startswith(("os.", "sys.", "subprocess.")):
        return CODE
    if name in ("f", "g", "h"):
        return f"define it first: {name} <- function(x) ...; or write {name}*(...) for a product"
    if len(name) == 1 or name in variables:
        return f"write {name}*(...) for a product"
    head, dot, tail = name.rpartition(".")
    if name in OTHERS or last in OTHERS:
        return NOT_PART
    if dot and head and tail in known:
        return f"write {tail}(...)" if head not in variables else f"write {tail}({head})"
    # Other capitals are the closest mistake: Sin, besselj.
    spelled = {each.lower(): each for each in known}
    import difflib

    close = difflib.get_close_matches(name.lower(), spelled, n=1, cutoff=0.75)
    if close:
        return f"did you mean '{spelled[close[0]]}'?"
    return "list the functions with describe(), in the shell with `secant functions`"


def name_hint(name: str) -> str:
    """Return the hint for a name such as NULL or LETTERS that is not a number in any formula; "" for other names."""
    if name in ("NULL", "None", "undefined", "NA_character_", "NA_complex_"):
        return "leave it out, or write NaN for a missing number"
    if name in ("LETTERS", "letters", "month.name", "month.abb"):
        return f"R's {name} is a vector of texts; choose another name for a variable"
    if name.startswith((".Machine$", ".Platform$", "R.version", "sys.float_info.")):
        return (
            "of the machine's constants double.eps, double.neg.eps, double.xmin, double.xmax and integer.max are known"
        )
    return ""


# d/dx before a formula. Without an operator after it no formula begins so.
LEIBNIZ = re.compile(r"\s*([d∂])\s*/\s*\1([^\W\d_]\w*)(?:\s*\(|\s+[\w\[])")


def leibniz(text: str) -> tuple[str, int, int] | None:
    """Return the variable of the d/dx that a text begins with, and where it begins and ends; None if there is none.

    >>> leibniz("d/dx x^2"), leibniz("d/dx(x^2)"), leibniz("d/dx [x^2]"), leibniz("d/dx * x")
    (('x', 0, 4), ('x', 0, 4), ('x', 0, 4), None)
    """
    # Most texts begin otherwise; this test is cheaper than a match.
    if text.lstrip()[:1] not in ("d", "∂"):
        return None
    found = LEIBNIZ.match(text)
    return None if found is None else (found[2], found.start(1), found.end(2))


def run_together(name: str, variables: Iterable[str]) -> str:
    """Return the notice for a variable such as sinx, which is a function and a variable without brackets; "" for others.

    >>> run_together("sinx", ["sinx"]), run_together("cost", ["cost", "t"])
    ("'sinx' is a variable here; write sin(x) to call the function sin", '')
    """
    if not name.startswith(RUN_TOGETHER):
        return ""
    found = next((f for f in RUN_TOGETHER if name.startswith(f) and name != f), "")
    rest = name[len(found) :]
    if not found or name == "cost" or not (rest == "x" or rest in variables):
        return ""
    return f"'{name}' is a variable here; write {found}({rest}) to call the function {found}"
