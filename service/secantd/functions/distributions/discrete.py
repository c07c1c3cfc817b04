"""Distributions of whole numbers.

Probabilities by DLMF 8.4.10 and 8.17.5.
"""

from functools import partial

from secantd.functions.distributions import family
from secantd.functions.distributions.stable import COUNTED, density
from secantd.functions.distributions.tails import BINOMIAL_TAILS, MEAN_TAILS, NEGATIVE_TAILS, POISSON_TAILS

__all__ = ["DISCRETE"]

Family = partial(family.Family, source="Johnson, Kemp & Kotz, Univariate Discrete Distributions, 3rd ed.")

# The whole number above q, 0 below the support.
_NEXT = "pmax(floor(q + 1e-07) + 1, 0)"
_COUNT = "it is defined for whole numbers only"

# R takes what is within 1e-7 below a whole number as that number.
DISCRETE = (
    Family("pois", "lambda", "Poisson", r"\mathrm{{Pois}}", ("", "(x - lambda)/lambda"), ("-1",), valid="(lambda >= 0)",
        density=("lambda^k * exp(-lambda)/gamma(k + 1)", "k * log(lambda) - lambda - lgamma(k + 1)"),
        below="pgamma(lambda, k + 1, 1, lower.tail = FALSE)", above="pgamma(lambda, k + 1, 1)", start="k < 0",
        quantile="", upper="", points=((2.0, 1.3), (7.0, 4.4)),
        stable=density("x, lambda", "stirling logratio deviance poisson", f"""k <- round(x)
        {COUNTED}
        value <- poisson(ifelse(whole, k, 0), lambda)""", "whole", "lambda >= 0") | POISSON_TAILS,
        reason=_COUNT, whole=_COUNT, at="floor(q + 1e-07), lambda", scipy="poisson"),
    Family("binom", "size, prob", "binomial", r"\mathrm{{Bin}}", ("", "", "(x - size * prob)/(prob * (1 - prob))"),
        ("", "-size"),
        valid="(prob >= 0) & (prob <= 1) & (size >= 0) & (abs(size - floor(size + 1/2)) <= 1e-07 * pmax(1, size))",
        density=("choose(size, k) * prob^k * (1 - prob)^(size - k)",
            "lchoose(size, k) + k * log(prob) + (size - k) * log(1 - prob)"), support="(k <= size)",
        below="pbeta(prob, k + 1, size - k, lower.tail = FALSE)", above="pbeta(prob, k + 1, size - k)",
        start="k < 0", end="k >= size", quantile="", upper="",
        points=((2.0, 5.0, 0.3), (0.0, 4.0, 0.6), (4.0, 4.0, 0.2)),
        stable=density("x, size, prob", "stirling logratio deviance binomial", f"""k <- round(x)
        n <- round(size)
        {COUNTED} & (k <= n)
        k <- ifelse(whole, k, 0)
        value <- binomial(k, n - k, prob, 1 - prob)""", "whole",
        "(prob >= 0) & (prob <= 1) & (size >= 0) & (abs(size - n) <= 1e-07 * pmax(1, size))") | BINOMIAL_TAILS,
        reason=_COUNT, whole=_COUNT, at="floor(q + 1e-07), size - 1, prob", scipy="binom"),
    Family("nbinom", "size, prob", "negative binomial", r"\mathrm{{NB}}",
        ("", "digamma(x + size) - digamma(size) + log(prob)", "size/prob - x/(1 - prob)"), ("", "size/prob^2"),
        valid="(prob > 0) & (prob <= 1) & (size > 0)",
        density=("gamma(k + size)/(gamma(size) * gamma(k + 1)) * prob^size * (1 - prob)^k",
            "lgamma(k + size) - lgamma(size) - lgamma(k + 1) + size * log(prob) + k * log(1 - prob)"),
        below="pbeta(prob, size, k + 1)", above="pbeta(prob, size, k + 1, lower.tail = FALSE)", start="k < 0",
        quantile="", upper="", points=((2.0, 5.5, 0.3), (0.0, 4.0, 0.6)),
        stable=density("x, size, prob", "stirling logratio deviance binomial", f"""k <- round(x)
        {COUNTED}
        k <- ifelse(whole, k, 0)
        n <- ifelse(size > 0, size, 1)
        value <- binomial(n, k, prob, 1 - prob) + log(n/(n + k))
        value <- ifelse(k == 0, n * log(prob), value)
        value <- ifelse(size > 0, value, ifelse(k == 0, 0, -Inf))""", "whole", "(prob > 0) & (prob <= 1) & (size >= 0)") | NEGATIVE_TAILS,
        gradients={"size": ("-", "", f"betainc_grad_a(size, {_NEXT}, prob")}, whole=_COUNT,
        at="floor(q + 1e-07), size + 1, prob", places="size prob mu", scipy="nbinom", scores={"size": "dnbinom_size"}),
    # prob = size/(size + mu) would lose the digits of mu near the Poisson distribution, where size is large.
    Family("nbinom", "size, mu", "negative binomial", r"\mathrm{{NB}}",
        ("", "digamma(x + size) - digamma(size) - log1p(mu/size) + (mu - x)/(size + mu)",
         "size * (x - mu)/(mu * (size + mu))"), ("", "-1"),
        valid="(mu >= 0) & (size > 0)",
        density=("gamma(k + size)/(gamma(size) * gamma(k + 1)) * (size/(size + mu))^size * (mu/(size + mu))^k",
            "lgamma(k + size) - lgamma(size) - lgamma(k + 1) - size * log(1 + mu/size) + k * log(mu/(size + mu))"),
        below="pbeta(mu/(size + mu), k + 1, size, lower.tail = FALSE)", above="pbeta(mu/(size + mu), k + 1, size)",
        start="k < 0", quantile="", upper="", points=((2.0, 5.5, 1.3), (0.0, 4.0, 2.6)),
        stable=density("x, size, mu", "stirling logratio deviance poisson binomial", f"""k <- round(x)
        {COUNTED}
        k <- ifelse(whole, k, 0)
        n <- ifelse((size > 0) & (size < Inf), size, 1)
        m <- ifelse(mu < Inf, mu, 1)
        d <- n * ((k - m)/(n + m))
        value <- binomial(n, k, n/(n + m), m/(n + m), -d, d) - log1p(k/n)
        value <- ifelse(k == 0, -n * log1p(m/n), value)
        value <- ifelse(size == Inf, poisson(k, mu), value)
        value <- ifelse(mu < Inf, value, -Inf)
        value <- ifelse(size > 0, value, ifelse(k == 0, 0, -Inf))""", "whole", "(mu >= 0) & (size >= 0)") | MEAN_TAILS,
        gradients={"size": ("?", "2 * ", f"pf_grad_df1(({_NEXT})/mu, 2 * size, 2 * ({_NEXT})")}, whole=_COUNT, at="floor(q + 1e-07), size + 1, mu = (size + 1) * (mu/size)",
        places="size prob mu", variant=".mu", scores={"size": "dnbinom_mu_size"}),
)  # fmt: skip
