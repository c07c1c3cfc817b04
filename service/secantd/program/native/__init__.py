"""The third back end: a machine in C that evaluates a tape at many points in one pass."""

from secantd.program.native.library import machine
from secantd.program.native.plan import HAPPENED, NativePlan
from secantd.program.native.point import at_point
from secantd.program.native.rows import RowPlan
from secantd.program.native.sums import SumPlan

__all__ = ["HAPPENED", "NativePlan", "RowPlan", "SumPlan", "at_point", "machine"]
