"""Functions that were read before, kept by the content they were read from."""

import threading
from collections import OrderedDict
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from secant.v1 import expression_pb2

from secantd.errors import CalculusError, Reason
from secantd.language import read
from secantd.language.function import Function
from secantd.language.notation import Notation
from secantd.settings import Limits
from secantd.transport import requests

__all__ = ["Functions"]

Key = tuple[str, int, bytes]

# Nodes that the functions of one thread may hold together: 400 bytes each make 100 MB.
NODES = 250_000
# Doubles of a data column that take as much as a node.
DOUBLES = 50


class Functions:
    """Reads expressions; what was read stays at hand, for each thread its own.

    A function's graph grows as it is differentiated, and most methods do not guard it: so a function never leaves the
    thread that read it, unless it is `shared`.
    """

    def __init__(self, limits: Limits, entries: int = 512, nodes: int = NODES) -> None:
        self.limits = limits
        self._entries = entries
        self._nodes = nodes
        self._threads = threading.local()
        self._shared = Shelf(entries, nodes)
        self._lock = threading.Lock()

    def read(self, expression: expression_pb2.Expression, field: str = "expression") -> Function:
        """Return the function that `expression` says, the same object for the same content."""
        shelf = self._shelf()
        data = requests.columns(expression.data, f"{field}.data")
        key = (expression.text, expression.notation, digest(data))
        function = shelf.get(key)
        if function is None:
            function = self._read(expression, data, field)
            shelf.put(key, function)
        return function

    def shared(self, expression: expression_pb2.Expression, field: str = "expression") -> Function:
        """Return the same for all threads, to those that touch its graph under its lock only."""
        data = requests.columns(expression.data, f"{field}.data")
        key = (expression.text, expression.notation, digest(data))
        with self._lock:
            function = self._shared.get(key)
        if function is None:
            function = self._read(expression, data, field)
            with self._lock:
                self._shared.put(key, function)
        return function

    def fresh(self, expression: expression_pb2.Expression, field: str = "expression") -> Function:
        """Return a function of the caller's own, which may go from thread to thread."""
        return self._read(expression, requests.columns(expression.data, f"{field}.data"), field)

    def _read(
        self, expression: expression_pb2.Expression, data: dict[str, NDArray[np.float64]], field: str
    ) -> Function:
        text = expression.text
        notation = requests.choice(Notation, expression.notation, f"{field}.notation")
        if len(text) > self.limits.text_length:
            headline = f"the text has {len(text):,} code points"
            raise requests.over("text_length", headline, self.limits, f"{field}.text")
        if not text.strip():
            raise CalculusError(
                Reason.SYNTAX_ERROR, "the text is empty", "write a formula such as x^2", field=f"{field}.text"
            )
        requests.same_length_or_recycled(data, f"{field}.data")
        try:
            return read(text, notation, data, self.limits)
        except CalculusError as error:
            # The reader knows one field; which of the request's it read is known here.
            within = error.field.removeprefix("expression") or ".text"
            error.field = f"{field}{within}" if within.startswith(".") else error.field
            raise

    def _shelf(self) -> "Shelf":
        shelf: Shelf | None = getattr(self._threads, "shelf", None)
        if shelf is None:
            shelf = self._threads.shelf = Shelf(self._entries, self._nodes)
        return shelf


class Shelf:
    """The functions of one thread, or of all, the least recently used dropped first.

    >>> from secantd.language import read
    >>> shelf = Shelf(entries=1, nodes=1000)
    >>> shelf.put(("x", 0, b""), read("x", None, {}, Limits()))
    >>> shelf.put(("y", 0, b""), read("y", None, {}, Limits()))
    >>> shelf.get(("x", 0, b"")) is None
    True
    """

    def __init__(self, entries: int, nodes: int) -> None:
        self._entries = entries
        self._nodes = nodes
        self._held: OrderedDict[Key, Function] = OrderedDict()
        self._sizes: dict[Key, int] = {}
        self._total = 0
        self._latest: Key | None = None

    def get(self, key: Key) -> Function | None:
        """Return what is kept under `key`."""
        self._weigh()
        function = self._held.get(key)
        if function is not None:
            self._held.move_to_end(key)
            self._latest = key
        return function

    def put(self, key: Key, function: Function) -> None:
        """Keep `function`."""
        self._held[key] = function
        self._sizes.setdefault(key, 0)
        self._latest = key
        self._weigh()

    def _weigh(self) -> None:
        """Count the nodes of the function used last, and drop the oldest while there are too many."""
        key = self._latest
        if key is None or key not in self._held:
            return
        graph = self._held[key].graph
        size = len(graph.nodes) + sum(len(c) for c in graph.columns.values()) // DOUBLES
        self._total += size - self._sizes[key]
        self._sizes[key] = size
        while self._held and (self._total > self._nodes or len(self._held) > self._entries):
            oldest, _ = self._held.popitem(last=False)
            self._total -= self._sizes.pop(oldest)


def digest(data: dict[str, NDArray[np.float64]]) -> bytes:
    """Return 16 bytes that stand for the names and values of `data`; none for no data."""
    if not data:
        return b""
    state = blake2b(digest_size=16)
    for name, values in data.items():
        state.update(f"{len(name)} {len(values)} {name}".encode())
        state.update(values.tobytes())
    return state.digest()
