"""Text to functions: one grammar reads R and Python notation, one interpreter turns it into expressions."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Graph, Node, VariableShape, has_arrays, reachable
from secantd.language.arrays import as_node, flattened, is_array
from secantd.language.componentnames import check_whole, in_order_of_index, open_variables, with_declared_components
from secantd.language.context import FEW, UNROLLED
from secantd.language.function import Function
from secantd.language.hints import leibniz, run_together
from secantd.language.instructions import Instructions, Parameter, Reading
from secantd.language.machine import Machine
from secantd.language.memory import Slot
from secantd.language.namedfunctions import function_named, with_notice
from secantd.language.notation import HAND, READ, Notation, is_python, plain_name, written_notation
from secantd.language.parser import parse
from secantd.language.registry import is_function
from secantd.language.shapes import RereadError, Shapes, component
from secantd.language.values import Closure, Environment, Nothing, Oriented, Span, Value, Vector
from secantd.language.vectors import flat
from secantd.settings import DEFAULT_LIMITS, Limits
from secantd.shown import quoted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["HAND", "Function", "Notation", "Slot", "is_python", "parse", "plain_name", "read"]

# Formulas with more nodes than this have their loops over data as recursions in what is printed.
LONG: Final = 20_000
NO_DATA: Final["dict[str, NDArray[np.float64]]"] = {}
NO_SHAPES: Final[dict[str, VariableShape]] = {}


def read(
    text: str,
    notation: Notation | None = None,
    data: "Mapping[str, NDArray[np.float64]]" = NO_DATA,
    limits: Limits | None = None,
    shapes: Mapping[str, VariableShape] = NO_SHAPES,
    variables: Sequence[str] = (),
) -> Function:
    """Return the function that a text defines: its components as expressions of its variables.

    Args:
        text: A formula, a function, a `~` formula or a block, in R or Python notation; in textbook notation or LaTeX a
            formula, or equations with a name or f(x) on the left.
        notation: R, PYTHON, TEXTBOOK or LATEX; None accepts R and Python, with R's meaning where they differ.
        data: Named columns, each of shape (rows,), and matrices.
        limits: The limits that apply; None: the defaults.
        shapes: The shapes of variables, as declared or as those of a point.
        variables: The variables to differentiate with respect to. Under a reduction such as sum() they are numbers and
            the other names vectors, where nothing else is known. Empty: not known.

    Raises:
        CalculusError: SYNTAX_ERROR, UNKNOWN_FUNCTION, UNKNOWN_VARIABLE or LIMIT_EXCEEDED, with the position in
            the text; INVALID_VALUE for a notation or columns that cannot be used.

    >>> f = read("function(x, y) { z <- x^2; z + y }")
    >>> f.variables, f.outputs[0]
    (('x', 'y'), #4 add(#3, #1))
    """
    limits = limits or DEFAULT_LIMITS
    if len(text) > limits.text_length:
        headline = f"the text has {len(text):,} code points"
        raise limit_exceeded("text_length", headline, limits.text_length, field="expression.text")
    if not text.strip():
        headline, hint = "the text is empty", "write a formula such as x^2"
        raise CalculusError(Reason.SYNTAX_ERROR, headline, hint, field="expression.text")
    if data:
        check_data(data)
    if notation is not None and notation not in READ:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"{notation.name} is an output notation only",
            "write the text in R or Python notation, in textbook notation or in LaTeX",
            field="expression.notation",
        )
    if notation is None and is_python(text):
        notation = Notation.PYTHON
    if notation is Notation.PYTHON:
        data = normalized_columns(data)
    if notation is Notation.LATEX:
        variables = [plain_name(name) for name in variables]
    called = function_named(text, notation, {*variables, *shapes, *data})
    if called:
        return with_notice(read(called, notation, data, limits, shapes, variables), f"{text.strip()} is {called}")
    if notation is not None and notation in HAND:
        # Not needed for R and Python: a third of the modules of this folder.
        from secantd.language.textbook import read_textbook

        reading = read_textbook(text, notation, data, shapes, variables, limits)
    else:
        operator = leibniz(text)
        if operator is not None:
            variable, start, end = operator
            raise CalculusError(
                Reason.SYNTAX_ERROR,
                "a formula is given without its d/dx",
                f"write what follows, and name the variable {quoted(variable)} in the call",
                text=text,
                span=(start, end),
                field="expression.text",
            )
        reading = Reading(parse(text, notation, limits.depth))

    # No function within this one: mypyc keeps it in a cycle of references, and with it the graph until the next collection.
    again = partial(read_once, text, reading, notation, data, limits, shapes, variables)
    function, has_unrolled = again(UNROLLED)
    if has_unrolled and written_size(function) > LONG:
        function.rolled = partial(shorter, function, again)
    return function


def read_once(
    text: str,
    reading: Reading,
    notation: Notation | None,
    data: "Mapping[str, NDArray[np.float64]]",
    limits: Limits,
    shapes: Mapping[str, VariableShape],
    variables: Sequence[str],
    unrolled: int,
) -> tuple[Function, bool]:
    """Return what `read_code` does, from the shapes that a request declares and its notation shows."""
    known = Shapes(shapes, frozenset(variables))
    known.settle([name for name in reading.numbers if not known.known(name)])
    for name in reading.vectors:
        if name not in data and not known.known(name):
            with suppress(RereadError):
                known.learn([name], 1)
    return read_code(text, reading, notation, data, limits, known, unrolled)


def written_size(function: Function) -> float:
    """Return how many nodes the formulas of a function have when they are written out."""
    sizes: dict[int, float] = {}
    for node in reachable(function.outputs):
        sizes[node.index] = 1.0 + sum(sizes[a.index] for a in node.args)
    return sum(sizes[output.index] for output in function.outputs)


def shorter(unrolled: Function, again: Callable[[int], tuple[Function, bool]]) -> Function:
    rolled, _ = again(FEW)
    return rolled if written_size(rolled) < written_size(unrolled) else unrolled


def read_code(
    text: str,
    reading: Reading,
    notation: Notation | None,
    data: "Mapping[str, NDArray[np.float64]]",
    limits: Limits,
    known: Shapes,
    unrolled: int,
) -> tuple[Function, bool]:
    """Return the function of a text, and whether it has loops over data that are unrolled because these are short."""
    # Textbook notation is read only.
    written = Notation.R if notation is Notation.TEXTBOOK else notation or written_notation(text)
    # Beside vectors and matrices a column of one entry is a number: 0.1 * diag(3), with 0.1 from R's workspace.
    if data:
        import numpy as np

        known.numbers = frozenset(name for name, values in data.items() if np.shape(values) == (1,))
    while True:
        machine = Machine(text, Graph(limits.nodes), data, limits, notation=notation, shapes=known)
        machine.unrolled = unrolled
        machine.notices.update(dict.fromkeys(reading.notices))
        try:
            function = function_of(machine, reading.code, written)
            if function.arrays or not known.numbers:
                return function, machine.has_unrolled
            known.numbers = frozenset()
        except RereadError:
            continue
        except CalculusError as error:
            if known.numbers:
                known.numbers = frozenset()
                continue
            # The error of a limit has no position; the whole text exceeds it.
            error.field = error.field or "expression.text"
            raise


def function_of(machine: Machine, code: Instructions, notation: Notation) -> Function:
    """Return the function that a machine reads; RereadError where it learned something about shapes."""
    value, parameters, environment = interpret(machine, code)
    outputs = components(machine, value)
    nodes = reachable(outputs)
    used = frozenset([n.name for n in nodes if n.op == "symbol"])
    # Most texts have no components of vectors.
    indexed = any(name.endswith("]") for name in used)
    wholes: set[str] = set()
    if indexed:
        check_whole(machine, used)
        wholes = {found[0] for name in used if (found := component(name))}
    lengths = frozenset([n for n in machine.names if not (n in used or n in wholes) and machine.shapes.of(n)])
    free = [n for n in machine.names if n in used]
    if indexed:
        free = in_order_of_index(free)
    if parameters is None:
        variables = with_declared_components(machine, free) if indexed else free
    else:
        variables = open_variables(machine, parameters, free)
    for name in free:
        if is_function(name):
            machine.notices[f"'{name}' is a variable here; write {name}(...) to call the function {name}"] = None
    if parameters is None:
        note_constants(machine, free, nodes)
    return Function(
        machine.graph,
        outputs,
        isinstance(value, Vector),
        tuple(variables),
        notation,
        tuple(machine.notices),
        settled_names(parameters, free, variables) if parameters else (),
        used,
        frozenset(machine.assigned),
        has_arrays(nodes) or bool(lengths),
        machine.shapes.undecided,
        named_parts(machine, environment, nodes),
        lengths,
        machine.written,
    )


def settled_names(parameters: tuple[Parameter, ...], free: list[str], variables: list[str]) -> tuple[str, ...]:
    """Return the parameters with a default, which are not variables."""
    return tuple([p.name for p in parameters if p.default is not None and not (p.name in free or p.name in variables)])


def note_constants(machine: Machine, free: list[str], nodes: list[Node]) -> None:
    """Add a notice for a name that may be meant as a constant: e as the base of a power."""
    wanted = machine.shapes.variables
    if (
        "e" in free
        and "e" not in wanted
        and any(n.op == "pow" and n.args[0] is machine.graph.symbol("e") for n in nodes)
    ):
        machine.notices[
            "'e' is a variable here; write exp(x) for the powers of Euler's number, and exp(1) for itself"
        ] = None
    for name in free:
        if name not in wanted and (notice := run_together(name, free)):
            machine.notices[notice] = None


def named_parts(machine: Machine, environment: Environment, nodes: list[Node]) -> dict[str, Node]:
    """Return the nodes that names mean at the end of a text: those that the text assigns, and defaults of parameters.

    A name that a loop over data changes means the vector of its values.

    Args:
        machine: The interpreter.
        environment: The variables of the text, or of the body of its function.
        nodes: The nodes of the outputs; others are left out.
    """
    found: dict[str, Node] = {}
    if not environment.values and environment.outer is None and not machine.paths:
        return found
    inside = {n.index for n in nodes}
    here: Environment | None = environment
    while here is not None:
        for name, value in here.values.items():
            node = value.node if isinstance(value, Oriented) else value
            if isinstance(node, Node) and node.op != "symbol" and node.index in inside:
                found.setdefault(name, node)
        here = here.outer
    recursions = {n.args for n in nodes if n.op == "scan"}
    for name, path in machine.paths.items():
        if path.args in recursions:
            found[name] = path
    return found


def normalized_columns(data: "Mapping[str, NDArray[np.float64]]") -> "Mapping[str, NDArray[np.float64]]":
    """Return data columns with their names in Unicode's form NFKC, as Python compares names."""
    found = {normalize("NFKC", name): values for name, values in data.items()}
    if len(found) < len(data):
        raise CalculusError(
            Reason.INVALID_VALUE,
            "two data columns have names that Python treats as the same name",
            "rename one of them",
            field="expression.data",
        )
    return found


def check_data(data: "Mapping[str, NDArray[np.float64]]") -> None:
    """Raise INVALID_VALUE for an empty column."""
    import numpy as np

    for i, (name, values) in enumerate(data.items()):
        if not np.size(values):
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the column {quoted(name)} is empty",
                "give it at least one value",
                field=f"expression.data[{i}].values",
            )


