"""THE table of functions: what each is called, what it computes, and its derivatives as text.

It is data and imports nothing of ours, so that the reader, the differentiator, the programs and the printers
can all walk it.
"""

from secantd.functions.distributions import DISTRIBUTIONS
from secantd.functions.elementary import ELEMENTARY
from secantd.functions.row import Function, LeftOut
from secantd.functions.special import SPECIAL

__all__ = ["CONSTANTS", "FUNCTIONS", "NAMES", "Function", "LeftOut"]

# Every row by the op of its nodes.
FUNCTIONS: dict[str, Function] = {f.name: f for f in (*ELEMENTARY, *SPECIAL, *DISTRIBUTIONS)}

# Every name a call may use, aliases included, with the rows it may mean: which differ in the
# number of arguments or in their flags.
NAMES: dict[str, list[Function]] = {}
for _f in FUNCTIONS.values():
    for _name in (_f.written, *_f.aliases):
        _rows = NAMES.setdefault(_name, [])
        if _f not in _rows:
            _rows.append(_f)

# Names that are numbers unless they are assigned to; `pi` stays a name in formulas, and T and F are variables, as in Deriv.
CONSTANTS: dict[str, float] = {
    "TRUE": 1.0, "FALSE": 0.0, "True": 1.0, "False": 0.0,
    "Inf": float("inf"), "NaN": float("nan"), "NA": float("nan"), "math.inf": float("inf"), "math.nan": float("nan"),
    "np.inf": float("inf"), "np.nan": float("nan"), "math.e": 2.718281828459045, "np.e": 2.718281828459045,
    "math.tau": 6.283185307179586,
}  # fmt: skip
