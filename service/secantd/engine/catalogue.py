"""The server's catalogue of data sets: names that callers may use, for files that only the server knows."""

import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from secantd.answers.functions import FunctionCache
from secantd.engine.cluster import Cluster
from secantd.engine.passes import ClusterPasses, LocalPasses, Parts, Passes
from secantd.errors import CalculusError, Reason
from secantd.settings import Limits
from secantd.shown import listed, quoted
from secantd.tables import Table, open_table
from secantd.tables.parquet import paths_of

__all__ = ["Catalogue", "DataSet", "FunctionsAndData", "catalogue_of", "entries"]

# A name in a request, on a command line and in an error.
NAME = re.compile(r"[A-Za-z]\w*")
# A path, when it was changed, and its size.
Version = tuple[tuple[str, int, int], ...]


class DataSet(NamedTuple):
    """A data set as Describe lists it: `DataSet` of the contract."""

    name: str
    columns: tuple[str, ...]
    rows: int


def entries(settings: Sequence[str]) -> dict[str, str]:
    """Return the patterns of data sets by name.

    Args:
        settings: NAME=PATTERN for each.

    Raises:
        ValueError: An entry has no name, or two have the same.

    >>> entries(["rows=data/*.parquet"])
    {'rows': 'data/*.parquet'}
    >>> entries(["data/*.parquet"])
    Traceback (most recent call last):
    ValueError: a data set is NAME=PATH, such as rows=data/*.parquet; got 'data/*.parquet'
    """
    found: dict[str, str] = {}
    for entry in settings:
        name, _, pattern = entry.partition("=")
        if not NAME.fullmatch(name) or not pattern:
            raise ValueError(f"a data set is NAME=PATH, such as rows=data/*.parquet; got {entry!r}")
        if name in found:
            raise ValueError(f"there are two data sets {name!r}; give each a name of its own")
        found[name] = pattern
    return found


class Catalogue:
    """The data sets of a server, and what adds their rows.

    Args:
        data_sets: NAME=PATTERN for each.
        engine: "dask://HOST:PORT"; "": this process.
    """

    def __init__(self, data_sets: Sequence[str] = (), engine: str = "") -> None:
        self._patterns: Mapping[str, str] = entries(data_sets)
        self._address = engine
        self._tables: dict[str, tuple[Version, Table]] = {}
        self._lock = threading.Lock()
        self._cluster: Cluster | None = None

    @property
    def engine(self) -> str:
        """The kind of engine; "" for this process."""
        return self._address.partition("://")[0]

    def open(self) -> None:
        """Read the ends of all files.

        Raises:
            CalculusError: INVALID_VALUE: files are missing or damaged; MISSING_PART: PyArrow is not installed.
        """
        for name in self._patterns:
            self._table(name)

    def described(self) -> tuple[DataSet, ...]:
        """Return the data sets as they were when they were last read."""
        return tuple(DataSet(name, table.columns, table.rows) for name, (_, table) in self._tables.items())

    def table(self, name: str) -> Table:
        """Return a data set, which is read again if its files have changed.

        Raises:
            CalculusError: INVALID_VALUE: there is no such data set, or its files cannot be read.
        """
        if name not in self._patterns:
            known = f"known are {listed(list(self._patterns))}" if self._patterns else "this server has no data sets"
            headline = f"there is no data set {quoted(name)}"
            raise CalculusError(Reason.INVALID_VALUE, headline, known, field="expression.data_set")
        with self.hidden(name):
            return self._table(name)

    def _table(self, name: str) -> Table:
        """Return a data set of the catalogue."""
        pattern = self._patterns[name]
        version = version_of(pattern)
        with self._lock:
            held = self._tables.get(name)
        if held is not None and held[0] == version:
            return held[1]
        table = open_table(pattern)
        with self._lock:
            self._tables[name] = (version, table)
        return table

    @contextmanager
    def hidden(self, name: str) -> Iterator[None]:
        """Raise errors without the folder of a data set, which is no concern of callers."""
        try:
            yield
        except CalculusError as error:
            pattern = os.path.expanduser(self._patterns[name])
            folder = pattern if os.path.isdir(pattern) else os.path.dirname(pattern.partition("*")[0])
            if folder:
                error.headline = error.headline.replace(folder.rstrip(os.sep) + os.sep, "")
            error.headline = error.headline.replace(self._patterns[name], name)
            raise

    def cluster(self) -> Cluster | None:
        """Return the cluster, connected; None if this process adds the rows.

        Raises:
            CalculusError: MISSING_PART: no scheduler answers, or versions differ.
        """
        if not self._address:
            return None
        with self._lock:
            cluster = self._cluster
        if cluster is not None and cluster.running:
            cluster.check()
            return cluster
        made = Cluster(address=self._address)
        with self._lock:
            # Two calls may have connected at once; the later connection is kept.
            old, self._cluster = self._cluster, made
        if old is not None and old is not cluster:
            old.close()
        return made

    def passes(self, table: Table) -> Passes:
        """Return what adds the rows of a table."""
        cluster = self.cluster()
        return LocalPasses(table.parts) if cluster is None else ClusterPasses(cluster, Parts(table.parts))

    def close(self) -> None:
        """Leave the cluster."""
        if self._cluster is not None:
            self._cluster.close()


def version_of(pattern: str) -> Version:
    """Return what changes when files change."""
    found = []
    for path in paths_of(pattern):
        try:
            state = os.stat(path)
        except OSError:
            continue
        found.append((path, state.st_mtime_ns, state.st_size))
    return tuple(found)


class FunctionsAndData(FunctionCache):
    """The functions that a server has parsed, and its data sets.

    Args:
        limits: As for `FunctionCache`.
        entries: As for `FunctionCache`.
        catalogue: The data sets.
    """

    def __init__(self, limits: Limits, entries: int, catalogue: Catalogue) -> None:
        super().__init__(limits, entries)
        self.catalogue = catalogue


NONE = Catalogue()


def catalogue_of(functions: FunctionCache) -> Catalogue:
    """Return the data sets of a server; a worker process has none."""
    return functions.catalogue if isinstance(functions, FunctionsAndData) else NONE
