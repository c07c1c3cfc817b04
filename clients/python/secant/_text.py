"""A function as text, with its notation and its data."""

from dataclasses import dataclass

from secant._arrays import Points
from secant.shapes import Shapes

__all__ = ["Expression"]


@dataclass(frozen=True)
class Expression:
    """A function together with its notation and its data.

    Args:
        text: "x^2 + y", "x**2 + y", "function(x, y) x^2 + y", "lambda x: x**2", "c(x*y, x + y)", or several lines with
            assignments before the formula.
        notation: "r" or "python", where they differ; "textbook" or "latex"; None accepts R and Python.
        data: Vectors and matrices that `text` may use, by name. A name in `data` is not a variable. A data frame, or a
            mapping of vectors, is a matrix; if the text uses its columns, as dat$y or dat["y"], these are sent.
        shapes: Shapes of variables, by name: a length, a tuple of lengths, or a text such as "n x 3" or "symmetric n x n".
            A length is a number or a name. A variable without a shape has that of its value at the point.
        data_set: A data set of the server. `text` is then the value of one row, whose data are the columns.

    >>> loss = Expression("sum((y - a - b*x)^2)", data={"x": [1, 2, 3], "y": [2, 4, 6]})
    >>> loss.text
    'sum((y - a - b*x)^2)'
    """

    text: str
    notation: str | None = None
    data: Points | None = None
    shapes: Shapes | None = None
    data_set: str | None = None

    def __str__(self) -> str:
        return self.text
