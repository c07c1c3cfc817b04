"""Derivatives of scaled modified Bessel functions, by which programs compute them.

As printed, that of besselK(x, nu, TRUE) is a difference of numbers that agree in all but the last digits for large x. There it is the
derivative of Hankel's expansion, DLMF 10.40.1 and 10.40.2, term by term.
"""

from secantd.functions.row import Row, row

__all__ = ["SCALED_BESSEL"]

# From this x on, and from this part of nu^2, forty terms of the expansion have all digits; those of I have alternating signs.
_FROM = 40
_PART = {"I": 0.5, "K": 0.125}
_POINTS = ((2.3, 1.0), (5.1, 2.5), (45.5, 0.3), (60.5, 6.5), (41.5, 6.0))


def _derivative(kind: str, order: int) -> Row:
    """Return the derivative of besselI or besselK of an order, 1 or 2."""
    name, sign, front = (
        f"bessel{kind}_scaled",
        "-" if kind == "I" else "",
        "0.3989422804014327" if kind == "I" else "1.2533141373155003",
    )
    if kind == "I":
        first = printed = "besselI(x, nu + 1, TRUE) - (1 - nu/x) * f"
        edge = "ifelse(nu == 0, -1, ifelse(nu == 1, 0.5, ifelse(nu > 1, 0, Inf)))"
        second = "-((2 + 1/x) * value + (1/x - nu^2/x^2) * f)"
        third = f"-((3/x + 2) * f + ((5 * x + 1 - nu^2) * {name}1 + besselI(x, nu, TRUE))/x^2)"
    else:
        first = "(1 - nu/x) * f - besselK(x, abs(nu - 1), TRUE)"
        edge, printed = "-Inf", "f - 0.5 * (besselK(x, nu - 1, TRUE) + besselK(x, nu + 1, TRUE))"
        second = "(2 - 1/x) * value + (1/x + nu^2/x^2) * f"
        third = f"(2 - 3/x) * f + ((5 * x - 1 + nu^2) * {name}1 + besselK(x, nu, TRUE))/x^2"
    by_order = f"0.5 * (bessel{kind}_grad_nu(x, nu - 1, TRUE) + bessel{kind}_grad_nu(x, nu + 1, TRUE))"
    by_order = (
        f"{by_order} - bessel{kind}_grad_nu(x, nu, TRUE)"
        if kind == "I"
        else f"bessel{kind}_grad_nu(x, nu, TRUE) - {by_order}"
    )
    factor = "(k + 0.5)" if order == 1 else "(k + 0.5) * (k + 1.5)"
    start, turn, power = ("0.5", "-", "y") if order == 1 else ("0.75", "", "y^2")
    again = f"value <- {second}\n        " if order == 2 else ""
    return row(
        f"{name}{order}(x, nu)", f"{name}2" if order == 1 else third, by_order if order == 1 else "",
        summary=f"derivative of bessel{kind}(x, nu, TRUE) of order {order}", source="DLMF 10.40.1, 10.40.2, 10.29", valid="x >= 0",
        meaning=f"f <- bessel{kind}(x, nu, TRUE)\nvalue <- {printed}\n{again}value", points=_POINTS, unknown="" if order == 1 else "it is not needed",
        stable=f"""y <- pmax(x, {_FROM}, {_PART[kind]} * nu * nu)
        mu <- 4 * nu * nu
        term <- 1
        total <- {start}
        for (k in 1:40) {{
            term <- {sign}term * ((mu - (2 * k - 1)^2)/(8 * k * y))
            total <- total + {factor} * term
        }}
        far <- {turn}{front}/sqrt(y) * total/{power}
        f <- bessel{kind}(x, nu, TRUE)
        value <- {first}
        {again}value <- ifelse((x > {_FROM}) & (x > {_PART[kind]} * nu * nu), far, value)
        ifelse(x >= 0, ifelse((x == 0) | (f == Inf), {edge if order == 1 else "NaN" if kind == "I" else "Inf"}, value), NaN)""",
    )  # fmt: skip


SCALED_BESSEL = tuple(_derivative(kind, order) for kind in "IK" for order in (1, 2))
