"""Functions of arrays in C99: arrays in C order, with their lengths as arguments, and no library but <math.h>."""

import re
from collections.abc import Sequence

from secantd.export.arrays.file import ArrayFile, Part
from secantd.export.arrays.rolled import RolledWriter
from secantd.export.sourcefile import indented
from secantd.expression import STRETCHED, Dimension, Node, Shape, substituted

__all__ = ["HELPERS", "CWriter", "source_code"]

HELPERS = {
    "symmetric": """/* Whether a of n x n is symmetric to 10 digits of its largest entry. */
static int @symmetric(size_t n, const double *a)
{
    double largest = 0.0, apart = 0.0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            largest = fmax(largest, fabs(a[i * n + j]));
            apart = fmax(apart, fabs(a[i * n + j] - a[j * n + i]));
        }
    return !(apart > 1e-10 * largest);
}""",
    "factor": """/* Replaces the matrix a of n x n by its factors L and U with partial pivoting (Golub and Van Loan, 4th ed., 3.4.3), row
   by row; row[i] is the row that was exchanged with row i. Returns the sign of the exchanges, 0 if a is singular. */
static double @factor(size_t n, double *a, double *row)
{
    double sign = 1.0;
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(a[i * n + k]) > fabs(a[pivot * n + k]))
                pivot = i;
        row[k] = (double)pivot;
        if (a[pivot * n + k] == 0.0) {
            sign = 0.0;
            continue;
        }
        if (pivot != k) {
            sign = -sign;
            for (size_t j = 0; j < n; j++) {
                const double other = a[k * n + j];
                a[k * n + j] = a[pivot * n + j];
                a[pivot * n + j] = other;
            }
        }
        for (size_t i = k + 1; i < n; i++) {
            const double factor = a[i * n + k] /= a[k * n + k];
            for (size_t j = k + 1; j < n; j++)
                a[i * n + j] -= factor * a[k * n + j];
        }
    }
    return sign;
}""",
    "solve": """/* Replaces b of n x m by the solution of A x = b, NaN where A is singular; lu, row and sign are those of A. */
static void @solve(size_t n, size_t m, const double *lu, const double *row, double sign, double *b)
{
    for (size_t c = 0; c < m; c++) {
        for (size_t i = 0; i < n; i++) {
            const size_t other = (size_t)row[i];
            const double value = b[other * m + c];
            b[other * m + c] = b[i * m + c];
            b[i * m + c] = value;
        }
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i; j++)
                b[i * m + c] -= lu[i * n + j] * b[j * m + c];
        for (size_t i = n; i-- > 0;) {
            for (size_t j = i + 1; j < n; j++)
                b[i * m + c] -= lu[i * n + j] * b[j * m + c];
            b[i * m + c] = sign == 0.0 ? NAN : b[i * m + c] / lu[i * n + i];
        }
    }
}""",
    "solve_transposed": """/* As above for the transpose of A. */
static void @solve_transposed(size_t n, size_t m, const double *lu, const double *row, double sign, double *b)
{
    for (size_t c = 0; c < m; c++) {
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < i; j++)
                b[i * m + c] -= lu[j * n + i] * b[j * m + c];
            b[i * m + c] = sign == 0.0 ? NAN : b[i * m + c] / lu[i * n + i];
        }
        for (size_t i = n; i-- > 0;)
            for (size_t j = i + 1; j < n; j++)
                b[i * m + c] -= lu[j * n + i] * b[j * m + c];
        for (size_t i = n; i-- > 0;) {
            const size_t other = (size_t)row[i];
            const double value = b[other * m + c];
            b[other * m + c] = b[i * m + c];
            b[i * m + c] = value;
        }
    }
}""",
    "det": """static double @det(size_t n, const double *lu, double sign)
{
    double product = sign;
    for (size_t i = 0; i < n; i++)
        product *= lu[i * n + i];
    return product;
}""",
    "logabsdet": """/* log|det A| */
static double @logabsdet(size_t n, const double *lu, double sign)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += log(fabs(lu[i * n + i]));
    return sign == 0.0 ? -INFINITY : sum;
}""",
    "logdet": """/* log(det A): NaN where det A is negative. */
static double @logdet(size_t n, const double *lu, double sign)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += log(fabs(lu[i * n + i]));
        sign = lu[i * n + i] < 0.0 ? -sign : sign;
    }
    return sign < 0.0 ? NAN : sum;
}""",
}


