"""Local functions that several stable forms share, in the language of formulas."""

__all__ = ["with_pieces"]

# n times the function below from 1 to 15: interpolated at Chebyshev's nodes in u = (1/(n + 1) - 9/32) * 32/7 (DLMF 3.11(ii)), 5e-18 off.
_STIRLING = (
    0.08292482517093924, -0.0008509762940514458, -0.0006537677472395939, -0.0002594232151237223, -7.525870938411046e-05,
    -1.823418767391014e-05, -4.277637912183615e-06, -1.06291820961233e-06, -2.6750139969146113e-07, -6.677200196415245e-08,
    -1.7274974530226507e-08, -4.515438223981605e-09, -1.1715927787417337e-09, -3.163640879237672e-10, -8.462542727542276e-11,
    -2.075777928397892e-11, -5.762274917133284e-12, -2.4366345466554193e-12, -6.640132869068387e-13,
)  # fmt: skip


def _horner(variable: str, coefficients: tuple[float, ...]) -> str:
    """Return the text of a polynomial."""
    text = repr(coefficients[-1])
    for c in coefficients[-2::-1]:
        text = f"({text}) * {variable} + {c!r}"
    return text


# 1/z and 1/y of z and y = z + d, with their squares, for series at large arguments: z is a, or fifteen steps further.
_SHIFTED = """b <- a + d
        few <- pmin(a, b) < 15
        z <- ifelse(few, a + 15, a)
        y <- z + d
        s <- 1/z
        t <- 1/y
        u <- s * s
        v <- t * t
        """
