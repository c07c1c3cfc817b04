"""What the server is: describe."""

from secant.call import Call
from secant.results.description import Description, description
from secant.v1 import describe_pb2 as pb

__all__ = ["describe"]


def describe() -> Call[Description]:
    """Return what the server is and can do: its functions, notations, limits, witnesses and version.

    >>> with secant.local() as s:
    ...     print(s.describe().functions["sin"].derivatives)
    ('cos(x)',)
    """
    return Call("Describe", pb.DescribeRequest(), description)
