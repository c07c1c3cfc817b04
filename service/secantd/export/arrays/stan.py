"""Functions of arrays in Stan, for its functions block.

A function of Stan returns one value: the gradient is a vector of the derivatives with respect to all numbers and vectors one
after another, or the matrix of those with respect to one matrix.
"""

from collections.abc import Sequence

from secantd.errors import CalculusError, Reason
from secantd.export.arrays.checks import Check, checks
from secantd.export.arrays.file import ArrayFile, Part
from secantd.export.arrays.native import NativeWriter
from secantd.export.sourcefile import indented
from secantd.expression import STRETCHED, Dimension, Shape, plus

__all__ = ["HELPERS", "StanWriter", "source_code"]


HELPERS = {
    "index": """// The whole number x >= 1, which only data can be converted to, by bisection.
int @index(real x) {
  int low = 0;
  int high = 1;
  while (high <= x) {
    high *= 2;
  }
  while (high - low > 1) {
    int middle = (low + high) %/% 2;
    if (middle <= x) {
      low = middle;
    }
    if (middle > x) {
      high = middle;
    }
  }
  return low;
}""",
    "asymmetric": """// 1 if a square matrix is not symmetric to 10 digits of its largest entry, else 0.
real @asymmetric(matrix a) {
  real largest = 0;
  real apart = 0;
  for (i in 1:rows(a)) {
    for (j in 1:cols(a)) {
      largest = fmax(largest, abs(a[i, j]));
      apart = fmax(apart, abs(a[i, j] - a[j, i]));
    }
  }
  return apart > 1e-10 * largest ? 1 : 0;
}""",
}


class StanWriter(NativeWriter):
    """Loops over vectors and matrices."""

    NAN = "not_a_number()"
    FUNCTIONS = {  # noqa: RUF012
        "inverse": "inverse({0})",
        "solve": "mdivide_left({0}, {1})",
        "det": "determinant({0})",
        "logdet": "log_determinant({0})",
        "log det": "determinant({0}) < 0 ? not_a_number() : log_determinant({0})",
    }

    def divided(self, number: str, by: str) -> str:
        """Return a whole quotient."""
        return f"{number} %/% {by}"

    def allocation(self, name: str, shape: Shape) -> str:
        """Return a declaration."""
        return f"{kind(shape)}[{', '.join(self.side(d) for d in shape if d is not STRETCHED)}] {name};"

    def variable(self, name: str, text: str) -> str:
        """Return a declaration of a number."""
        return f"real {name} = {text};"

    def counter(self, name: str, text: str) -> str:
        """Return a declaration of a whole number."""
        return f"int {name} = {text};"

    def if_(self, condition: str) -> str:
        """Return the head of a condition."""
        return f"if ({condition}) {{"

    def number(self, length: str) -> str:
        """Return a length as a real number."""
        return f"{length}.0" if length.isdigit() else f"(1.0 * {length})"

    def is_nan(self, text: str) -> str:
        """Return the test for NaN."""
        return f"is_nan({text})"

    def index(self, text: str) -> str:
        """Return a number as an index."""
        return f"@index({text})"

    def fail(self, message: str) -> Sequence[str]:
        """Return the lines that leave the function."""
        return (f'reject("{message}");',)

    def copied(self, word: str) -> str:
        """Return an argument: arrays are values."""
        return word

    def named(self, name: str, text: str, shape: Shape) -> str:
        """Return a declaration with a value."""
        return f"{kind(shape)}[{', '.join(self.side(d) for d in shape)}] {name} = {text};"


def kind(shape: Shape) -> str:
    """Return the type of a value."""
    return "real" if not shape else "matrix" if len(shape) == 2 and STRETCHED not in shape else "vector"


def side(word: str, shape: Shape, axis: int) -> str:
    return f"num_elements({word})" if len(shape) == 1 else f"{('rows', 'cols')[axis]}({word})"


WAY = Check(
    kinds=(lambda word: [], lambda word: [], lambda word: []),
    side=side,
    over="%/%",
    let=lambda name, text: f"int {name} = {text};",
    equal=lambda a, b, message: [f'if ({a} != {b}) reject("{message}");'],
    least=lambda a, least, message: [f'if ({a} < {least}) reject("{message}");'],
    symmetric=lambda word: [f'if (@asymmetric({word}) > 0) reject("{word} has to be symmetric");'],
)


def source_code(file: ArrayFile) -> str:
    """Return a functions block: the value, the gradient, the Hessian."""
    if len(file.by) > 1 and any(len(a.shape) == 2 for a in file.by) and len(file.parts) > 1:
        raise CalculusError(
            Reason.INVALID_VALUE,
            "a function of Stan returns one value, but there are derivatives with respect to a matrix and other variables",
            "name the matrix alone, or use R, Python, C or Julia",
            field="notations",
        )
    functions = [function(file, part) for part in file.parts]
    block = "\n\n".join([*file.helpers, *functions])
    return "functions {\n" + indented(block.split("\n"), "  ") + "}\n"


def function(file: ArrayFile, part: Part) -> str:
    lines = checks(file.arguments, file.words, file.sizes, WAY) + part.code.lines
    writer = part.writer
    assert isinstance(writer, StanWriter)
    made = len(writer.lines)
    result = ("real", "vector", "matrix")[part.order]
    if part.order == 0:
        lines.append(f"return {part.code.outputs[0]};")
    elif len(file.by) == 1 and file.by[0].shape:
        result = kind(part.plan.outputs[0].shape)
        lines.append(f"return {part.code.outputs[0]};")
    else:
        name = file.names["gradient" if part.order == 1 else "hessian"]
        total = file.sizes.bare(plus(0, *(length(a.shape) for a in file.by)))
        lines.append(f"{result}[{', '.join([total] * part.order)}] {name};")
        (gradient if part.order == 1 else hessian)(file, part, writer, name)
        lines += writer.lines[made:]
        del writer.lines[made:]
        lines.append(f"return {name};")
    arguments = ", ".join(f"{kind(a.shape)} {file.words[a.name]}" for a in file.arguments)
    function_name = file.name + ("", "_gradient", "_hessian")[part.order]
    return f"{result} {function_name}({arguments}) {{\n{indented(lines, '  ')}}}"


def length(shape: Shape) -> Dimension:
    """Return the number of entries of a number or a vector."""
    return shape[0] if shape else 1


def offsets(file: ArrayFile) -> list[Dimension]:
    """Return where each variable begins."""
    return [plus(0, *(length(a.shape) for a in file.by[:k])) for k in range(len(file.by))]


def moved(file: ArrayFile, index: str, offset: Dimension) -> str:
    return index if offset == 0 else f"{index} + {file.sizes.text(offset)}"


def gradient(file: ArrayFile, part: Part, w: StanWriter, name: str) -> None:
    for node, offset in zip(part.plan.outputs, offsets(file), strict=True):
        with w.each(node.shape) as (i, j):
            w.set(f"{name}[{moved(file, i if node.shape else '1', offset)}]", w.at(node, i, j))


def hessian(file: ArrayFile, part: Part, w: StanWriter, name: str) -> None:
    begin = offsets(file)
    for (first, second), node in zip(file.places, part.plan.outputs, strict=True):
        with w.each(node.shape) as (i, j):
            row = moved(file, i if file.by[first].shape else "1", begin[first])
            behind = i if not file.by[first].shape else j
            column = moved(file, behind if file.by[second].shape else "1", begin[second])
            w.set(f"{name}[{row}, {column}]", w.at(node, i, j))
            if first != second:
                w.set(f"{name}[{column}, {row}]", f"{name}[{row}, {column}]")
