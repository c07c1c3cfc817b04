"""R's functions of names and calls: assign, get and exists by a text; Recall, nargs, ...length, which ask for the running call."""

from collections.abc import Callable
from typing import Final

from secantd.errors import Reason
from secantd.language.callstack import Frame
from secantd.language.context import Context
from secantd.language.grammar import REST
from secantd.language.instructions import Arguments as Called
from secantd.language.instructions import Instruction, Instructions
from secantd.language.structural import constant, matched
from secantd.language.values import Builtin, Closure, Dots, Environment, Value

__all__ = ["OF_CALLS"]

Names = tuple[str | None, ...]
# Arguments that name an environment, which a text has none of.
PLACES: Final = ("pos", "envir", "inherits", "immediate", "mode", "where", "frame")


def argument(
    context: Context, what: str, arguments: list[Value], names: Names, own: tuple[str, ...]
) -> dict[str, Value]:
    """Return the arguments of a function of names; its first one is a text."""
    found = matched(context, [*own, *PLACES], arguments, names, f"{what}()")
    for place in ("pos", "envir", "where", "frame"):
        if place in found:
            raise context.error(
                f"{what}() finds names where it is called: '{place}' has no meaning here", f"leave '{place}' out"
            )
    if not isinstance(found.get(own[0]), str):
        raise context.error(f"{what}() takes the name as a text that is known", f'write {what}("a")')
    return found


def load(context: Context, frame: Frame, name: str) -> None:
    """Run the loading of a name; that of a default runs its code."""
    place = (context.instruction.start, context.instruction.end)
    code = Instructions([Instruction("load_quoted", name, *place)])
    context.frames.append(Frame("block", code, frame.environment, frame.pending, height=len(context.stack)))


def assigned(context: Context, frame: Frame, arguments: list[Value], names: Names) -> None:
    """assign("a", value) is a <- value."""
    found = argument(context, "assign", arguments, names, ("x", "value"))
    name = found["x"]
    if "value" not in found or not isinstance(name, str):
        raise context.error("assign() takes a name and a value", 'write assign("a", x^2)', Reason.UNKNOWN_FUNCTION)
    frame.environment.values[name] = found["value"]
    context.assigned.add(name)
    context.stack.append(found["value"])


def gotten(context: Context, frame: Frame, arguments: list[Value], names: Names) -> None:
    """get("a") is a."""
    name = argument(context, "get", arguments, names, ("x",))["x"]
    assert isinstance(name, str)
    load(context, frame, name)


def existing(context: Context, frame: Frame, arguments: list[Value], names: Names) -> None:
    """Whether a name has a value: it is assigned, a parameter, or a data column."""
    name = argument(context, "exists", arguments, names, ("x",))["x"]
    assert isinstance(name, str)
    if frame.environment.find(name) is None and name not in context.data and name not in context.names:
        raise context.error(
            f"whether '{name}' exists outside of this text is not known", f"remove the question, or assign {name}"
        )
    context.stack.append(context.number(1.0))


def running(context: Context, frame: Frame, what: str) -> Environment:
    """Return the environment of the running call of a function of the text."""
    here: Environment | None = frame.environment
    while here is not None:
        if here.function is not None:
            return here
        here = here.outer
    raise context.error(f"{what}() is called outside of a function", reason=Reason.UNKNOWN_FUNCTION)


def recalled(context: Context, frame: Frame, arguments: list[Value], names: Names) -> None:
    """Recall(...) calls the running function."""
    function = running(context, frame, "Recall").function
    place = (context.instruction.start, context.instruction.end)
    inside = Environment(values={"f": function, REST: Dots(tuple(arguments), names)})  # type: ignore[dict-item]
    code = [Instruction("load", name, *place) for name in ("f", REST)]
    body = Instructions([*code, Instruction("apply", Called((None,)), *place)])
    context.frames.append(Frame("block", body, inside, frame.pending, height=len(context.stack)))


def counted(context: Context, frame: Frame, arguments: list[Value], names: Names) -> None:
    """nargs() is how many arguments the running call has."""
    context.stack.append(context.number(float(running(context, frame, "nargs").given)))


def rest(context: Context, frame: Frame, what: str) -> Dots:
    home = frame.environment.find(REST)
    found = home.values[REST] if home is not None else None
    if not isinstance(found, Dots):
        raise context.error(f"{what}() needs a function with the parameter '...'", "write function(...) ...")
    return found


def rest_length(context: Context, frame: Frame, arguments: list[Value], names: Names) -> None:
    context.stack.append(context.number(float(len(rest(context, frame, "...length").items))))


def rest_element(context: Context, frame: Frame, arguments: list[Value], names: Names) -> None:
    """...elt(n) is ..1, ..2."""
    found = rest(context, frame, "...elt").items
    number = constant(context, arguments[0], "the position") if len(arguments) == 1 else 0.0
    if number not in range(1, len(found) + 1):
        raise context.error(f"there is no argument {number:g} in '...'", f"it has {len(found)} arguments")
    context.stack.append(found[int(number) - 1])


def function_named(context: Context, frame: Frame, arguments: list[Value], names: Names) -> None:
    """match.fun("f") is f."""
    (value,) = arguments if len(arguments) == 1 else (None,)
    if not isinstance(value, str):
        if value is None:
            raise context.error("match.fun() takes one function", reason=Reason.UNKNOWN_FUNCTION)
        context.stack.append(value)
        return
    home = frame.environment.find(value)
    found = home.values[value] if home is not None else Builtin(value)
    context.stack.append(found if isinstance(found, Closure) else Builtin(value))


OF_CALLS: Final[dict[str, Callable[[Context, Frame, list[Value], Names], None]]] = {
    "assign": assigned, "get": gotten, "exists": existing, "Recall": recalled, "nargs": counted, "...length": rest_length,
    "...elt": rest_element, "match.fun": function_named,
}  # fmt: skip
