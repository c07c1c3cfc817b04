"""Numbers for Prometheus, on a port of their own: of one server, or the sum over several."""

from secantd.metrics.kinds import Counter, Gauge, Histogram, Metrics
from secantd.metrics.page import serve
from secantd.metrics.totals import Totals, tell

__all__ = ["Counter", "Gauge", "Histogram", "Metrics", "Totals", "serve", "tell"]
