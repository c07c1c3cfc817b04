"""Functions of arrays in JavaScript: vectors are arrays of numbers, matrices arrays of rows."""

from collections.abc import Sequence

from secantd.export.arrays.checks import Check, checks
from secantd.export.arrays.file import ArrayFile, Part
from secantd.export.arrays.rolled import RolledWriter
from secantd.export.sourcefile import indented
from secantd.expression import STRETCHED, Node, Shape

__all__ = ["HELPERS", "JavaScriptWriter", "source_code"]

HELPERS = {
    "symmetric": """// Whether the square matrix a is symmetric to 10 digits of its largest entry.
function @symmetric(a) {
  let largest = 0;
  let apart = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < a.length; j++) {
      largest = Math.max(largest, Math.abs(a[i][j]));
      apart = Math.max(apart, Math.abs(a[i][j] - a[j][i]));
    }
  }
  return !(apart > 1e-10 * largest);
}""",
    "transposed": """function @transposed(a) {
  return Array.from(a[0], (_, j) => Array.from(a, (row) => row[j]));
}""",
    "factor": """// The factors L and U of a square matrix with partial pivoting (Golub and Van Loan, 4th ed., 3.4.3): exchanged[k] is the row
// that was exchanged with row k, sign the sign of the exchanges, 0 if the matrix is singular.
function @factor(a) {
  const lu = Array.from(a, (row) => Array.from(row));
  const exchanged = [];
  let sign = 1;
  for (let k = 0; k < lu.length; k++) {
    let pivot = k;
    for (let i = k + 1; i < lu.length; i++) if (Math.abs(lu[i][k]) > Math.abs(lu[pivot][k])) pivot = i;
    exchanged.push(pivot);
    if (lu[pivot][k] === 0) {
      sign = 0;
      continue;
    }
    if (pivot !== k) {
      sign = -sign;
      [lu[k], lu[pivot]] = [lu[pivot], lu[k]];
    }
    for (let i = k + 1; i < lu.length; i++) {
      const factor = (lu[i][k] /= lu[k][k]);
      for (let j = k + 1; j < lu.length; j++) lu[i][j] -= factor * lu[k][j];
    }
  }
  return { lu, exchanged, sign };
}""",
    "solve": """// The solution of A x = b from the factors of A; NaN where A is singular.
function @solve({ lu, exchanged, sign }, b) {
  const x = Array.from(b);
  exchanged.forEach((other, i) => ([x[i], x[other]] = [x[other], x[i]]));
  for (let i = 0; i < x.length; i++) for (let j = 0; j < i; j++) x[i] -= lu[i][j] * x[j];
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < x.length; j++) x[i] -= lu[i][j] * x[j];
    x[i] = sign === 0 ? NaN : x[i] / lu[i][i];
  }
  return x;
}""",
    "solve_columns": """// The solution of A X = B.
function @solve_columns(factors, b) {
  return @transposed(@transposed(b).map((column) => @solve(factors, column)));
}""",
    "inverse": """function @inverse(factors) {
  return @solve_columns(factors, factors.lu.map((row, i) => row.map((_, j) => Number(i === j))));
}""",
    "det": """function @det({ lu, sign }) {
  return lu.reduce((product, row, i) => product * row[i], sign);
}""",
    "logabsdet": """// log|det A|
function @logabsdet({ lu, sign }) {
  return sign === 0 ? -Infinity : lu.reduce((sum, row, i) => sum + Math.log(Math.abs(row[i])), 0);
}""",
    "logdet": """// log(det A): NaN where det A is negative.
function @logdet(factors) {
  const sign = factors.lu.reduce((sign, row, i) => (row[i] < 0 ? -sign : sign), factors.sign);
  return sign < 0 ? NaN : @logabsdet(factors);
}""",
}


