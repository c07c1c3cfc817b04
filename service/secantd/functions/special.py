"""The special functions: gamma and its kin, the error function, Bessel functions, the logistic function.

Derivatives: NIST Digital Library of Mathematical Functions (DLMF), in the form that leads to what R's Deriv prints.
"""

from secantd.functions.row import Function, row

__all__ = ["SPECIAL"]

_WHOLE_ORDER = "the order counts derivatives and is a whole number"
_ROUNDED = "R rounds it to a whole number"
_BY_ORDER = "by its order a Bessel function is no finite formula of this table (DLMF 10.15, 10.38)"


def _bessel(kind: str, title: str, derivative: str, at_zero: str, latex: str, scaled: bool = False) -> Function:
    """Return the row of a Bessel function; `scaled` is it times exp(-x) or exp(x), as in R."""
    flag = f", expon.scaled = {'TRUE' if scaled else 'FALSE'}" if kind in "IK" else ""
    return row(
        f"bessel{kind}(x, nu{flag})", derivative, "", at_zero=(at_zero, ""), summary=title, latex=latex,
        unknown=_BY_ORDER, name=f"bessel{kind}.scaled" if scaled else "",
    )  # fmt: skip


SPECIAL = (
    # DLMF 5.2, 5.15
    row("gamma(x)", "digamma(x) * gamma(x)", summary="gamma function", aliases="math.gamma scipy.special.gamma",
        latex=r"\Gamma"),
    row("lgamma(x)", "digamma(x)", summary="logarithm of |gamma(x)|",
        aliases="math.lgamma gammaln loggamma scipy.special.gammaln", latex=r"\ln\Gamma"),
    row("digamma(x)", "trigamma(x)", summary="derivative of lgamma", aliases="scipy.special.digamma scipy.special.psi",
        latex=r"\psi"),
    row("trigamma(x)", "psigamma(x, 2)", summary="second derivative of lgamma", latex=r"\psi_{{1}}"),
    row("psigamma(x, deriv = 0)", "psigamma(x, deriv + 1)", "", summary="derivative of digamma, `deriv` times",
        whole=("deriv",), unknown=_WHOLE_ORDER, latex=r"\psi^{{\left({1}\right)}}\left({0}\right)"),
    # DLMF 5.12
    row("beta(a, b)", "beta(a, b) * (digamma(a) - digamma(a + b))", "beta(a, b) * (digamma(b) - digamma(a + b))",
        summary="beta function", aliases="scipy.special.beta", latex=r"\mathrm{{B}}"),
    row("lbeta(a, b)", "digamma(a) - digamma(a + b)", "digamma(b) - digamma(a + b)",
        summary="logarithm of the beta function", aliases="betaln scipy.special.betaln", latex=r"\ln\mathrm{{B}}"),
    # choose(n, k) is a polynomial in n; 1.2.6 of DLMF by 5.5.3
    row("choose(n, k)", "choose(n, k) * (digamma(n + 1) - digamma(n - k + 1))", "",
        summary="binomial coefficient, k rounded",
        aliases="comb math.comb binom scipy.special.comb scipy.special.binom", python="comb", unknown=_ROUNDED,
        latex=r"\binom{{{0}}}{{{1}}}"),
    row("lchoose(n, k)", "digamma(n + 1) - digamma(n - k + 1)", "", summary="logarithm of |choose(n, k)|",
        unknown=_ROUNDED, latex=r"\ln\left|\binom{{{0}}}{{{1}}}\right|"),
    row("factorial(x)", "digamma(1 + x) * gamma(1 + x)", summary="gamma(x + 1)",
        aliases="math.factorial scipy.special.factorial", latex=r"\left({0}\right)!"),
    row("lfactorial(x)", "digamma(1 + x)", summary="logarithm of |factorial(x)|", latex=r"\ln\left({0}\right)!"),
    # DLMF 7.2
    row("erf(x)", "2 * exp(-x^2)/sqrt(pi)", summary="error function; not in R", aliases="math.erf scipy.special.erf",
        latex=r"\operatorname{{erf}}"),
    row("erfc(x)", "-(2 * exp(-x^2)/sqrt(pi))", summary="1 - erf(x), accurate far out; not in R",
        aliases="math.erfc scipy.special.erfc", latex=r"\operatorname{{erfc}}"),
    # DLMF 10.6.1, 10.6.2 and 10.29.1, 10.29.2; at order 0 by reflection, 10.4.1 and 10.27.1
    _bessel("J", "Bessel function of the first kind", "0.5 * (besselJ(x, nu - 1) - besselJ(x, nu + 1))",
            "-besselJ(x, 1)", r"J_{{{1}}}\left({0}\right)"),
    _bessel("Y", "Bessel function of the second kind", "0.5 * (besselY(x, nu - 1) - besselY(x, nu + 1))",
            "-besselY(x, 1)", r"Y_{{{1}}}\left({0}\right)"),
    _bessel("I", "modified Bessel function of the first kind", "0.5 * (besselI(x, nu - 1) + besselI(x, nu + 1))",
            "besselI(x, 1)", r"I_{{{1}}}\left({0}\right)"),
    _bessel("I", "besselI(x, nu) * exp(-x)", "0.5 * (besselI(x, nu - 1, TRUE) + besselI(x, nu + 1, TRUE)) - f",
            "besselI(x, 1, TRUE) - f", r"e^{{-{0}}} I_{{{1}}}\left({0}\right)", scaled=True),
    _bessel("K", "modified Bessel function of the second kind", "-(0.5 * (besselK(x, nu - 1) + besselK(x, nu + 1)))",
            "-besselK(x, 1)", r"K_{{{1}}}\left({0}\right)"),
    _bessel("K", "besselK(x, nu) * exp(x)", "f - 0.5 * (besselK(x, nu - 1, TRUE) + besselK(x, nu + 1, TRUE))",
            "f - besselK(x, 1, TRUE)", r"e^{{{0}}} K_{{{1}}}\left({0}\right)", scaled=True),
)  # fmt: skip
