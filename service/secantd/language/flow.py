"""Branches, loops and early exits of the interpreter.

A condition that depends on a variable runs both branches and joins their values and assignments by `ifelse`. Code that ends
early under such a condition (return, next, break, stop) goes on for the other case; the exit is kept with its condition and
the variables at that place, and joined where the function, the turn or the loop ends.
"""

from typing import Final

from secantd.expression import Node
from secantd.language import loops, rowconditions, structural
from secantd.language.callstack import BranchResult, Exit, Frame
from secantd.language.context import Context
from secantd.language.instructions import Instructions
from secantd.language.values import Filled, Nothing, Promise, Value, Vector

__all__ = ["Flow"]

# Turns of a while loop whose condition depends on variables: enough for 50 bisections, and for any quadratic convergence.
TURNS: Final = 100
STOPPED: Final = "where stop() would be reached, the value is NaN"


class Flow(Context):
    """The part of the interpreter that decides which code runs next."""

    def count_step(self) -> None:
        """Count one step of a loop or call; LIMIT_EXCEEDED where there are too many."""
        raise AssertionError("Machine overrides it")

    # -- branches ------------------------------------------------------------------------------------------------------

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

    def tested(self, condition: Value, what: str) -> Node:
        """Return a value as the condition of an `if` or a `while`."""
        if isinstance(condition, Vector) and len(condition.items) == 1:
            condition = condition.items[0]
        if not isinstance(condition, Node) or condition.shape not in ((), (1,)):
            hint = (
                "write ifelse(condition, a, b) to choose element by element"
                if isinstance(condition, Node | Vector)
                else ""
            )
            raise self.error(f"the condition of '{what}' must be a single number or comparison", hint)
        self.decide(condition)
        return condition

    def known_truth(self, condition: Node) -> bool | None:
        """Return whether a condition holds, None where it depends on variables or is NaN."""
        known: float | None = self.constants.get(condition.index)
        if known is None:
            known = rowconditions.decided(self, condition)
        # Where a condition is NaN, neither side is chosen: ifelse gives NaN.
        return None if known is None or known != known else bool(known)

    def branch(self, frame: Frame, yes: Instructions, no: Instructions | None) -> None:
        condition = self.tested(self.stack.pop(), "if")
        known = self.known_truth(condition)
        if known is not None:
            code = yes if known else no
            if code is None:
                self.stack.append(Nothing())
            else:
                self.frames.append(Frame("block", code, frame.environment, frame.pending, height=len(self.stack)))
            return
        before = frame.environment.values
        frame.environment.values = dict(before)
        side = Frame("branch", yes, frame.environment, [], condition=condition, before=before, height=len(self.stack))
        side.otherwise = no
        self.frames.append(side)

    def finish_side(self, frame: Frame, value: Value, ended: str) -> tuple[str, Value] | None:
        """Finish one side of a branch; after the second, join the results of both.

        Returns:
            How the code around it ends, where both sides end it, and its value; None where that goes on.
        """
        environment = frame.environment
        outcome = BranchResult(value, ended, frame.pending, environment.values)
        if frame.first is None:
            assert frame.before is not None
            environment.values = dict(frame.before)
            if frame.otherwise is not None:
                frame.first, frame.code, frame.at, frame.pending = outcome, frame.otherwise, 0, []
                return None
            first, second = outcome, BranchResult(Nothing(), "", [], environment.values)
        else:
            first, second = frame.first, outcome
        self.frames.pop()
        return self.join(frame, first, second)

    def join(self, frame: Frame, yes: BranchResult, no: BranchResult) -> tuple[str, Value] | None:
        condition = frame.condition
        assert condition is not None
        negated = self.graph.make("!", condition)
        parent = self.frames[-1]
        environment = frame.environment
        for side, holds in ((yes, condition), (no, negated)):
            for e in side.pending:
                parent.pending.append(Exit(self.graph.make("&", holds, e.condition), e.kind, e.value, e.values))
        if yes.ended and yes.ended == no.ended:
            environment.values = self.joined(condition, yes.values, no.values)
            returns = yes.ended == "return"
            return yes.ended, self.select(condition, yes.value, no.value) if returns else yes.value
        if yes.ended or no.ended:
            early, other, holds = (yes, no, condition) if yes.ended else (no, yes, negated)
            parent.pending.append(Exit(holds, early.ended, early.value, early.values))
            environment.values = other.values
            if other.ended:
                return other.ended, other.value
            self.stack.append(other.value)
            return None
        environment.values = self.joined(condition, yes.values, no.values)
        self.stack.append(self.select(condition, yes.value, no.value))
        return None

    def joined(
        self, condition: Node, yes: dict[str, Value | Promise], no: dict[str, Value | Promise]
    ) -> dict[str, Value | Promise]:
        """Return the variables after a branch: those of one side where the condition holds, else those of the other."""
        if yes is no:
            return yes
        return {
            name: self.select_binding(condition, yes.get(name), no.get(name)) for name in dict.fromkeys((*yes, *no))
        }

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
        if yes is no or (isinstance(yes, str) and yes == no):
            return yes
        filled = self.rows.either(yes, no) if self.rows is not None else None
        if filled is not None:
            vector, *sides = filled
            self.note_choice(condition, branch=True)
            chosen = structural.apply_rows(self, "ifelse", [condition, *sides])
            assert isinstance(chosen, Node)
            return Filled(vector.name, chosen, vector.offset)
        if isinstance(yes, Nothing) and isinstance(no, Nothing):
            return yes
        self.note_choice(condition, branch=True)
        missing = self.number(float("nan"))
        yes = missing if isinstance(yes, Nothing) else yes
        no = missing if isinstance(no, Nothing) else no
        return structural.apply_rows(self, "ifelse", [condition, yes, no])

    # -- loops ---------------------------------------------------------------------------------------------------------

    def loop(self, frame: Frame, name: str, code: Instructions) -> None:
        over = self.stack.pop()
        if loops.read_over_rows(self, frame.environment, name, over, code):
            self.stack.append(Nothing())
            return
        items = structural.items(self, over, "the bounds of a loop")
        last, height = len(code.instructions), len(self.stack)
        found = Frame("loop", code, frame.environment, frame.pending, at=last, name=name, height=height)
        found.items = items[::-1]
        self.frames.append(found)
        self.stack.append(Nothing())

    def loop_while(self, frame: Frame, head: Instructions, body: Instructions) -> None:
        found = Frame(
            "while", head, frame.environment, frame.pending, before=frame.environment.values, height=len(self.stack)
        )
        found.head, found.body = head, body
        self.frames.append(found)

    def next_turn(self, frame: Frame, value: Value) -> None:
        """Go on with a loop after a turn, or after the condition of a while loop, whose value is given."""
        if frame.kind == "while" and frame.code is frame.head:
            self.begin_turn(frame, value)
            return
        self.settle(frame, frame.since, ("next",))
        if frame.kind == "while":
            assert frame.head is not None
            frame.code, frame.at, frame.since = frame.head, 0, len(frame.pending)
            return
        if not frame.items:
            self.end_loop(frame)
            return
        self.count_step()
        # A new value for all names: exits keep the one of their turn.
        frame.environment.values = {**frame.environment.values, frame.name: frame.items.pop()}
        self.assigned.add(frame.name)
        frame.at, frame.since = 0, len(frame.pending)

    def begin_turn(self, frame: Frame, value: Value) -> None:
        """Begin a turn of a while loop if its condition holds; a condition that is not known is a conditional break."""
        condition = self.tested(value, "while")
        known = self.known_truth(condition)
        if known is False:
            self.end_loop(frame)
            return
        self.count_step()
        assert frame.body is not None
        assert frame.before is not None
        values = frame.environment.values
        if known is None or any(e.kind == "break" for e in frame.pending[frame.start :]):
            ends = self.graph.make("!", condition)
            frame.turns += 1
            # A turn that is joined with its alternative is more work than one that is not.
            self.steps += 9
            if known is None:
                frame.pending.append(Exit(ends, "break", Nothing(), values))
            if frame.turns > TURNS:
                headline = f"'while' is unrolled {TURNS} times; where its condition still holds then, the value is NaN"
                self.notices[headline] = None
                nothing = self.number(float("nan"))
                before = frame.before
                frame.environment.values = {
                    name: nothing if isinstance(v, Node) and before.get(name) is not v else v
                    for name, v in values.items()
                }
                self.end_loop(frame)
                return
            frame.environment.values = dict(values)
        frame.code, frame.at, frame.since = frame.body, 0, len(frame.pending)

    def end_loop(self, frame: Frame) -> None:
        del self.stack[frame.height :]
        self.settle(frame, frame.start, ("next", "break"))
        self.frames.pop()
        self.stack.append(Nothing())

    def settle(self, frame: Frame, since: int, kinds: tuple[str, ...]) -> None:
        """Join the variables where exits of these kinds ended a turn or a loop with those at its end.

        Args:
            frame: The loop.
            since: How many of its exits are older.
            kinds: "next" at the end of a turn; also "break" at the end of the loop.
        """
        exits = frame.pending[since:]
        if not exits:
            return
        del frame.pending[since:]
        settled: list[Exit] = []
        for e in exits:
            if e.kind in kinds:
                settled.append(e)
            else:
                # It is reached only where none of those before it ended the turn.
                reached = self.without(e.condition, settled)
                frame.pending.append(Exit(reached, e.kind, e.value, e.values))
        values = frame.environment.values
        for e in reversed(settled):
            values = self.joined(e.condition, e.values, values)
        frame.environment.values = values

    def without(self, condition: Node | None, exits: list[Exit]) -> Node:
        """Return a condition, and that none of the exits is taken."""
        for e in exits:
            stays = self.graph.make("!", e.condition)
            condition = stays if condition is None else self.graph.make("&", condition, stays)
        assert condition is not None
        return condition

    # -- exits ---------------------------------------------------------------------------------------------------------

    def leave(self, kind: str, value: Value) -> None:
        """End a turn (next), a loop (break) or the running function (return, stop), or the side of a branch that does."""
        while self.frames:
            frame = self.frames[-1]
            del self.stack[frame.height :]
            if frame.kind == "branch":
                outer = self.finish_side(frame, value, kind)
                if outer is None:
                    return
                kind, value = outer
                continue
            if frame.kind in ("loop", "while"):
                turn = [e for e in frame.pending[frame.since :] if e.kind == "next"]
                ends = [e for e in frame.pending[frame.start :] if e.kind == "break"]
                if kind == "next":
                    self.end_turn(frame)
                    return
                passed = turn if kind == "break" else [*ends, *turn]
                if passed:
                    # The exit is not taken where an earlier one was.
                    values = frame.environment.values
                    frame.pending.append(Exit(self.without(None, passed), kind, value, values))
                    frame.environment.values = dict(values)
                    if turn:
                        self.end_turn(frame)
                    else:
                        self.end_loop(frame)
                    return
                if kind == "break":
                    self.end_loop(frame)
                    return
            elif frame.kind == "call" and kind == "return":
                self.finish_call(frame, value)
                return
            elif frame.kind == "call" and kind != "stop":
                raise self.error(f"'{kind}' is not within a loop", "remove it")
            elif frame.kind == "call" and frame.pending:
                # stop() is not reached where the function returned before.
                earlier = frame.pending
                self.notices[STOPPED] = None
                self.frames.pop()
                self.pass_on(earlier, Exit(self.without(None, earlier), "stop", value, {}))
                self.stack.append(self.returned(earlier, self.number(float("nan"))))
                return
            self.frames.pop()
        raise self.error(f"stop() is reached: {value}" if isinstance(value, str) and value else "stop() is reached")

    def end_turn(self, frame: Frame) -> None:
        frame.at = len(frame.code.instructions)
        self.stack.append(Nothing())
        if frame.kind == "while":
            assert frame.body is not None
            frame.code, frame.at = frame.body, len(frame.body.instructions)

    def stop_unless(self, condition: Value, message: str) -> None:
        """Record that the text stops with an error where a condition does not hold."""
        test = self.tested(condition, "stopifnot()")
        known = self.known_truth(test)
        if known is None:
            frame = self.frames[-1]
            self.notices[STOPPED] = None
            ends = self.graph.make("!", test)
            frame.pending.append(Exit(ends, "stop", message, frame.environment.values))
        elif not known:
            raise self.error(f"stop() is reached: {message}")

    def finish_call(self, frame: Frame, value: Value) -> None:
        """Finish a function with a value; where it ended before, it has that value."""
        self.frames.pop()
        exits = frame.pending
        if exits and any(e.kind == "stop" for e in exits):
            self.notices[STOPPED] = None
            self.pass_on(exits)
        self.stack.append(self.returned(exits, value) if exits else value)

    def pass_on(self, exits: list[Exit], *also: Exit) -> None:
        """Hand the places where a function stops with an error to its caller."""
        caller = next((f for f in reversed(self.frames) if f.kind != "promise"), None)
        if caller is None:
            return
        returns: list[Exit] = []
        for e in exits:
            if e.kind == "stop":
                values = caller.environment.values
                caller.pending.append(Exit(self.without(e.condition, returns), "stop", e.value, values))
            else:
                returns.append(e)
        caller.pending.extend(also)

    def returned(self, exits: list[Exit], value: Value) -> Value:
        """Return the value of a call with conditional exits: that of the first whose condition holds, else `value`."""
        for e in reversed(exits):
            if e.kind == "return":
                value = self.select(e.condition, e.value, value)
            elif e.kind != "stop":
                raise self.error(f"'{e.kind}' is not within a loop", "remove it")
            elif not self.frames:
                # A caller that stops as well has no value, whatever this one has.
                nothing = self.number(float("nan"))
                negated = e.condition.op == "!"
                value = (
                    self.select(e.condition.args[0], value, nothing)
                    if negated
                    else self.select(e.condition, nothing, value)
                )
        return value
