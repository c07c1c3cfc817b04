"""Why the errors of rows are above the goal."""

from bench.accuracy.measure import GOAL, Measured

__all__ = ["REASONS", "reason"]

CONDITION = "condition"
# By the beginning of a row's name; the first that fits.
REASONS: tuple[tuple[str, str], ...] = (
    ("bessel", "AMOS in SciPy; derivatives by a quadrature of 52 nodes"),
    ("gammainc_grad", "quadrature of 52 nodes"),
    ("betainc_grad", "quadrature of 52 nodes"),
    ("pf_grad", "quadrature of 52 nodes, and differences of it"),
    ("pt_grad", "quadrature of 52 nodes, and differences of it"),
)
OTHER = "intermediate results are rounded"
# Of derivatives: of logarithms of probabilities that are quotients of integrals, and with respect to degrees of freedom and sizes.
QUADRATURE = "quadrature of 52 nodes"
INTEGRALS = ("pgamma", "pchisq", "pbeta", "pt", "pf", "ppois", "pbinom", "pnbinom")


def reason(m: Measured) -> str:
    """Return why the error of a row is above the goal."""
    if m.beyond <= GOAL:
        return CONDITION
    op, _, parameter = m.sample.op.partition(" by ")
    logarithm = parameter and op.endswith(".log") and op.startswith(INTEGRALS)
    if logarithm or (parameter.startswith(("df", "shape", "size")) and op.startswith("p")):
        return QUADRATURE
    return next((text for start, text in REASONS if m.sample.op.startswith(start)), OTHER)
