"""The interpreter: a stack machine that runs the instructions of a text with expressions as values.

It has its own stack of frames, so calls, loops and branches of a text need no recursion here.
"""

from secantd.errors import Reason, limit_exceeded
from secantd.expression import Node
from secantd.functions import CONSTANTS, NAMES
from secantd.interrupt import EVERY, checkpoint
from secantd.language import assignment, conditions, imports, indexing, library, structural
from secantd.language.callstack import Frame
from secantd.language.environments import OF_CALLS
from secantd.language.flow import Flow
from secantd.language.grammar import REST
from secantd.language.instructions import Arguments, Instruction, Instructions
from secantd.language.values import (
    Builtin,
    Closure,
    Dots,
    Environment,
    Missing,
    Nothing,
    Promise,
    Slice,
    Value,
    Vector,
)

__all__ = ["Machine"]

# Calls, branches and loops that may be open at once: twice the calls that R allows. The values of 100,000 take a second and much memory.
OPEN = 10_000


class Machine(Flow):
    """The interpreter of one text."""

    def count_step(self) -> None:
        self.steps += 1
        if self.steps > self.limits.loop_steps:
            raise limit_exceeded("loop_steps", "loops and calls take too many steps", self.limits.loop_steps)

    # -- running --------------------------------------------------------------------------------------------

    def run(self, code: Instructions, environment: Environment) -> Value:
        """Return the value of `code`."""
        self.frames.append(Frame("call", code, environment, [], height=len(self.stack)))
        turn = 0
        while self.frames:
            turn += 1
            if not turn % EVERY:
                checkpoint()
            frame = self.frames[-1]
            if frame.at == len(frame.code.instructions):
                value = self.stack.pop() if frame.code.instructions else Nothing()
                self.finish_frame(frame, value)
                continue
            self.instruction = frame.code.instructions[frame.at]
            frame.at += 1
            self.step(frame, self.instruction)
        return self.stack.pop()

    def step(self, frame: Frame, instruction: Instruction) -> None:
        op, operand = instruction.op, instruction.operand
        stack = self.stack
        if op == "number":
            stack.append(self.number(operand))
        elif op == "load" or op == "load_quoted":
            self.load(frame, operand, op == "load_quoted")
        elif op == "add" or op == "mul":
            arguments = stack[-operand:]
            del stack[-operand:]
            stack.append(structural.apply_rows(self, op, arguments))
        elif op == "operator":
            count = 1 if operand in ("neg", "minus", "!") else 2
            arguments = stack[-count:]
            del stack[-count:]
            stack.append(structural.operate(self, operand, arguments))
        elif op == "call":
            name, arguments_of = operand
            count = len(arguments_of.names)
            arguments = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            self.call(name, arguments, arguments_of.names)
        elif op == "pop":
            stack.pop()
        elif op == "store":
            frame.environment.values[operand] = stack[-1]
            self.assigned.add(operand)
        elif op == "store_outer":
            outer = frame.environment.outer
            home = outer.find(operand) if outer is not None else None
            (home or frame.environment.outermost()).values[operand] = stack[-1]
            self.assigned.add(operand)
        elif op == "function":
            parameters, body = operand
            stack.append(Closure(parameters, body, frame.environment))
        elif op == "if":
            self.branch(frame, *operand)
        elif op == "return":
            self.leave("return", stack.pop())
        elif op == "leave":
            self.leave(operand, Nothing())
        elif op == "while":
            self.loop_while(frame, *operand)
        elif op == "chain":
            values = stack[-len(operand) - 1 :]
            del stack[-len(operand) - 1 :]
            stack.append(conditions.chained(self, operand, values))
        elif op == "unpack":
            assignment.unpack(self, frame.environment, operand, stack[-1])
        elif op == "import":
            imports.bring_in(self, frame.environment, operand)
            stack.append(Nothing())
        elif op == "store_member":
            name, member = operand
            value = stack.pop()
            base = assignment.current(frame.environment, name, stack.pop())
            frame.environment.values[name] = assignment.with_member(self, base, member, value)
            self.assigned.add(name)
            stack.append(value)
        elif op == "is_missing":
            stack.append(self.number(float(operand in frame.environment.left_out)))
        elif op == "for":
            self.loop(frame, *operand)
        elif op == "index":
            arguments = stack[-operand - 1 :]
            del stack[-operand - 1 :]
            stack.append(indexing.index(self, arguments))
        elif op == "missing":
            stack.append(Missing())
        elif op == "slice":
            parts = [None if isinstance(v, Missing) else v for v in stack[-operand:]]
            del stack[-operand:]
            stack.append(Slice(*parts, *[None] * (3 - operand)))
        elif op == "newaxis":
            stack.append(indexing.NEW_AXIS)
        elif op == "attribute":
            stack.append(indexing.attribute(self, stack.pop(), operand))
        elif op == "member":
            stack.append(indexing.member(self, stack.pop(), operand))
        elif op == "store_index":
            assignment.store_index(self, frame.environment, *operand)
        elif op == "apply":
            count = len(operand.names)
            arguments = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            self.apply(stack.pop(), arguments, operand.names)
        elif op == "swap":
            stack[-2:] = stack[-1], stack[-2]
        elif op == "string":
            stack.append(operand)
        else:
            stack.append(Nothing())

    # -- names ----------------------------------------------------------------------------------------------

    def load(self, frame: Frame, name: str, quoted: bool) -> None:
        home = frame.environment.find(name)
        if home is None:
            if name[:2] == ".." and name[2:].isdigit() and not quoted and frame.environment.find(REST):
                self.stack.append(self.element_of_rest(frame, int(name[2:])))
            elif name == REST:
                # A variable may have this name; it is printed without backticks.
                self.stack.append(self.free("...", quoted=True))
            else:
                within = frame.environment.lists() if name not in self.data else ()
                if within and (quoted or not (name == "pi" or name in CONSTANTS)):
                    name, quoted = self.element_named(within, name), True
                self.stack.append(self.free(name, quoted))
            return
        value = home.values[name]
        if isinstance(value, Promise):
            # The parameter is removed while its default is computed: a default may not use itself.
            del home.values[name]
            self.frames.append(Frame("promise", value.code, home, [], name=name, height=len(self.stack)))
            return
        self.stack.append(value)

    def element_named(self, lists: tuple[str, ...], name: str) -> str:
        """Return the variable that a name within with() means: an element of a list; of several lists, that by its own name."""
        full = [f"{each}${name}" for each in lists]
        for each, column in zip(lists, full, strict=True):
            if any(known.startswith(f"{each}$") for known in self.data):
                # A data frame: what is no column of it is a variable.
                self.frames_of_data.add(each)
                return column if column in self.data else name
        wanted = self.shapes.asked_for()
        found = full if len(full) == 1 else [each for each in full if each in wanted]
        if found:
            return found[0]
        self.lists.update(dict.fromkeys(lists))
        self.notices[f"the elements of {' and '.join(lists)} are variables by their own names"] = None
        return name

    def element_of_rest(self, frame: Frame, number: int) -> Value:
        """Return R's ..1, ..2: an argument among those that `...` stands for."""
        home = frame.environment.find(REST)
        found = home.values[REST] if home is not None else None
        if not isinstance(found, Dots) or not 1 <= number <= len(found.items):
            raise self.error(f"there is no argument '..{number}'", "call the function with more arguments")
        return found.items[number - 1]

    # -- calls ----------------------------------------------------------------------------------------------

    def call(self, name: str, arguments: list[Value], names: tuple[str | None, ...]) -> None:
        """Call a function by name: one that the text defines, or one of the language."""
        if any(isinstance(a, Dots) for a in arguments):
            arguments, names = spliced(arguments, names)
        home = self.frames[-1].environment.find(name)
        if home is None and name in ("stop", "stopifnot", "switch"):
            if name == "switch":
                self.switch(arguments, names)
            else:
                self.guard(name, arguments, names)
            return
        if home is None and name in OF_CALLS and not self.zero_based:
            OF_CALLS[name](self, self.frames[-1], arguments, names)
            return
        if home is not None:
            value = home.values[name]
            if isinstance(value, Closure | Builtin):
                self.apply(value, arguments, names)
                return
            if (
                isinstance(value, Node)
                and value.op == "symbol"
                and (value.name in NAMES or value.name in library.functions())
            ):
                # compose(sin, exp): the name of a function of the language was passed as a value.
                library.call(self, value.name, arguments, names)
                return
            # R looks for functions only: t(F) is the transpose where t is an index.
            if name not in NAMES and (self.zero_based or name not in library.functions()):
                hint = f"write {name}*(...) for a product"
                raise self.error(f"'{name}' is not a function here", hint, Reason.UNKNOWN_FUNCTION)
        library.call(self, name, arguments, names)

    def apply(self, function: Value, arguments: list[Value], names: tuple[str | None, ...]) -> None:
        """Call a function value."""
        self.count_step()
        if any(isinstance(a, Dots) for a in arguments):
            arguments, names = spliced(arguments, names)
        if isinstance(function, Builtin):
            library.call(self, function.name, arguments, names)
            return
        if not isinstance(function, Closure):
            raise self.error("only a function can be called", "write * for a product", Reason.UNKNOWN_FUNCTION)
        if len(self.frames) > OPEN:
            hint = "let a condition end its calls of itself"
            raise self.error(f"more than {OPEN} calls and branches are open", hint, Reason.LIMIT_EXCEEDED)
        environment = Environment(function.home)
        matched = structural.matched(self, [p.name for p in function.parameters], arguments, names, "the function")
        environment.function, environment.given = function, len(arguments)
        environment.left_out = frozenset(p.name for p in function.parameters if p.name not in matched)
        for parameter in function.parameters:
            if parameter.name in matched:
                environment.values[parameter.name] = matched[parameter.name]
            elif parameter.default is not None:
                environment.values[parameter.name] = Promise(parameter.default)
        self.frames.append(Frame("call", function.body, environment, [], height=len(self.stack)))

    def guard(self, name: str, arguments: list[Value], names: tuple[str | None, ...]) -> None:
        """Read stop() and stopifnot(), and Python's raise and assert."""
        if name == "stop":
            said = [a for a, n in zip(arguments, names, strict=True) if isinstance(a, str) and n is None]
            self.leave("stop", " ".join(said))
            return
        for test, message in zip(arguments, names, strict=True):
            shown = message or self.text[self.instruction.start : self.instruction.end]
            self.stop_unless(conditions.every(self, test), shown)
        self.stack.append(Nothing())

    def switch(self, arguments: list[Value], names: tuple[str | None, ...]) -> None:
        """Read R's switch(): the case of a text, or of a number; a case without a value is the one that follows."""
        chooser, cases, labels = arguments[0] if arguments else None, arguments[1:], names[1:]
        at: int | None = None
        if isinstance(chooser, Vector) and len(chooser.items) == 1:
            chooser = chooser.items[0]
        if isinstance(chooser, str):
            at = labels.index(chooser) if chooser in labels else labels.index(None) if None in labels else None
        elif isinstance(chooser, Node) and chooser.index in self.constants:
            number = self.constants[chooser.index]
            at = int(number) - 1 if 1 <= number < len(cases) + 1 else None
        else:
            raise self.error("switch() chooses by a text or a number that is known", "write if (...) a else b")
        while at is not None and at < len(cases) and isinstance(cases[at], Missing):
            at += 1
        chosen = cases[at] if at is not None and at < len(cases) else Nothing()
        if isinstance(chosen, Closure):
            frame = self.frames[-1]
            self.frames.append(Frame("block", chosen.body, frame.environment, frame.pending, height=len(self.stack)))
        else:
            self.stack.append(chosen)

    def free_parameter(self, name: str) -> Value:
        if name == REST:
            return Dots((), ())
        if name in self.data:
            return self.column(name)
        if name not in self.names:
            self.names[name] = None
        return self.symbol(name)

    def evaluate(self, code: Instructions, environment: Environment) -> Value:
        """Run code inside a function of the library, such as a default, and return its value."""
        frames, instruction = self.frames, self.instruction
        if self.depth > self.limits.nested_calls:
            raise limit_exceeded("nested_calls", "functions call each other too deeply", self.limits.nested_calls)
        height = len(self.stack)
        self.frames = []
        self.depth += 1
        try:
            return self.run(code, environment)
        finally:
            # The caller may try another way after an error.
            del self.stack[height:]
            self.frames, self.instruction, self.depth = frames, instruction, self.depth - 1

    def call_now(self, function: Value, arguments: list[Value], names: tuple[str | None, ...] = ()) -> Value:
        """Call a function value and return its value."""
        home = Environment(values={"f": function, **{f"x{i}": a for i, a in enumerate(arguments)}})
        place = (self.instruction.start, self.instruction.end)
        loads = [Instruction("load", f"x{i}", *place) for i in range(len(arguments))]
        call = Instruction("apply", Arguments(names or (None,) * len(arguments)), *place)
        return self.evaluate(Instructions([Instruction("load", "f", *place), *loads, call]), home)

    def finish_frame(self, frame: Frame, value: Value) -> None:
        """Finish a frame that ran to its end."""
        if frame.kind == "branch":
            outer = self.finish_side(frame, value, "")
            if outer is not None:
                self.leave(*outer)
        elif frame.kind in ("loop", "while"):
            self.next_turn(frame, value)
        elif frame.kind == "call":
            self.finish_call(frame, value)
        else:
            self.frames.pop()
            if frame.kind == "promise":
                frame.environment.values[frame.name] = value
            self.stack.append(value)


def spliced(arguments: list[Value], names: tuple[str | None, ...]) -> tuple[list[Value], tuple[str | None, ...]]:
    """Return the arguments of a call with those that `...` stands for."""
    found: list[Value] = []
    called: list[str | None] = []
    for value, name in zip(arguments, names, strict=True):
        found += value.items if isinstance(value, Dots) else [value]
        called += value.names if isinstance(value, Dots) else [name]
    return found, tuple(called)