class CWriter(RolledWriter):
    """Arrays are pointers into one piece of memory; matrices are row by row."""

    BASE = 0
    NAN = "NAN"

    def divided(self, number: str, by: str) -> str:
        """Return a whole quotient."""
        return f"{number} / {by}"

    def allocation(self, name: str, shape: Shape) -> str:
        """Return the line that takes memory for an array."""
        used = self.names["next"]
        return f"double *const {name} = {used}; {used} += {self.size(shape)};"

    def size(self, shape: Shape) -> str:
        """Return the number of entries of an array."""
        return " * ".join(self.side(d) for d in shape if d is not STRETCHED) or "1"

    def variable(self, name: str, text: str) -> str:
        """Return a declaration of a number."""
        return f"double {name} = {text};"

    def counter(self, name: str, text: str) -> str:
        """Return a declaration of a whole number."""
        return f"size_t {name} = {text};"

    def element(self, name: str, shape: Shape, i: str, j: str) -> str:
        """Return an element."""
        if len(shape) == 2 and STRETCHED not in shape:
            return f"{name}[{bracketed(i)} * {self.side(shape[1])} + {j}]"
        return f"{name}[{j if shape[0] is STRETCHED else i}]"

    def if_(self, condition: str) -> str:
        """Return the head of a condition."""
        return f"if ({condition}) {{"

    def number(self, length: str) -> str:
        """Return a length as a double."""
        return f"(double){length}" if length.isidentifier() or length.startswith("(") else f"{length}.0"

    def is_nan(self, text: str) -> str:
        """Return the test for NaN."""
        return f"isnan({text})"

    def index(self, text: str) -> str:
        """Return an index from 0."""
        return f"(size_t){text} - 1"

    def fail(self, message: str) -> Sequence[str]:
        """Return the lines that leave the function."""
        return (f"free({self.names['room']});", "return NAN;")

    def result(self, number: int, node: Node) -> str:
        """Copy an output to the memory of the caller; the value is returned."""
        if number == 0:
            return self.at(node)
        target = self.targets[number]
        with self.each(node.shape) as (i, j):
            self.set(self.element(target, node.shape, i, j) if node.shape else f"*{target}", self.at(node, i, j))
        return ""

    def factoring(self, node: Node) -> None:
        """Write an operation with the factors of its matrix, which are computed once."""
        matrix, transposed = node.args[0], False
        while matrix.op == "transpose":
            matrix, transposed = matrix.args[0], not transposed
        n = self.side(matrix.shape[0])
        if matrix.index not in self.factored:
            lu, row = self.memory(matrix.shape), self.memory(matrix.shape[:1])
            with self.each(matrix.shape) as (i, j):
                self.set(self.element(lu, matrix.shape, i, j), self.at(matrix, i, j))
            self.factored[matrix.index] = (lu, row, self.let(f"@factor({n}, {lu}, {row})"))
        lu, row, sign = self.factored[matrix.index]
        if node.op == "det":
            self.text[node.index] = self.let(f"@det({n}, {lu}, {sign})")
            return
        if node.op == "logdet":
            self.text[node.index] = self.let(f"{'@logdet' if node.payload else '@logabsdet'}({n}, {lu}, {sign})")
            return
        out = self.store(node)
        with self.each(node.shape) as (i, j):
            right = f"({i} == {j} ? 1.0 : 0.0)" if node.op == "inverse" else self.at(node.args[1], i, j)
            self.set(self.element(out, node.shape, i, j), right)
        m = self.side(node.shape[1]) if len(node.shape) == 2 else "1"
        name = "@solve_transposed" if transposed else "@solve"
        self.line(f"{name}({n}, {m}, {lu}, {row}, {sign}, {out});")

    def room(self) -> str:
        """Return the number of doubles of all arrays, as a double."""
        bounds: dict[str, Dimension] = {}
        for name, mask in self.plan.masks.items():
            bounds[name] = substituted(mask.shape[0], bounds)
        terms = []
        for _, shape in self.stored:
            sides = [substituted(d, bounds) for d in shape if d is not STRETCHED]
            terms.append(" * ".join(["1.0", *(self.side(d) for d in sides)]))
        return " + ".join(counted(terms))


