"""Properties of the server: describe."""

from secant._call import Call
from secant.results.description import Description, description
from secant.v1 import describe_pb2 as pb

__all__ = ["describe"]


def describe() -> Call[Description]:
    """Return the server's version, methods, functions, notations, limits, witnesses and descent methods.

    Raises:
        Error: The call failed; a subclass, such as Unavailable.

    >>> import secant
    >>> "Gradient" in secant.describe().methods
    True
    """
    return Call("Describe", pb.DescribeRequest(), description)