def interpret(machine: Machine, code: Instructions) -> tuple[Value, tuple[Parameter, ...] | None, Environment]:
    """Return the value of a text, None and its variables; for a function, the value, parameters and variables of its body."""
    environment = Environment()
    value = machine.run(code, environment)
    if not isinstance(value, Closure):
        return value, None, environment
    given = machine.shapes.asked_for()
    names = [p.name for p in value.parameters if p.default is None or p.name in given]
    machine.apply(value, [machine.free_parameter(n) for n in names], tuple(names))
    frame = machine.frames.pop()
    return machine.run(frame.code, frame.environment), value.parameters, frame.environment


def components(machine: Machine, value: Value) -> tuple[Node, ...]:
    """Return the components of the value of a text; an array is one component. R's vector of length 1 is a number."""
    if isinstance(value, Oriented | Span):
        value = as_node(machine, value, "the value of the text")
    if isinstance(value, Node) and not machine.zero_based and is_single(value) and has_arrays(reachable([value])):
        return (machine.graph.array("element", value, payload=(0,) * len(value.shape)),)
    while isinstance(value, Vector) and any(isinstance(v, Vector) for v in value.items):
        # list(c(a, b)), as models of deSolve return it.
        value = Vector(tuple(flat(machine, value.items)))
    found = value.items if isinstance(value, Vector) else (value,)
    if isinstance(value, Vector) and any(is_array(v) for v in found):
        # A list of vectors: its components are theirs.
        parts = [flattened(machine, v, 0) for v in found]
        return (machine.graph.array("concatenate", *parts) if len(parts) > 1 else parts[0],)
    nodes = tuple(v for v in found if isinstance(v, Node))
    if len(nodes) != len(found) or not nodes:
        what = "is empty" if isinstance(value, Vector) and not found else "is not a number or a vector of numbers"
        if isinstance(value, Nothing):
            raise machine.error("the text has no value", "end the text with the formula itself; a def ends with return")
        raise machine.error(f"the value of the text {what}", "end the text with the formula itself")
    return nodes


def is_single(node: Node) -> bool:
    return bool(node.shape) and all(side == 1 for side in node.shape)
