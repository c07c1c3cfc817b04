"""The cost of a function at one point, at worst.

Measured by `bench/functions.py` at hard values, in microseconds of the processor, and rounded up to a power of ten. A test counts the
lines of Python behind each row, so that a loop that grows is found without a clock.
"""

from secantd.functions.row import Row

__all__ = ["CHEAP", "cost"]

# Microseconds of a row that is not in the table: arithmetic of NumPy, or SciPy's rational approximations.
CHEAP = 1_000

# By R's name: functions with a loop whose length depends on the arguments.
_COSTS = {
    # Derivatives of any order up to 100; Y takes a step for each unit of its order up to 1e5.
    "psigamma": 10_000, "besselY": 10_000,
    # Series and continued fractions of the incomplete gamma and beta functions.
    "pgamma": 10_000, "pchisq": 10_000, "ppois": 10_000, "pbeta": 10_000, "pt": 10_000, "pf": 10_000, "pbinom": 10_000, "pnbinom": 10_000,
    # Formulas of thousands of operations, which are compiled with the first call.
    "gammainc_grad_a": 100_000, "betainc_grad_a": 100_000, "betainc_grad_b": 100_000,
    "pf_grad_df1": 100_000, "pf_grad_df2": 100_000, "pt_grad_df": 100_000,
    "pf_sign_df1": 100_000, "pf_sign_df2": 100_000, "pt_sign_df": 100_000,
    "gammainc_grad_aa": 100_000, "betainc_grad_aa": 100_000, "betainc_grad_ab": 100_000, "betainc_grad_bb": 100_000,
    "pf_grad_df1_df1": 100_000, "pf_grad_df1_df2": 1_000_000, "pf_grad_df2_df2": 100_000, "pt_grad_df_df": 100_000,
    "besselJ_grad_nu": 100_000, "besselY_grad_nu": 100_000, "besselI_grad_nu": 100_000, "besselK_grad_nu": 100_000,
    "besselJ_grad_nu_nu": 100_000, "besselY_grad_nu_nu": 100_000, "besselI_grad_nu_nu": 100_000, "besselK_grad_nu_nu": 100_000,
    # Up to 64 of these series or fractions.
    "qgamma": 100_000, "qchisq": 100_000, "qpois": 100_000, "qbeta": 100_000, "qt": 100_000, "qf": 100_000, "qbinom": 100_000,
    "qnbinom": 100_000,
}  # fmt: skip


def cost(row: Row) -> int:
    """Return the microseconds that a row takes at one point at most.

    >>> from secantd.functions import FUNCTIONS
    >>> cost(FUNCTIONS["pnorm"]), cost(FUNCTIONS["qgamma.upper"])
    (1000, 100000)
    """
    return _COSTS.get(row.written, CHEAP)
