"""Metrics for Prometheus, of one server or summed over several, on a separate port."""

from secantd.metrics.kinds import Counter, Gauge, Histogram, Metrics, Reading
from secantd.metrics.page import serve
from secantd.metrics.process import process_families
from secantd.metrics.totals import Totals, write_lines

__all__ = ["Counter", "Gauge", "Histogram", "Metrics", "Reading", "Totals", "process_families", "serve", "write_lines"]