PIECES = {
    # ln Γ(n + 1) - (n + 1/2) ln n + n - ln(2π)/2: DLMF 5.11.1
    "stirling": f"""stirling <- function(n) {{
        v <- 1/(n * n)
        series <- ((((((((-3617/122400) * v + 1/156) * v - 691/360360) * v + 1/1188) * v - 1/1680) * v + 1/1260) * v
            - 1/360) * v + 1/12)/n
        u <- (1/(n + 1) - 0.28125) * (32/7)
        middle <- ({_horner("u", _STIRLING)})/n
        direct <- lgamma(n + 1) - (n + 0.5) * log(n) + n - 0.9189385332046728
        ifelse(n < 1, direct, ifelse(n < 15, middle, series))
    }}
    """,
    # log(a/b), also where the quotient is no double with all its digits
    "logratio": """logratio <- function(a, b) {
        ratio <- a/b
        ifelse((ratio > 1e-300) & (ratio < Inf), log(ratio), log(a) - log(b))
    }
    """,
    # x ln(x/m) + m - x without cancellation: Loader, Fast and accurate computation of binomial probabilities (2000). With
    # v = (x - m)/(x + m) it is (x - m)v + 2x(v³/3 + v⁵/5 + ...). Sums that are no doubles are avoided.
    "deviance": """deviance <- function(x, m, d = x - m) {
        both <- x + m
        v <- ifelse(both < Inf, d/both, 0.5 * d/(0.5 * x + 0.5 * m))
        w <- v * v
        total <- 0
        for (k in 20:1) total <- (total + 1/(2 * k + 1)) * w
        ifelse(abs(v) < 0.35, d * v + 2 * (x * v * total), x * logratio(x, m) - d)
    }
    """,
    # ab - fl(ab): Dekker (1971)
    "error": """error <- function(a, b, product) {
        high <- a * 134217729 - (a * 134217729 - a)
        low <- a - high
        other <- b * 134217729 - (b * 134217729 - b)
        rest <- b - other
        ((high * other - product) + high * rest + low * other) + low * rest
    }
    """,
    # P(Z < z) by erfc, whose argument is corrected for its rounding
    "below": """below <- function(z) {
        y <- -z * 0.7071067811865476
        rest <- error(-z, 0.7071067811865476, y) + z * 4.833646656726457e-17
        ifelse((y > 1) & (y < 27), 0.5 * (erfc(y) - rest * 1.1283791670955126 * exp(-y * y)), 0.5 * erfc(y))
    }
    """,
    # DLMF 7.12.1 below -37, where what is left of the series is 1e-17
    "logbelow": """logbelow <- function(z) {
        v <- 1/(z * z)
        series <- v * (-1 + v * (3 + v * (-15 + v * (105 + v * (-945 + v * 10395)))))
        far <- -0.5 * z * z - log(-z) - 0.9189385332046728 + log1p(series)
        ifelse(z > 0, log1p(-below(-z)), ifelse(z > -37, log(below(z)), far))
    }
    """,
    # exp(-z²/2)/√(2π): z² is split, as its rounding error would be magnified z² times
    "density": """density <- function(z) {
        first <- floor(z * 65536 + 0.5)/65536
        value <- exp(-0.5 * first * first) * exp(-0.5 * (z - first) * (z + first)) * 0.3989422804014327
        ifelse(abs(z) < 40, value, 0)
    }
    """,
    # log(1 + e) - e without cancellation: with v = e/(2 + e) it is 2v³(1/3 + v²/5 + ...) - ev, DLMF 4.6.4
    "logless": """logless <- function(e) {
        v <- e/(2 + e)
        w <- v * v
        total <- 0
        for (k in 14:1) total <- total * w + 1/(2 * k + 1)
        ifelse(abs(e) < 0.4, 2 * v * w * total - e * v, log1p(e) - e)
    }
    """,
    # psi(a + d) - psi(a) - log(1 + d/a) for positive a and a + d: DLMF 5.11.2 behind fifteen steps of 5.5.2, with d taken out of each
    # difference
    "rise": f"""rise <- function(a, d) {{
        {_SHIFTED}two <- u + v
        three <- u * two + v * v
        four <- u * three + v^3
        five <- u * four + v^4
        six <- u * five + v^5
        seven <- u * six + v^6
        series <- 1/12 - two/120 + three/252 - four/240 + five/132 - six * 691/32760 + seven/12
        steps <- 0
        for (k in 14:0) steps <- steps + d/(b + k)/(a + k)
        part <- -15 * (d/b)/z
        logs <- ifelse(part > -0.5, log1p(part), log(y/z) + logratio(a, b))
        d/y * s * (0.5 + (s + t) * series) + ifelse(few, steps + logs, 0)
    }}
    """,
    # psi'(a + d) - psi'(a) + d/(a(a + d)) in the same way: DLMF 5.15.8, 5.15.5
    "bend": f"""bend <- function(a, d) {{
        {_SHIFTED}gap <- d/y * s
        second <- gap * (s + t)
        third <- u * gap + t * second
        fifth <- u * third + t * v * second
        seventh <- u * fifth + t * v * v * second
        ninth <- u * seventh + t * v^3 * second
        last <- u * ninth + t * v^4 * second
        series <- second/2 + third/6 - fifth/30 + seventh/42 - ninth/30 + last * 5/66 - (u * last + t * v^5 * second) * 691/2730
        steps <- 0
        for (k in 14:0) steps <- steps + (1/(a + k) + 1/(b + k)) * (d/(b + k)/(a + k))
        -series + ifelse(few, d/b/a - steps - gap, 0)
    }}
    """,
    # log(m^x exp(-m)/Γ(x + 1)) for real x ≥ 0
    "poisson": """poisson <- function(x, m) {
        inside <- -stirling(x) - deviance(x, m) - 0.5 * (1.8378770664093453 + log(x))
        small <- x * log(m) - m - lgamma(x + 1)
        value <- ifelse(x < 1, small, inside)
        ifelse((x > 0) & (m > 0) & (m < Inf) & (x < Inf), value, ifelse(x == 0, -m, -Inf))
    }
    """,
    # log(Γ(x + y + 1)/(Γ(x + 1) Γ(y + 1)) p^x q^y) for real x, y ≥ 0 and q = 1 - p
    "binomial": """binomial <- function(x, y, p, q, dx = x - (x + y) * p, dy = y - (x + y) * q) {
        size <- x + y
        value <- stirling(size) - stirling(x) - stirling(y) - deviance(x, size * p, dx) - deviance(y, size * q, dy)
        value <- value - 0.5 * (1.8378770664093453 + log(x) + logratio(y, size))
        few <- lgamma(size + 1) - lgamma(x + 1) - lgamma(y + 1) + x * log(p) + y * log(q)
        value <- ifelse((size < 2) & (pmin(x, y) < 0.01), few, value)
        none <- ifelse(y == 0, 0, y * ifelse(p < q, log1p(-p), log(q)))
        every <- x * ifelse(q < p, log1p(-q), log(p))
        edge <- ifelse(x == 0, none, ifelse(y == 0, every, -Inf))
        ifelse((x > 0) & (y > 0) & (p > 0) & (q > 0), value, edge)
    }
    """,
}


def with_pieces(names: str, text: str) -> str:
    """Return a block that defines the pieces `names`, separated by blanks, followed by `text`.

    >>> with_pieces("", "x + 1")
    'x + 1'
    """
    return "".join(PIECES[name] for name in names.split()) + text
