"""Functions of arrays in Julia, with LinearAlgebra from its standard library."""

import re
from collections.abc import Sequence

from secantd.export.arrays.checks import Check, checks
from secantd.export.arrays.file import ArrayFile, Part
from secantd.export.arrays.native import NativeWriter
from secantd.export.julia import SPECIAL
from secantd.export.sourcefile import indented
from secantd.expression import STRETCHED, Shape

__all__ = ["HELPERS", "JuliaWriter", "source_code"]

HELPERS = {
    "logdet": """# log(det(A)), also where det(A) overflows; NaN where it is negative.
function @logdet(A)
    value, sign = logabsdet(A)
    return sign < 0.0 ? NaN : value
end""",
}
# Functions of LinearAlgebra that the code may call.
LINEAR = re.compile(r"\b(inv|det|logabsdet)\(| \\ ")


class JuliaWriter(NativeWriter):
    """Loops over arrays."""

    NAN = "NaN"
    FUNCTIONS = {  # noqa: RUF012
        "inverse": "inv({0})",
        "solve": "{0} \\ {1}",
        "det": "det({0})",
        "logdet": "logabsdet({0})[1]",
        "log det": "@logdet({0})",
    }
    end = "end"
    stop = ""

    def divided(self, number: str, by: str) -> str:
        """Return a whole quotient."""
        return f"{number} ÷ {by}"

    def allocation(self, name: str, shape: Shape) -> str:
        """Return the line that makes an array of zeros."""
        return f"{name} = zeros({', '.join(self.side(d) for d in shape if d is not STRETCHED)})"

    def variable(self, name: str, text: str) -> str:
        """Return an assignment of a number."""
        return f"{name} = {text}"

    counter = variable

    def if_(self, condition: str) -> str:
        """Return the head of a condition."""
        return f"if {condition}"

    def number(self, length: str) -> str:
        """Return a length, which Julia converts where it is needed."""
        return f"{length}.0" if length.isdigit() else f"(1.0 * {length})"

    def is_nan(self, text: str) -> str:
        """Return the test for NaN."""
        return f"isnan({text})"

    def index(self, text: str) -> str:
        """Return a number as an index."""
        return f"Int({text})"

    def fail(self, message: str) -> Sequence[str]:
        """Return the lines that leave the function."""
        return (f'throw(ArgumentError("{message}"))',)

    def copied(self, word: str) -> str:
        """Return a copy of an argument."""
        return f"copy({word})"

    def named(self, name: str, text: str, shape: Shape) -> str:
        """Return an assignment."""
        return f"{name} = {text}"


def side(word: str, shape: Shape, axis: int) -> str:
    return f"length({word})" if len(shape) == 1 else f"size({word}, {axis + 1})"


WAY = Check(
    kinds=(lambda word: [], lambda word: [], lambda word: []),
    side=side,
    over="÷",
    let=lambda name, text: f"{name} = {text}",
    equal=lambda a, b, message: [f"if {a} != {b}", f'    throw(DimensionMismatch("{message}"))', "end"],
    least=lambda a, least, message: [f"if {a} < {least}", f'    throw(DimensionMismatch("{message}"))', "end"],
    symmetric=lambda word: [
        f"if !isapprox({word}, {word}')",
        f'    throw(ArgumentError("{word} has to be symmetric"))',
        "end",
    ],
)


def source_code(file: ArrayFile) -> str:
    """Return the functions: the value; the value and the gradient; and the Hessian as well."""
    functions = [function(file, part) for part in file.parts]
    code = "\n".join([*file.helpers, *functions])
    head = ["using LinearAlgebra"] if LINEAR.search(code) else []
    head += ["using SpecialFunctions"] if SPECIAL.search(code) else []
    return "\n\n".join([*(["\n".join(head)] if head else []), *file.helpers, *functions]) + "\n"


def function(file: ArrayFile, part: Part) -> str:
    name = file.name + ("", "_gradient", "_hessian")[part.order]
    lines = checks(file.arguments, file.words, file.sizes, WAY) + part.code.lines
    value, *rest = part.code.outputs
    count = len(file.by)
    results = [value]
    if part.order:
        results.append(rest[0] if count == 1 else f"({', '.join(rest[:count])})")
    if part.order == 2:
        places = dict(zip(file.places, rest[count:], strict=True))
        rows = []
        for i in range(count):
            row = [
                places[i, j] if i <= j else places[j, i] + ("'" if file.by[i].shape and file.by[j].shape else "")
                for j in range(count)
            ]
            rows.append(f"({', '.join(row)})")
        results.append(places[0, 0] if count == 1 else f"({', '.join(rows)})")
    lines.append(f"return {', '.join(results)}")
    arguments = ", ".join(typed(file.words[a.name], a.shape) for a in file.arguments)
    names = ", ".join(file.words[a.name] for a in file.by)
    what = (
        "the value",
        f"the value and the gradient with respect to {names}",
        f"the value, the gradient with respect to {names}, and the Hessian",
    )
    comment = f"# Returns {what[part.order]}{', as tuples' if part.order and count > 1 else ''}.\n"
    return f"{comment}function {name}({arguments})\n{indented(lines, '    ')}end"


def typed(word: str, shape: Shape) -> str:
    """Return a parameter with its type."""
    return f"{word}::{('Real', 'AbstractVector', 'AbstractMatrix')[len(shape)]}"
