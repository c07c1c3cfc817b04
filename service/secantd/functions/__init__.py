"""The table of functions: the names of each, its meaning, and its derivatives as text.

It is data and imports no other package of the service, so that the parser, differentiation, programs and printers can all
use it.
"""

from secantd.functions.costs import CHEAP, cost
from secantd.functions.distributions import DISTRIBUTIONS
from secantd.functions.elementary import ELEMENTARY
from secantd.functions.inner import INNER
from secantd.functions.keeping import KEEPING, PRINTED
from secantd.functions.row import LeftOut, Row
from secantd.functions.special import SPECIAL

__all__ = ["CHEAP", "CONSTANTS", "FUNCTIONS", "INNER", "KEEPING", "NAMES", "PRINTED", "LeftOut", "Row", "cost"]

# Every row by the op of its nodes.
FUNCTIONS: dict[str, Row] = {f.name: f for f in (*ELEMENTARY, *SPECIAL, *DISTRIBUTIONS)}

# Every name a call may use, with aliases, and the rows that it may refer to: they differ in the number of arguments or in
# their flags.
NAMES: dict[str, list[Row]] = {}
for _f in FUNCTIONS.values():
    for _name in (_f.written, *_f.aliases):
        _rows = NAMES.setdefault(_name, [])
        if _f not in _rows:
            _rows.append(_f)

# Names that are numbers unless they are assigned to; formulas keep `pi` as a name, and T and F are variables, as in Deriv.
CONSTANTS: dict[str, float] = {
    "TRUE": 1.0, "FALSE": 0.0, "True": 1.0, "False": 0.0,
    "Inf": float("inf"), "NaN": float("nan"), "NA": float("nan"), "math.inf": float("inf"), "math.nan": float("nan"),
    "np.inf": float("inf"), "np.nan": float("nan"), "math.e": 2.718281828459045, "np.e": 2.718281828459045,
    "math.tau": 6.283185307179586,
    "NA_real_": float("nan"), "NA_integer_": float("nan"),
    ".Machine$double.eps": 2.0**-52, ".Machine$double.neg.eps": 2.0**-53, ".Machine$double.xmin": 2.0**-1022,
    ".Machine$double.xmax": 1.7976931348623157e308, ".Machine$integer.max": 2147483647.0,
    "sys.float_info.epsilon": 2.0**-52, "sys.float_info.min": 2.0**-1022, "sys.float_info.max": 1.7976931348623157e308,
    "np.NaN": float("nan"), "np.NAN": float("nan"), "np.Inf": float("inf"), "np.infty": float("inf"),
    "np.PINF": float("inf"), "np.NINF": float("-inf"), "np.euler_gamma": 0.5772156649015329,
}  # fmt: skip
