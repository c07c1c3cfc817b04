"""Methods whose modules are imported with their first call, or with the process that answers it.

Drawing takes as long to import as all the rest of the calculus; a server is to be there at once. They are never
answered on the event loop, which an import would hold.
"""

from secant.v1 import check_pb2, derivative_pb2, local_pb2, plot_pb2

from secantd.transport.functions import Functions

__all__ = ["MODULES", "check", "export", "extrema", "plot"]

# What a process imports before it is asked.
MODULES = tuple(f"secantd.transport.methods.{name}" for name in ("check", "export", "extrema", "plot"))


def plot(request: plot_pb2.PlotRequest, functions: Functions) -> plot_pb2.PlotResponse:
    """Answer Plot."""
    from secantd.transport.methods.plot import plot

    return plot(request, functions)


def check(request: check_pb2.CheckRequest, functions: Functions) -> check_pb2.CheckResponse:
    """Answer Check."""
    from secantd.transport.methods.check import check

    return check(request, functions)


def export(request: derivative_pb2.ExportRequest, functions: Functions) -> derivative_pb2.ExportResponse:
    """Answer Export."""
    from secantd.transport.methods.export import export

    return export(request, functions)


def extrema(request: local_pb2.ExtremaRequest, functions: Functions) -> local_pb2.ExtremaResponse:
    """Answer Extrema."""
    from secantd.transport.methods.extrema import extrema

    return extrema(request, functions)
