"""The tools: their descriptions, their arguments, and their answers, which are short and repeat what was asked."""

import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from secant.errors import Error

if TYPE_CHECKING:
    from secant.client import Client

__all__ = ["LIMIT", "TOOLS", "BadArgumentError", "Tool", "answer"]

# Characters of an answer are fewer than this: an agent reads it whole.
LIMIT = 600
# Characters of a formula, of a name or an assumption, and entries of a list.
TEXT, WORD, ENTRIES = 2000, 200, 20
# Characters to which what was asked is shortened where it is repeated.
REPEATED = 180
# Characters of a part of a longer answer; the rest is what was asked and which part it is.
PART = 330

ORDERS = {0: "", 1: "'", 2: "''"}
NOTATIONS = ["r", "python", "textbook", "latex"]
LANGUAGES = ["r", "python", "latex", "c", "julia", "stan", "sql"]

F = "A formula or function in R, Python, textbook (2x sin x) or LaTeX notation, such as x^2 * exp(x); never code to run."


class BadArgumentError(ValueError):
    """An argument is missing, unknown, or of another type or size."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool.

    Attributes:
        name: Its name.
        description: When to use it.
        arguments: The JSON schema of each argument, by name.
        required: The arguments that must be given.
        run: The answer to checked arguments.
    """

    name: str
    description: str
    arguments: dict[str, dict[str, Any]]
    required: tuple[str, ...]
    run: "Callable[[Client, dict[str, Any]], str]"

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of all arguments."""
        return {
            "type": "object",
            "properties": self.arguments,
            "required": list(self.required),
            "additionalProperties": False,
        }


def text(description: str, size: int = TEXT) -> dict[str, Any]:
    """Return the schema of a text."""
    return {"type": "string", "minLength": 1, "maxLength": size, "description": description}


def texts(description: str) -> dict[str, Any]:
    """Return the schema of a list of short texts."""
    return {"type": "array", "items": text("", WORD), "maxItems": ENTRIES, "description": description}


def choice(description: str, words: list[str]) -> dict[str, Any]:
    """Return the schema of one of some words."""
    return {"type": "string", "enum": words, "description": description}


def whole(description: str, least: int, most: int) -> dict[str, Any]:
    """Return the schema of a whole number."""
    return {"type": "integer", "minimum": least, "maximum": most, "description": description}


VARIABLES = texts("The variables to differentiate with respect to, in order. Default: all variables of f.")
NOTATION = choice("The notation of f, where it is not R or Python, or where these differ.", NOTATIONS)
PART_NUMBER = whole("Which part of a longer answer. Default: 1.", 1, 1000)
POINT = {
    "type": "object",
    "additionalProperties": {"type": "number"},
    "maxProperties": ENTRIES,
    "description": 'A point, a number for each variable: {"x": 2}.',
}


def check(client: "Client", given: dict[str, Any]) -> str:
    """Answer whether a claim is right."""
    order = given.get("order", 1)
    found = client.check(
        given["f"],
        given["claimed"],
        *given.get("variables", ()),
        order=order,
        assume=given.get("assume", ()),
        at=given.get("at"),
        notation=given.get("notation"),
    )
    f, claimed = (shortened(given[name], REPEATED // 2) for name in ("f", "claimed"))
    asked = f"{f} = {claimed}" if order == 0 else f"({f}){ORDERS[order]} = {claimed}"
    lines = [f"{found.verdict}: {asked}", found.message]
    if not found and found.derivatives:
        lines.append(f"the derivative: {', '.join(d.text for d in found.derivatives)}")
    return "\n".join([*lines, *[f"note: {notice}" for notice in found.notices]])


def differentiate(client: "Client", given: dict[str, Any]) -> str:
    """Answer with a derivative."""
    wanted = given.get("to")
    names = given.get("variables", ())
    how: dict[str, Any] = {"at": given.get("at"), "notation": given.get("notation"), "notations": wanted}
    found = client.differentiate(given["f"], *names, **how)
    written = found.formula.renderings.get(wanted, found.formula.text) if wanted else found.formula.text
    by = " ".join(f"d/d{name}" for name in found.variables)
    notes = [f"note: {notice}" for notice in found.notices]
    if (value := found.formula.value) is not None:
        point = ", ".join(f"{name} = {number:g}" for name, number in given["at"].items())
        notes.insert(0, f"at {point}: {value!r}")
    return parts(f"{by} {shortened(given['f'], REPEATED)} =", "\n".join([written, *notes]), given)


def export(client: "Client", given: dict[str, Any]) -> str:
    """Answer with code."""
    found = client.export(
        given["f"],
        *given.get("variables", ()),
        notations=given["language"],
        order=given.get("order", 1),
        name=given.get("name", ""),
        notation=given.get("notation"),
    )
    what = ("", " and its gradient", ", its gradient and its Hessian")[given.get("order", 1)]
    head = f"{shortened(given['f'], REPEATED)}{what} in {given['language']}:"
    body = "\n".join([str(found).rstrip("\n"), *[f"note: {notice}" for notice in found.notices]])
    return parts(head, body, given)


def parts(head: str, body: str, given: Mapping[str, Any]) -> str:
    """Return an answer, or one part of a longer one, which begins and ends with whole lines if these are short.

    Raises:
        BadArgumentError: There is no such part.
    """
    if len(head) + len(body) + 1 < LIMIT:
        pieces = [body]
    else:
        pieces = [""]
        for line in body.splitlines(keepends=True):
            for begin in range(0, len(line), PART):
                piece = line[begin : begin + PART]
                if len(pieces[-1]) + len(piece) > PART:
                    pieces.append("")
                pieces[-1] += piece
    wanted = given.get("part", 1)
    if wanted > len(pieces):
        raise BadArgumentError(f"part is {wanted}, but the answer has {len(pieces)}")
    if len(pieces) == 1:
        return f"{head}\n{body}"
    rest = f"; call again with part = {wanted + 1}" if wanted < len(pieces) else "; it is the last"
    return f"{head}\n{pieces[wanted - 1].rstrip(chr(10))}\n[part {wanted} of {len(pieces)}{rest}]"


TOOLS = (
    Tool(
        "check",
        "Check a derivative that was found by hand, or with order 0 whether two formulas are equal. A wrong claim comes back with a "
        "counterexample and the derivative. Use it before stating a derivative.",
        {
            "f": text(F),
            "claimed": text("The claimed derivative; with several variables the gradient, c(2*x*y, x^2)."),
            "variables": VARIABLES,
            "order": whole("1 derivative, 2 second derivative or Hessian, 0 f itself. Default: 1.", 0, 2),
            "assume": texts("Assumptions: x > 0, n integer."),
            "at": POINT,
            "notation": NOTATION,
        },
        ("f", "claimed"),
        check,
    ),
    Tool(
        "differentiate",
        "Differentiate a formula exactly. Variables in order: [x, x] is the second derivative with respect to x.",
        {
            "f": text(F),
            "variables": VARIABLES | {"description": "The variables in order. Default: the only variable of f."},
            "at": POINT | {"description": 'A point at which the derivative is also computed: {"x": 2}.'},
            "to": choice("The notation of the answer. Default: that of f.", ["r", "python", "latex"]),
            "notation": NOTATION,
            "part": PART_NUMBER,
        },
        ("f",),
        differentiate,
    ),
    Tool(
        "export",
        "Write code that computes a formula with its gradient and Hessian, checked against finite differences.",
        {
            "f": text(F),
            "language": choice("The language of the code.", LANGUAGES),
            "variables": VARIABLES | {"description": "The order of the arguments of the function."},
            "order": whole("0 only f, 1 also the gradient, 2 also the Hessian. Default: 1.", 0, 2),
            "name": text("The name of the function. Default: f.", WORD),
            "notation": NOTATION,
            "part": PART_NUMBER,
        },
        ("f", "language"),
        export,
    ),
)


def answer(client: "Callable[[], Client]", name: str, given: Any) -> tuple[str, bool]:
    """Return the answer of a tool, shorter than LIMIT, and whether it is an error.

    Args:
        client: Returns a client; not called if the arguments are not valid.
        name: The name of the tool.
        given: The arguments.

    >>> answer(lambda: None, "check", {"f": "x^2"})
    ('check needs the argument claimed', True)
    """
    try:
        tool = next((tool for tool in TOOLS if tool.name == name), None)
        if tool is None:
            raise BadArgumentError(
                f"there is no tool {shortened(str(name), 40)!r}; there are check, differentiate, export"
            )
        checked(tool, given)
        return shortened(tool.run(client(), given), LIMIT - 1), False
    except (Error, ValueError, TypeError) as error:
        asked = given.get("f") if isinstance(given, dict) else None
        message = str(error)
        if isinstance(asked, str) and not isinstance(error, BadArgumentError) and asked not in message:
            message = f"{shortened(asked, REPEATED)}: {message}"
        return shortened(message, LIMIT - 1), True


def shortened(words: str, size: int) -> str:
    """Return a text of at most `size` characters, with dots in place of its middle.

    >>> shortened("x + y + z + w", 7)
    'x + … w'
    """
    if len(words) <= size:
        return words
    left = (size - 1) // 2
    return f"{words[:left].rstrip()} … {words[len(words) - (size - left - 3) :].lstrip()}"


def checked(tool: Tool, given: Any) -> None:
    """Raise BadArgumentError unless arguments fit the schema of a tool."""
    if not isinstance(given, dict):
        raise BadArgumentError("the arguments must be an object")
    for name, value in given.items():
        if name not in tool.arguments:
            near = difflib.get_close_matches(name, tool.arguments, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; it has {', '.join(tool.arguments)}"
            raise BadArgumentError(f"{tool.name} has no argument {shortened(name, 40)!r}{hint}")
        problem = mismatch(value, tool.arguments[name])
        if problem:
            raise BadArgumentError(f"{name} {problem}")
    for name in tool.required:
        if name not in given:
            raise BadArgumentError(f"{tool.name} needs the argument {name}")


def mismatch(value: Any, schema: Mapping[str, Any]) -> str:
    """Return how a value fails to fit a schema of those above; "" if it fits."""
    kind = schema["type"]
    if kind == "string":
        if not isinstance(value, str) or not value.strip():
            return "must be a text"
        if len(value) > schema.get("maxLength", TEXT):
            return f"has {len(value)} characters; the limit is {schema['maxLength']}"
        if value not in schema.get("enum", (value,)):
            return f"must be one of {', '.join(schema['enum'])}"
    elif kind == "integer":
        if not isinstance(value, int) or isinstance(value, bool) or not schema["minimum"] <= value <= schema["maximum"]:
            return f"must be a whole number from {schema['minimum']} to {schema['maximum']}"
    elif kind == "array":
        if not isinstance(value, list):
            return "must be a list"
        if len(value) > schema["maxItems"]:
            return f"has {len(value)} entries; the limit is {schema['maxItems']}"
        return next((f"has an entry that {problem}" for v in value if (problem := mismatch(v, schema["items"]))), "")
    elif not isinstance(value, dict) or not all(map(is_number, value.values())):
        return 'must have a number for each variable, as in {"x": 2}'
    elif len(value) > schema["maxProperties"]:
        return f"has {len(value)} entries; the limit is {schema['maxProperties']}"
    return ""


def is_number(value: Any) -> bool:
    """Return whether a value of JSON is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf
