"""The interpreter: a stack machine that runs the instructions of a text with expressions as values.

It has its own stack of frames, so calls, loops and branches of a text need no recursion here. A condition that
depends on a variable runs both branches and joins their values and assignments by `ifelse`.
"""

from secantd.errors import Reason, limit_exceeded
from secantd.expression import Node
from secantd.functions import NAMES
from secantd.interrupt import EVERY, checkpoint
from secantd.language import assignment, indexing, library, loops, rowconditions, structural
from secantd.language.callstack import BranchResult, Frame
from secantd.language.context import Context
from secantd.language.instructions import Arguments, Instruction, Instructions
from secantd.language.values import (
    Builtin,
    Closure,
    Environment,
    Filled,
    Missing,
    Nothing,
    Promise,
    Slice,
    Value,
    Vector,
)

__all__ = ["Machine"]


class Machine(Context):
    """The interpreter of one text."""

    def count_step(self) -> None:
        self.steps += 1
        if self.steps > self.limits.loop_steps:
            raise limit_exceeded("loop_steps", "loops and calls take too many steps", self.limits.loop_steps)

    # -- running --------------------------------------------------------------------------------------------

    def run(self, code: Instructions, environment: Environment) -> Value:
        """Return the value of `code`."""
        self.frames.append(Frame("call", code, environment, []))
        turn = 0
        while self.frames:
            turn += 1
            if not turn % EVERY:
                checkpoint()
            frame = self.frames[-1]
            if frame.at == len(frame.code.instructions):
                self.finish_frame(frame, self.stack.pop())
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
            self.return_value(stack.pop())
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
        elif op == "string":
            stack.append(operand)
        else:
            stack.append(Nothing())

    # -- names ----------------------------------------------------------------------------------------------

    def load(self, frame: Frame, name: str, quoted: bool) -> None:
        home = frame.environment.find(name)
        if home is None:
            self.stack.append(self.free(name, quoted))
            return
        value = home.values[name]
        if isinstance(value, Promise):
            # The parameter is removed while its default is computed: a default may not use itself.
            del home.values[name]
            self.frames.append(Frame("promise", value.code, home, [], name=name))
            return
        self.stack.append(value)

    # -- calls ----------------------------------------------------------------------------------------------

    def call(self, name: str, arguments: list[Value], names: tuple[str | None, ...]) -> None:
        """Call a function by name: one that the text defines, or one of the language."""
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
                # compose(sin, exp): the name of a function of the language was passed as a value.
                library.call(self, value.name, arguments, names)
                return
            # R looks for functions only: t(F) is the transpose where t is an index.
            if name not in NAMES and (self.zero_based or name not in library.LIBRARY):
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

    def call_now(self, function: Value, arguments: list[Value]) -> Value:
        """Call a function value and return its value."""
        home = Environment(values={"f": function, **{f"x{i}": a for i, a in enumerate(arguments)}})
        place = (self.instruction.start, self.instruction.end)
        loads = [Instruction("load", f"x{i}", *place) for i in range(len(arguments))]
        call = Instruction("apply", Arguments((None,) * len(arguments)), *place)
        return self.evaluate(Instructions([Instruction("load", "f", *place), *loads, call]), home)

    # -- branches, loops and returns ----------------------------------------------------------------------------

    def decide(self, condition: Node) -> None:
        """Record that the variables in the condition of an `if` are numbers."""
        stack = [condition]
        while stack:
            node = stack.pop()
            # A condition may hold earlier ones, as deep as the text is long.
            if node.index not in self.decided:
                self.decided.add(node.index)
                stack.extend(node.args)
                if node.op == "symbol" and not node.shape:
                    self.shapes.settle([node.name])

    def branch(self, frame: Frame, yes: Instructions, no: Instructions | None) -> None:
        condition = self.stack.pop()
        if not isinstance(condition, Node) or condition.shape not in ((), (1,)):
            hint = (
                "write ifelse(condition, a, b) to choose element by element"
                if isinstance(condition, Node | Vector)
                else ""
            )
            raise self.error("the condition of 'if' must be a single number or comparison", hint)
        self.decide(condition)
        known: float | None = self.constants.get(condition.index)
        if known is None:
            known = rowconditions.decided(self, condition)
        # Where a condition is NaN, neither side is chosen: ifelse gives NaN.
        if known is not None and known == known:
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

    def loop(self, frame: Frame, name: str, code: Instructions) -> None:
        over = self.stack.pop()
        if loops.read_over_rows(self, frame.environment, name, over, code):
            self.stack.append(Nothing())
            return
        items = structural.items(self, over, "the bounds of a loop")
        self.frames.append(
            Frame(
                "loop", code, frame.environment, frame.pending, at=len(code.instructions), name=name, items=items[::-1]
            )
        )
        self.stack.append(Nothing())

    def finish_frame(self, frame: Frame, value: Value) -> None:
        """Finish a frame that ran to its end."""
        if frame.kind == "branch":
            self.finish_side(frame, value, returned=False)
        elif frame.kind == "loop":
            if not frame.items:
                self.frames.pop()
                self.stack.append(Nothing())
                return
            self.count_step()
            frame.environment.values[frame.name] = frame.items.pop()
            self.assigned.add(frame.name)
            frame.at = 0
        else:
            self.frames.pop()
            if frame.kind == "promise":
                frame.environment.values[frame.name] = value
            elif frame.kind == "call":
                value = self.apply_returns(frame.pending, value)
            self.stack.append(value)

    def return_value(self, value: Value) -> None:
        """Return a value from the running function, or end the side of the branch that returns it."""
        while True:
            frame = self.frames[-1]
            if frame.kind == "branch":
                self.finish_side(frame, value, returned=True)
                return
            if frame.kind == "call":
                self.finish_frame(frame, value)
                return
            self.frames.pop()

    def finish_side(self, frame: Frame, value: Value, *, returned: bool) -> None:
        """Finish one side of a branch; after the second, join the results of both."""
        environment = frame.environment
        outcome = BranchResult(value, returned, frame.pending, environment.values)
        if frame.first is None:
            assert frame.before is not None
            environment.values = dict(frame.before)
            if frame.otherwise is not None:
                frame.first, frame.code, frame.at, frame.pending = outcome, frame.otherwise, 0, []
                return
            first, second = outcome, BranchResult(Nothing(), False, [], environment.values)
        else:
            first, second = frame.first, outcome
        self.frames.pop()
        self.join(frame, first, second)

    def join(self, frame: Frame, yes: BranchResult, no: BranchResult) -> None:
        condition = frame.condition
        assert condition is not None
        negated = self.graph.make("!", condition)
        parent = self.frames[-1]
        make = self.graph.make
        parent.pending += [(make("&", condition, c), v) for c, v in yes.pending]
        parent.pending += [(make("&", negated, c), v) for c, v in no.pending]
        if yes.returned and no.returned:
            self.return_value(self.select(condition, yes.value, no.value))
        elif yes.returned:
            parent.pending.append((condition, yes.value))
            frame.environment.values = no.values
            self.stack.append(no.value)
        elif no.returned:
            parent.pending.append((negated, no.value))
            frame.environment.values = yes.values
            self.stack.append(yes.value)
        else:
            frame.environment.values = {
                name: self.select_binding(condition, yes.values.get(name), no.values.get(name))
                for name in dict.fromkeys((*yes.values, *no.values))
            }
            self.stack.append(self.select(condition, yes.value, no.value))

    def select_binding(
        self, condition: Node, yes: Value | Promise | None, no: Value | Promise | None
    ) -> Value | Promise:
        if yes is no or no is None or yes is None:
            if yes is None or no is None:
                known = no if yes is None else yes
                assert known is not None
                if isinstance(known, Node):
                    nothing = self.number(float("nan"))
                    return self.select(condition, known if no is None else nothing, nothing if no is None else known)
                return known
            return yes
        if isinstance(yes, Promise) or isinstance(no, Promise):
            return no if isinstance(yes, Promise) else yes
        return self.select(condition, yes, no)

    def select(self, condition: Node, yes: Value, no: Value) -> Value:
        """Return ifelse(condition, yes, no)."""
        if yes is no:
            return yes
        filled = self.rows.either(yes, no) if self.rows is not None else None
        if filled is not None:
            vector, *sides = filled
            chosen = structural.apply_rows(self, "ifelse", [condition, *sides])
            assert isinstance(chosen, Node)
            return Filled(vector.name, chosen, vector.offset)
        if isinstance(yes, Nothing) and isinstance(no, Nothing):
            return yes
        missing = self.number(float("nan"))
        yes = missing if isinstance(yes, Nothing) else yes
        no = missing if isinstance(no, Nothing) else no
        return structural.apply_rows(self, "ifelse", [condition, yes, no])

    def apply_returns(self, pending: list[tuple[Node, Value]], value: Value) -> Value:
        """Return the value of a call with conditional returns: the first whose condition holds, else `value`."""
        for condition, returned in reversed(pending):
            value = self.select(condition, returned, value)
        return value