class JavaScriptWriter(RolledWriter):
    """Loops over arrays; matrices are arrays of rows."""

    BASE = 0
    NAN = "NaN"

    def divided(self, number: str, by: str) -> str:
        """Return a whole quotient."""
        return f"Math.floor({number} / {by})"

    def allocation(self, name: str, shape: Shape) -> str:
        """Return the line that makes an array of zeros."""
        sides = [self.side(d) for d in shape if d is not STRETCHED]
        row = f"new Array({sides[-1]}).fill(0)"
        return f"const {name} = {row if len(sides) == 1 else f'Array.from({{ length: {sides[0]} }}, () => {row})'};"

    def variable(self, name: str, text: str) -> str:
        """Return a declaration of a number that changes."""
        return f"let {name} = {text};"

    counter = variable

    def element(self, name: str, shape: Shape, i: str, j: str) -> str:
        """Return an element."""
        if len(shape) == 2 and STRETCHED not in shape:
            return f"{name}[{i}][{j}]"
        return f"{name}[{j if shape and shape[0] is STRETCHED else i}]"

    def if_(self, condition: str) -> str:
        """Return the head of a condition."""
        return f"if ({condition}) {{"

    def number(self, length: str) -> str:
        """Return a length, which is a number."""
        return length

    def is_nan(self, text: str) -> str:
        """Return the test for NaN."""
        return f"Number.isNaN({text})"

    def index(self, text: str) -> str:
        """Return an index from 0."""
        return f"{text} - 1"

    def fail(self, message: str) -> Sequence[str]:
        """Return the lines that leave the function."""
        return (f'throw new RangeError("{message}");',)

    def result(self, number: int, node: Node) -> str:
        """Return an output as a whole; an argument is copied."""
        if not node.shape:
            return self.at(node)
        if node.op in ("symbol", "data"):
            word = self.words[node.name]
            return f"Array.from({word})" if len(node.shape) == 1 else f"Array.from({word}, (row) => Array.from(row))"
        return self.whole(node)

    def whole(self, node: Node) -> str:
        """Return the text of an array, which is stored if it is not yet."""
        if node.index in self.text:
            return self.text[node.index]
        if node.op in ("symbol", "data"):
            return self.words[node.name]
        name = self.memory(node.shape)
        with self.each(node.shape) as (i, j):
            self.set(self.element(name, node.shape, i, j), self.at(node, i, j))
        self.text[node.index] = name
        return name

    def factoring(self, node: Node) -> None:
        """Write an operation with the factors of its matrix, which are computed once."""
        matrix = node.args[0]
        if matrix.index not in self.factored:
            self.factored[matrix.index] = (self.let(f"@factor({self.whole(matrix)})"),)
        (factors,) = self.factored[matrix.index]
        if node.op == "solve":
            name = "@solve_columns" if len(node.shape) == 2 else "@solve"
            text = f"{name}({factors}, {self.whole(node.args[1])})"
        else:
            name = {"logdet": "@logdet" if node.payload else "@logabsdet"}.get(node.op, f"@{node.op}")
            text = f"{name}({factors})"
        self.text[node.index] = self.let(text)


def side(word: str, shape: Shape, axis: int) -> str:
    return f"{word}.length" if axis == 0 else f"{word}[0].length"


def unless(condition: str, message: str) -> list[str]:
    return [f'if ({condition}) throw new RangeError("{message}");']


WAY = Check(
    kinds=(
        lambda word: unless(f'typeof {word} !== "number"', f"{word} has to be a number"),
        lambda word: unless(
            f'!({word}.length >= 0) || typeof {word}[0] === "object"', f"{word} has to be an array of numbers"
        ),
        lambda word: unless(
            f"!({word}[0]?.length > 0) || {word}.some((row) => row.length !== {word}[0].length)",
            f"{word} has to be an array of rows of one length",
        ),
    ),
    side=side,
    over="/",
    let=lambda name, text: f"const {name} = {text};",
    equal=lambda a, b, message: unless(f"{a} !== {b}", message),
    least=lambda a, least, message: unless(f"{a} < {least}", message),
    symmetric=lambda word: unless(f"!@symmetric({word})", f"{word} has to be symmetric"),
)


def source_code(file: ArrayFile) -> str:
    """Return the functions: the value; an object with the value and the gradient; and with the Hessian as well."""
    return "\n\n".join([*file.helpers, *(function(file, part) for part in file.parts)]) + "\n"


def function(file: ArrayFile, part: Part) -> str:
    lines = checks(file.arguments, file.words, file.sizes, WAY) + part.code.lines
    value, *rest = part.code.outputs
    count = len(file.by)
    results = [f"value: {value}"]
    if part.order:
        first = rest[0] if count == 1 else f"[{', '.join(rest[:count])}]"
        results.append(f"gradient: {first}")
    if part.order == 2:
        places = dict(zip(file.places, rest[count:], strict=True))
        rows = []
        for i in range(count):
            row = []
            for j in range(count):
                block = places[min(i, j), max(i, j)]
                flat = not (file.by[i].shape and file.by[j].shape)
                row.append(block if i <= j or flat else f"@transposed({block})")
            rows.append(f"[{', '.join(row)}]")
        second = places[0, 0] if count == 1 else f"[{', '.join(rows)}]"
        results.append(f"hessian: {second}")
    lines.append(f"return {{ {', '.join(results)} }};" if part.order else f"return {value};")
    names = ", ".join(file.words[a.name] for a in file.by)
    what = (
        "the value",
        f"{{ value, gradient }} with respect to {names}",
        f"{{ value, gradient, hessian }} with respect to {names}",
    )
    many = ", a part for each" if part.order and count > 1 else ""
    parameters = ", ".join(file.words[a.name] for a in file.arguments)
    name = file.name + ("", "_gradient", "_hessian")[part.order]
    return f"// Returns {what[part.order]}{many}.\nexport function {name}({parameters}) {{\n{indented(lines, '  ')}}}"
