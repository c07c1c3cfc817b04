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


def reason(m: Measured) -> str:
    """Return why the error of a row is above the goal."""
    if m.beyond <= GOAL:
        return CONDITION
    return next((text for start, text in REASONS if m.sample.op.startswith(start)), OTHER)
