"""Requests for figures, in short."""

from secantd.descent import DescentRequest, FixedRate
from secantd.figure import DescentFigure, PlotRequest, Range
from secantd.language import read

__all__ = ["descent", "request"]


def request(text, figure, **ranges):
    return PlotRequest(read(text), figure, tuple(Range(name, *ends) for name, ends in ranges.items()))


def descent(text, start, rate, **ranges):
    function = read(text)
    plan = DescentRequest(function, tuple(start.items()), method=FixedRate(rate))
    return PlotRequest(function, DescentFigure(plan), tuple(Range(n, *ends) for n, ends in ranges.items()))
