"""Many descents at once: from many starts, along profiles, for resampled data; by processes of this machine or a Dask cluster.

    import secant.many

    ends = secant.many.descend("(x^2 - 1)^2 + y^2", {"x": x0, "y": y0})          # a descent from each start
    ends.points[ends.best], ends.reasons

The results are arrays with a row for each descent. They do not depend on the number of workers, and a worker that dies loses
none: its descents are repeated by another one.
"""

from secant.many.ends import Ends
from secant.many.sweeps import bootstrap, descend, profile

__all__ = ["Ends", "bootstrap", "descend", "profile"]
