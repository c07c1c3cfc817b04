"""What the server is: describe."""

from secant.call import Call
from secant.results.description import Description, description
from secant.v1 import describe_pb2 as pb

__all__ = ["describe"]


def describe() -> Call[Description]:
    """Return what the server is and can do: its functions, notations, limits, witnesses and version.

    >>> import secant
    >>> with secant.local() as s:
    ...     "Gradient" in s.describe().methods
    True
    """
    return Call("Describe", pb.DescribeRequest(), description)
