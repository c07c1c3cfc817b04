"""The interpreter: runs the instructions of a text on expressions and so gives the text one meaning.

A stack machine with frames of its own: calls, loops and branches of a text need no recursion here.
A condition that depends on a variable runs both branches and joins what they leave by `ifelse`.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from secantd.checkpoint import EVERY, checkpoint
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Graph, Node
from secantd.functions import CONSTANTS, NAMES
from secantd.language import library, structural
from secantd.language.code import Arguments, Code, Instruction
from secantd.language.frames import Frame, Outcome
from secantd.language.hints import name_hint
from secantd.language.values import Builtin, Closure, Environment, Nothing, Promise, Value, Vector
from secantd.settings import Limits

__all__ = ["Machine"]

# Calls from sapply and Reduce into the text use the stack of Python.
NESTED_CALLS = 50


class Machine:
    """One text being given its meaning."""

    def __init__(
        self,
        text: str,
        graph: Graph,
        data: Mapping[str, NDArray[np.float64]],
        limits: Limits,
        *,
        zero_based: bool = False,
    ) -> None:
        self.text = text
        self.zero_based = zero_based
        self.graph = graph
        self.data = data
        self.limits = limits
        self.stack: list[Value] = []
        self.frames: list[Frame] = []
        self.instruction = Instruction("empty", None, 0, 0)
        self.names: dict[str, None] = {}
        self.notices: dict[str, None] = {}
        # The values of nodes that hold no variable: conditions, bounds of loops and indices ask for them.
        self.constants: dict[int, float] = {}
        self.steps = 0
        self.depth = 0

    # -- errors ---------------------------------------------------------------------------------------------

    def error(self, headline: str, hint: str = "", reason: Reason = Reason.SYNTAX_ERROR) -> CalculusError:
        span = (self.instruction.start, self.instruction.end)
        return CalculusError(reason, headline, hint, text=self.text, span=span, field="expression.text")

    def count_step(self) -> None:
        self.steps += 1
        if self.steps > self.limits.loop_steps:
            raise limit_exceeded("loop_steps", "loops and calls take too many steps", self.limits.loop_steps)

    # -- running --------------------------------------------------------------------------------------------

    def run(self, code: Code, environment: Environment) -> Value:
        """Return the value of `code`."""
        self.frames.append(Frame("call", code, environment, []))
        turn = 0
        while self.frames:
            turn += 1
            if not turn % EVERY:
                checkpoint()
            frame = self.frames[-1]
            if frame.at == len(frame.code.instructions):
                self.leave(frame, self.stack.pop())
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
        elif op == "load":
            self.load(frame, operand)
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
        elif op == "store_outer":
            outer = frame.environment.outer
            home = outer.find(operand) if outer is not None else None
            (home or frame.environment.outermost()).values[operand] = stack[-1]
        elif op == "function":
            parameters, body = operand
            stack.append(Closure(parameters, body, frame.environment))
        elif op == "if":
            self.branch(frame, *operand)
        elif op == "return":
            self.give_back(stack.pop())
        elif op == "for":
            self.loop(frame, *operand)
        elif op == "index":
            arguments = stack[-operand - 1 :]
            del stack[-operand - 1 :]
            stack.append(structural.index(self, arguments))
        elif op == "member":
            stack.append(structural.member(self, stack.pop(), operand))
        elif op == "store_index":
            structural.store_index(self, frame.environment, operand)
        elif op == "apply":
            count = len(operand.names)
            arguments = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            self.apply(stack.pop(), arguments, operand.names)
        elif op == "string":
            stack.append(operand)
        else:
            stack.append(Nothing())

    # -- names ----------------------------------------------------------------------------------------------

    def number(self, value: float) -> Node:
        node = self.graph.number(value)
        self.constants[node.index] = node.value
        return node

    def left_out(self, value: float) -> Node:
        node = self.graph.left_out(value)
        self.constants[node.index] = value
        return node

    def load(self, frame: Frame, name: str) -> None:
        home = frame.environment.find(name)
        if home is None:
            self.stack.append(self.free(name))
            return
        value = home.values[name]
        if isinstance(value, Promise):
            # Until its value is there, the parameter does not exist: a default may not use itself.
            del home.values[name]
            self.frames.append(Frame("promise", value.code, home, [], name=name))
            return
        self.stack.append(value)

    def free(self, name: str) -> Node:
        """Return the node of a name that the text does not define."""
        if name in self.data:
            return self.graph.data(name, self.data[name])
        if name in CONSTANTS:
            return self.number(CONSTANTS[name])
        if self.zero_based and name in ("inf", "nan"):
            return self.number(float(name))
        hint = name_hint(name)
        if hint:
            raise self.error(f"'{name}' is no number", hint, Reason.UNKNOWN_VARIABLE)
        if name in ("pi", "math.pi", "np.pi"):
            return self.graph.make("pi")
        if name not in self.names:
            self.names[name] = None
            if len(self.names) > self.limits.variables:
                raise limit_exceeded("variables", "there are too many variables", self.limits.variables)
        return self.graph.symbol(name)

    # -- calls ----------------------------------------------------------------------------------------------

    def call(self, name: str, arguments: list[Value], names: tuple[str | None, ...]) -> None:
        """Call a function by its name: one of the text's own, or one of the language."""
        home = self.frames[-1].environment.find(name)
        if home is not None:
            value = home.values[name]
            if isinstance(value, Closure | Builtin):
                self.apply(value, arguments, names)
                return
            if (
                isinstance(value, Node)
                and value.op == "symbol"
                and (value.name in NAMES or value.name in library.LIBRARY)
            ):
                # compose(sin, exp): the name of a function of the language, handed over as a value.
                library.call(self, value.name, arguments, names)
                return
            if name not in NAMES:
                hint = f"write {name}*(...) for a product"
                raise self.error(f"'{name}' is not a function here", hint, Reason.UNKNOWN_FUNCTION)
        library.call(self, name, arguments, names)

    def apply(self, function: Value, arguments: list[Value], names: tuple[str | None, ...]) -> None:
        """Call a function value."""
        self.count_step()
        if isinstance(function, Builtin):
            library.call(self, function.name, arguments, names)
            return
        if not isinstance(function, Closure):
            raise self.error("only a function can be called", "write * for a product", Reason.UNKNOWN_FUNCTION)
        environment = Environment(function.home)
        matched = structural.match(self, [p.name for p in function.parameters], arguments, names, "the function")
        for parameter in function.parameters:
            if parameter.name in matched:
                environment.values[parameter.name] = matched[parameter.name]
            elif parameter.default is not None:
                environment.values[parameter.name] = Promise(parameter.default)
        self.frames.append(Frame("call", function.body, environment, []))

    def free_parameter(self, name: str) -> Value:
        if name in self.data:
            return self.graph.data(name, self.data[name])
        if name not in self.names:
            self.names[name] = None
        return self.graph.symbol(name)

    def evaluate(self, code: Code, environment: Environment) -> Value:
        """Return the value of code that a function of the library asks for: a default, or f of an element."""
        frames, instruction = self.frames, self.instruction
        if self.depth > NESTED_CALLS:
            raise limit_exceeded("nested_calls", "functions call each other too deep", NESTED_CALLS)
        self.frames = []
        self.depth += 1
        value = self.run(code, environment)
        self.frames, self.instruction, self.depth = frames, instruction, self.depth - 1
        return value

    def call_now(self, function: Value, arguments: list[Value]) -> Value:
        """Return the value of a function value at arguments."""
        home = Environment(values={"f": function, **{f"x{i}": a for i, a in enumerate(arguments)}})
        place = (self.instruction.start, self.instruction.end)
        loads = [Instruction("load", f"x{i}", *place) for i in range(len(arguments))]
        call = Instruction("apply", Arguments((None,) * len(arguments)), *place)
        return self.evaluate(Code([Instruction("load", "f", *place), *loads, call]), home)

    # -- branches, loops and returns ----------------------------------------------------------------------------

    def branch(self, frame: Frame, yes: Code, no: Code | None) -> None:
        condition = self.stack.pop()
        if not isinstance(condition, Node) or condition.rows > 1:
            hint = "write ifelse(condition, a, b) for rows" if isinstance(condition, Node | Vector) else ""
            raise self.error("the condition of 'if' must be one number or comparison", hint)
        known = self.constants.get(condition.index)
        if known is not None:
            code = yes if known else no
            if code is None:
                self.stack.append(Nothing())
            else:
                self.frames.append(Frame("block", code, frame.environment, frame.pending))
            return
        before = frame.environment.values
        frame.environment.values = dict(before)
        self.frames.append(
            Frame("branch", yes, frame.environment, [], condition=condition, otherwise=no, before=before)
        )

    def loop(self, frame: Frame, name: str, code: Code) -> None:
        items = structural.items(self, self.stack.pop(), "the bounds of a loop")
        self.frames.append(
            Frame(
                "loop", code, frame.environment, frame.pending, at=len(code.instructions), name=name, items=items[::-1]
            )
        )
        self.stack.append(Nothing())

    def leave(self, frame: Frame, value: Value) -> None:
        """Finish a frame that ran to its end."""
        if frame.kind == "branch":
            self.leave_side(frame, value, returned=False)
        elif frame.kind == "loop":
            if not frame.items:
                self.frames.pop()
                self.stack.append(Nothing())
                return
            self.count_step()
            frame.environment.values[frame.name] = frame.items.pop()
            frame.at = 0
        else:
            self.frames.pop()
            if frame.kind == "promise":
                frame.environment.values[frame.name] = value
            elif frame.kind == "call":
                value = self.settle(frame.pending, value)
            self.stack.append(value)

    def give_back(self, value: Value) -> None:
        """Return from the function that is running, or end the side of the branch that does."""
        while True:
            frame = self.frames[-1]
            if frame.kind == "branch":
                self.leave_side(frame, value, returned=True)
                return
            if frame.kind == "call":
                self.leave(frame, value)
                return
            self.frames.pop()

    def leave_side(self, frame: Frame, value: Value, *, returned: bool) -> None:
        """Finish one side of a branch; after the second, join what both left."""
        environment = frame.environment
        outcome = Outcome(value, returned, frame.pending, environment.values)
        if frame.first is None:
            assert frame.before is not None
            environment.values = dict(frame.before)
            if frame.otherwise is not None:
                frame.first, frame.code, frame.at, frame.pending = outcome, frame.otherwise, 0, []
                return
            first, second = outcome, Outcome(Nothing(), False, [], environment.values)
        else:
            first, second = frame.first, outcome
        self.frames.pop()
        self.join(frame, first, second)

    def join(self, frame: Frame, yes: Outcome, no: Outcome) -> None:
        condition = frame.condition
        assert condition is not None
        contrary = self.graph.make("!", condition)
        parent = self.frames[-1]
        make = self.graph.make
        parent.pending += [(make("&", condition, c), v) for c, v in yes.pending]
        parent.pending += [(make("&", contrary, c), v) for c, v in no.pending]
        if yes.returned and no.returned:
            self.give_back(self.either(condition, yes.value, no.value))
        elif yes.returned:
            parent.pending.append((condition, yes.value))
            frame.environment.values = no.values
            self.stack.append(no.value)
        elif no.returned:
            parent.pending.append((contrary, no.value))
            frame.environment.values = yes.values
            self.stack.append(yes.value)
        else:
            frame.environment.values = {
                name: self.either_of(condition, yes.values.get(name), no.values.get(name))
                for name in dict.fromkeys((*yes.values, *no.values))
            }
            self.stack.append(self.either(condition, yes.value, no.value))

    def either_of(self, condition: Node, yes: Value | Promise | None, no: Value | Promise | None) -> Value | Promise:
        if yes is no or no is None or yes is None:
            if yes is None or no is None:
                known = no if yes is None else yes
                assert known is not None
                if isinstance(known, Node):
                    nothing = self.number(float("nan"))
                    return self.either(condition, known if no is None else nothing, nothing if no is None else known)
                return known
            return yes
        if isinstance(yes, Promise) or isinstance(no, Promise):
            return no if isinstance(yes, Promise) else yes
        return self.either(condition, yes, no)

    def either(self, condition: Node, yes: Value, no: Value) -> Value:
        """Return ifelse(condition, yes, no)."""
        if yes is no:
            return yes
        if isinstance(yes, Nothing) and isinstance(no, Nothing):
            return yes
        missing = self.number(float("nan"))
        yes = missing if isinstance(yes, Nothing) else yes
        no = missing if isinstance(no, Nothing) else no
        return structural.apply_rows(self, "ifelse", [condition, yes, no])

    def settle(self, pending: list[tuple[Node, Value]], value: Value) -> Value:
        """Return the value of a call some of whose returns hang on conditions."""
        for condition, returned in reversed(pending):
            value = self.either(condition, returned, value)
        return value
