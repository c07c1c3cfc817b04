"""The grid: every field of every request at hard values, over the wire, beside a second caller.

    python tests/fuzz/run.py --grid [--count N] [--seed N] [--only RPC ...] [--keep FOLDER] [--address HOST:PORT]

The rpcs take turns. For each, right requests (bases.py) are changed in one field at a time (changes.py) in an order that
the seed chooses, and after that in two or three. The server is one of this checkout with its default settings, started
here, or the one at --address. A fault is a call that ends with INTERNAL, UNKNOWN, UNAVAILABLE or CANCELLED; slow is one
that takes longer than the server's limit of time, or is ended by it, though the server had the processor. A second caller
(ping.py) reports its stalls.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import grpc
from bases import BASES, bases
from changes import Change, changes
from google.protobuf.message import EncodeError, Message
from messages import framed
from ping import STALL, processor_time
from secantd.settings import Limits
from secantd.transport.messages.contract import SERVICE

__all__ = ["FAULTS", "Request", "call", "main", "requests", "serving", "warm"]

FAULTS = frozenset({"INTERNAL", "UNKNOWN", "UNAVAILABLE", "CANCELLED"})
# Seconds beyond the server's own limit until a call counts as slow, and until it is given up.
SLOW, GIVEN_UP = 2.0, 20.0
# Seconds that a server may take until its workers run.
COLD = 120.0
# Requests in a row that were made before, until an rpc has no further ones.
EXHAUSTED = 200


class Request(NamedTuple):
    """A call to make: its rpc, what was changed, and its messages as bytes."""

    rpc: str
    change: str
    messages: list[bytes]


# A change of one message of a base: numbers of the base and of the message, and the change.
Single = tuple[int, int, Change]


def requests(seed: object, only: Sequence[str] = ()) -> Iterator[Request]:
    """Yield requests that differ from each other, the rpcs in turn, without end unless all rpcs are exhausted."""
    streams = {name: one_rpc(name, random.Random(f"{seed} {name}")) for name in only or BASES}
    while streams:
        for name, stream in list(streams.items()):
            made = next(stream, None)
            if made is None:
                del streams[name]
            else:
                yield made


def one_rpc(name: str, chance: random.Random) -> Iterator[Request]:
    """Yield requests of one rpc until no new ones are found."""
    seen: set[int] = set()
    right = bases(name)
    single = in_turns(
        [
            (b, m, change)
            for b, base in enumerate(right)
            for m, message in enumerate(base)
            for change in changes(message)
        ],
        chance,
    )

    def several() -> Iterator[list[Single]]:
        yield from ([each] for each in single)
        while single:
            base = chance.choice(single)[0]
            fitting = [each for each in chance.choices(single, k=200) if each[0] == base]
            yield fitting[: chance.choice((2, 2, 3))]

    def new(messages: list[bytes], change: str) -> Iterator[Request]:
        content = hash(tuple(messages))
        if content not in seen:
            seen.add(content)
            yield Request(name, change, messages)

    for base in right:
        for change, messages in spoilt([m.SerializeToString() for m in base], chance):
            yield from new(messages, change)
    known = 0
    for chosen in several():
        before = len(seen)
        made = changed(right, chosen)
        if made is not None:
            yield from new(made, "; ".join(f"{c.where} {c.what}" for _, _, c in chosen))
        known = 0 if len(seen) > before else known + 1
        if known > EXHAUSTED:
            return


def in_turns(single: list[Single], chance: random.Random) -> list[Single]:
    """Return changes in an order in which each field has its turn, a field of many values more often: by the root."""
    chance.shuffle(single)
    sizes = Counter(change.where for _, _, change in single)
    ranks: Counter[str] = Counter()
    keyed = []
    for each in single:
        where = each[2].where
        ranks[where] += 1
        keyed.append((ranks[where] / sizes[where] ** 0.5, len(keyed), each))
    return [each for _, _, each in sorted(keyed, key=lambda k: k[:2])]


def changed(right: list[list[Message]], chosen: list[Single]) -> list[bytes] | None:
    """Return a base with changes, or None where protobuf cannot hold or write what they make."""
    if not chosen:
        return None
    made = [type(m).FromString(m.SerializeToString()) for m in right[chosen[0][0]]]
    try:
        for _, m, change in chosen:
            change.make(made[m])
        return [m.SerializeToString() for m in made]
    except (ValueError, TypeError, EncodeError):
        return None


def spoilt(messages: list[bytes], chance: random.Random) -> Iterator[tuple[str, list[bytes]]]:
    """Yield a right request, and others whose bytes are no right message, or not what is expected."""
    yield "nothing", messages
    yield "an unknown field", [messages[0] + b"\xfa\x7f\x03abc", *messages[1:]]
    yield "the last byte left out", [*messages[:-1], messages[-1][:-1]]
    yield "its bytes twice", [m * 2 for m in messages]
    yield "no bytes", [b"" for _ in messages]
    for _ in range(5):
        broken = bytearray(messages[0])
        for _ in range(chance.randrange(1, 4)):
            place = chance.randrange(len(broken) + 1)
            broken[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
        yield "bytes at random", [bytes(broken), *messages[1:]]
    if len(messages) > 1:
        yield "no message", []
        yield "the first message only", messages[:1]
        yield "without the first message", messages[1:]
        yield "the first message twice", [messages[0], *messages]
        yield "an empty message at the end", [*messages, b""]


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """Start the server of this checkout; give its address and the id of its process."""
    command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            found = re.search(r"listening on (\S+)", line)
            if found is None:
                raise SystemExit(f"the server did not start: {line}")
            yield found[1], process.pid
        finally:
            process.terminate()
            process.stdout.close()


def call(channel: grpc.Channel, request: Request, seconds: float) -> tuple[str, str, int]:
    """Make a call and read its answer to the end; return its code, its message, and the bytes of the answer."""
    path, kind = f"/{SERVICE.full_name}/{request.rpc}", SERVICE.methods_by_name[request.rpc]
    try:
        if kind.client_streaming:
            replies = channel.stream_stream(path)(iter(request.messages), timeout=seconds)
        elif kind.server_streaming:
            replies = channel.unary_stream(path)(request.messages[0], timeout=seconds)
        else:
            replies = [channel.unary_unary(path)(request.messages[0], timeout=seconds)]
        return "OK", "", sum(len(reply) for reply in replies)
    except grpc.RpcError as error:
        return error.code().name, error.details() or "", 0


def warm(channel: grpc.Channel) -> None:
    """Wait until the workers of a server run."""
    check = Request("Check", "nothing", [bases("Check")[0][0].SerializeToString()])
    until = time.monotonic() + COLD
    while True:
        code, message, _ = call(channel, check, COLD)
        if code == "OK":
            return
        if time.monotonic() > until:
            raise TimeoutError(f"the server does not answer: {code}: {message}")
        time.sleep(0.5)


@dataclass
class Tally:
    """What came of the calls of one rpc."""

    ends: Counter[str] = field(default_factory=Counter)
    slow: int = 0
    stalls: int = 0
    seconds: float = 0.0
    longest: float = 0.0

    def __str__(self) -> str:
        ends = ", ".join(f"{n} {code}" for code, n in self.ends.most_common())
        return (
            f"{sum(self.ends.values()):6,} calls, {self.seconds:6.1f} s, longest {self.longest:5.2f} s, "
            f"{self.slow} slow, {self.stalls} stalls: {ends}"
        )


class Grid:
    """One run: makes the calls, keeps the count, writes down what is found."""

    def __init__(self, channel: grpc.Channel, pid: int | None, keep: Path | None) -> None:
        self.channel, self.pid, self.keep = channel, pid, keep
        self.tallies = {name: Tally() for name in BASES}
        self.faults = 0
        # The latest calls, for those that a stall is blamed on: start, end, request.
        self.calls: list[tuple[float, float, Request]] = []

    def run(self, request: Request) -> None:
        """Make one call."""
        limit = Limits().seconds
        before, began = processor_time(self.pid, children=True), time.monotonic()
        code, message, _ = call(self.channel, request, limit + GIVEN_UP)
        done, after = time.monotonic(), processor_time(self.pid, children=True)
        tally = self.tallies[request.rpc]
        tally.ends[code] += 1
        tally.seconds += done - began
        tally.longest = max(tally.longest, done - began)
        self.calls.append((began, done, request))
        slow = done - began > limit + SLOW or code == "DEADLINE_EXCEEDED" or "(limit seconds:" in message
        if before is not None and after is not None and after - before < limit / 3:
            # Others had the processor; the second caller's calls count here as well.
            slow = False
        tally.slow += slow
        self.faults += code in FAULTS
        if code in FAULTS or slow:
            self.report("fault" if code in FAULTS else "slow", request, f"{code} after {done - began:.2f} s: {message}")

    def blame(self, stalls: Sequence[Sequence[Any]]) -> int:
        """Report each stall of the second caller that the server computed through; return how many."""
        blamed = 0
        for began, done, computed, end in stalls:
            # Another process had the processor: the stall is the machine's.
            if end == "OK" and computed is not None and computed < STALL / 2:
                continue
            blamed += 1
            for start, finish, request in self.calls:
                if start < done and finish > began:
                    self.tallies[request.rpc].stalls += 1
                    self.report(
                        "stall", request, f"{1e3 * (done - began):.0f} ms, {end}, the server computed {computed} s"
                    )
        return blamed

    def report(self, what: str, request: Request, text: str) -> None:
        """Print a finding, and keep its bytes as the corpus keeps them."""
        print(f"{what}: {request.rpc}: {request.change}: {text}".replace("\n", " | "), flush=True)
        if self.keep:
            self.keep.mkdir(parents=True, exist_ok=True)
            raw = framed(request.messages) if request.rpc == "EvaluateStream" else request.messages[0]
            name = re.sub(r"[^\w.]+", "-", f"{what} {request.change}")[:80]
            (self.keep / f"{request.rpc}-{name}").write_bytes(raw)


def memory(pid: int | None) -> str:
    """Return the resident memory of a process and of its children, in MB."""
    if pid is None:
        return "unknown"
    listed = subprocess.run(["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()[1:]]
    family = {pid}
    for _ in range(3):
        family |= {p for p, parent, _ in rows if parent in family}
    own = sum(size for p, _, size in rows if p == pid) // 1024
    return f"{own} MB, {sum(size for p, _, size in rows if p in family) // 1024} MB with its workers"


def main(arguments: list[str]) -> int:
    """Return 1 where a call ended with a fault, or the second caller waited for the server."""
    parser = argparse.ArgumentParser(prog="run.py --grid", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000, help="Requests to make. Default: %(default)s")
    parser.add_argument("--seed", default="0", help="Chooses the order of the requests. Default: %(default)s")
    parser.add_argument("--only", nargs="+", choices=sorted(BASES), default=[], metavar="RPC", help="These rpcs only")
    parser.add_argument("--keep", type=Path, help="Folder for the bytes of what is found")
    parser.add_argument("--address", help="A server that runs already. Default: one of this checkout is started")
    given = parser.parse_args(arguments)
    if given.address:
        return attack(given, given.address, None)
    with serving() as (address, pid):
        return attack(given, address, pid)


def attack(given: argparse.Namespace, address: str, pid: int | None) -> int:
    """Run the grid against a server."""
    before, began, count = memory(pid), time.monotonic(), 0
    command = [sys.executable, Path(__file__).with_name("ping.py"), address, *([str(pid)] if pid else [])]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as caller,
        grpc.insecure_channel(address, [("grpc.max_receive_message_length", -1)]) as channel,
    ):
        warm(channel)
        grid = Grid(channel, pid, given.keep)
        try:
            for count, request in enumerate(requests(given.seed, given.only), 1):
                grid.run(request)
                if count >= given.count:
                    break
        except KeyboardInterrupt:
            pass
        pings = json.loads(caller.communicate("")[0])
    blamed = grid.blame(pings["stalls"])
    print()
    for name, tally in grid.tallies.items():
        if tally.ends:
            print(f"{name:15}{tally}")
    print(f"seed {given.seed}: {count:,} requests in {time.monotonic() - began:.0f} s; {grid.faults} faults")
    print(
        f"second caller: {pings['calls']:,} calls, median {pings['median']:.1f} ms, worst {pings['worst']:.0f} ms; "
        f"{len(pings['stalls'])} longer than {1e3 * STALL:.0f} ms or failed, {blamed} of them while the server computed"
    )
    print(f"memory: {before} before, {memory(pid)} after")
    return 1 if grid.faults or blamed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