def counted(terms: Sequence[str]) -> list[str]:
    """Return the terms of a sum with equal ones as multiples."""
    return [f"{float(terms.count(t))!r}{t.removeprefix('1.0')}" for t in dict.fromkeys(terms)]


def bracketed(index: str) -> str:
    return index if index.isidentifier() or index.isdigit() else f"({index})"


def source_code(file: ArrayFile) -> str:
    """Return the functions; derivatives are written to arrays of the caller."""
    functions = [function(file, part) for part in file.parts]
    code = "\n".join([*file.helpers, *functions])
    head = ["#include <math.h>", "#include <stddef.h>"]
    head += ["#include <stdlib.h>"] if "free(" in code else []
    return "\n\n".join(["\n".join(head), *file.helpers, *functions]) + "\n"


def function(file: ArrayFile, part: Part) -> str:
    sizes = [file.sizes.names[n] for n in file.sizes.origin]
    words = [(file.words[a.name], bool(a.shape)) for a in file.arguments]
    parameters = [f"size_t {s}" for s in sizes]
    parameters += [f"const double *{w}" if array else f"double {w}" for w, array in words]
    targets = file.targets[1 : len(part.plan.outputs)]
    parameters += [f"double *{t}" for t in targets]
    writer = part.writer
    assert isinstance(writer, CWriter)
    body = "\n".join([*part.code.lines, part.code.outputs[0]])
    checked = {file.words[a.name] for a in file.arguments if a.symmetric}
    lines = [f"(void){w};" for w in [*sizes, *(w for w, _ in words)] if w not in checked and not mentions(body, w)]
    for r in file.sizes.requirements:
        lines += [f"if ({file.sizes.bare(r.dimension)} < {file.sizes.bare(r.least)})", "    return NAN;"]
    for a in file.arguments:
        if a.symmetric:
            side, word = file.sizes.bare(a.shape[0]), file.words[a.name]
            lines += [f"if (!@symmetric({side}, {word}))", "    return NAN;"]
    room, used = file.names["room"], file.names["next"]
    if writer.stored:
        size = file.names["size"]
        lines.append(f"const double {size} = {writer.room()};")
        lines.append(f"double *const {room} = {size} < 1e15 ? malloc((size_t)({size} + 1.0) * sizeof(double)) : NULL;")
        lines += [f"if (!{room})", "    return NAN;", f"double *{used} = {room};"]
    lines += part.code.lines
    value = part.code.outputs[0]
    if writer.stored:
        value_name = file.names["value"]
        lines += [f"const double {value_name} = {value};", f"free({room});", f"return {value_name};"]
    else:
        lines.append(f"return {value};")
    name = file.name + ("", "_gradient", "_hessian")[part.order]
    return f"{comment(file, part, targets)}double {name}({', '.join(parameters)})\n{{\n{indented(lines, '    ')}}}"


def mentions(body: str, word: str) -> bool:
    """Return whether code contains an identifier."""
    return re.search(rf"\b{re.escape(word)}\b", body) is not None


def comment(file: ArrayFile, part: Part, targets: Sequence[str]) -> str:
    """Return the comment above a function."""
    symmetric = ", a matrix is not symmetric" if any(a.symmetric for a in file.arguments) else ""
    lines = [f"Returns the value, NaN if lengths or indices do not fit{symmetric} or memory is lacking."]
    for k, (target, node) in enumerate(zip(targets, part.plan.outputs[1:], strict=True)):
        sides = [file.sizes.bare(d) for d in node.shape]
        what = f"{target}[{' * '.join(bracketed(s) for s in sides)}]" if sides else f"*{target}"
        lines.append(f"{what} receives the {'first' if k < len(file.by) else 'second'} derivatives.")
    return "".join(f"// {line}\n" for line in lines)
