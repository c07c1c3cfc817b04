"""Passes over the rows of a table: in this process, or by the workers of a Dask cluster, where the data are."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from secantd.engine.cluster import Cluster
from secantd.engine.connection import same_version
from secantd.engine.waiting import Within
from secantd.errors import CalculusError, Reason
from secantd.interrupt import checkpoint
from secantd.rows import Reduction, RowFormula, Sum, reduce_in_order, sums
from secantd.tables import Part
from secantd.version import __version__

if TYPE_CHECKING:
    from distributed import Client, Future
    from numpy.typing import ArrayLike

__all__ = ["ClusterPasses", "Delayed", "Held", "LocalPasses", "Parts", "Passes", "Source", "empty", "read"]

# Sums that a worker combines at once. A power of two, so that the tree is the one of all sums in order.
GROUP = 16


class Passes(Protocol):
    """Adds a formula over rows.

    Attributes:
        count: The number of partitions.
    """

    count: int

    def total(
        self, formula: RowFormula, at: Mapping[str, float], chosen: Sequence[int] | None = None, *, skip: bool = False
    ) -> Sum:
        """Return the sum over all partitions, or over some.

        Args:
            formula: The formula of a row.
            at: The values of the parameters.
            chosen: The numbers of the partitions, in the order in which they are added; None: all.
            skip: Whether rows with missing values are left out.
        """


def empty() -> CalculusError:
    """Return the error of data without partitions."""
    return CalculusError(Reason.INVALID_VALUE, "the data have no rows", "give data with at least one row")


def read(part: "Part | Mapping[str, ArrayLike]", formula: RowFormula) -> "Mapping[str, ArrayLike]":
    """Return the columns of a partition that a formula names."""
    if isinstance(part, Part):
        return part.read(formula.needed)
    return part


class LocalPasses:
    """Passes over a table by this process, one partition after the other.

    Args:
        parts: The partitions.
    """

    def __init__(self, parts: "Sequence[Part | Mapping[str, ArrayLike]]") -> None:
        self._parts = parts
        self.count = len(parts)

    def total(
        self, formula: RowFormula, at: Mapping[str, float], chosen: Sequence[int] | None = None, *, skip: bool = False
    ) -> Sum:
        """Return the sum over all partitions, or over some; see `Passes`."""
        reduction = Reduction()
        for number in range(self.count) if chosen is None else chosen:
            checkpoint()
            reduction.add(sums(formula, read(self._parts[number], formula), at, skip_missing=skip))
        if reduction.total is None:
            raise empty()
        return reduction.total


class Source(Protocol):
    """Partitions of which a cluster can compute something.

    Attributes:
        count: The number of partitions.
    """

    count: int

    def submit(
        self, client: "Client", function: Callable[..., Any], numbers: Sequence[int], arguments: Sequence[Any]
    ) -> "Sequence[Future]":
        """Submit function(*arguments, partition) for some partitions, each with a new key."""


class Parts:
    """Partitions that workers read from files.

    Args:
        parts: The partitions.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self.count = len(parts)

    def submit(
        self, client: "Client", function: Callable[..., Any], numbers: Sequence[int], arguments: Sequence[Any]
    ) -> "Sequence[Future]":
        """Submit function(*arguments, partition) for some partitions; see `Source`."""
        found: Sequence[Future] = client.map(
            partial(function, *arguments), [self._parts[i] for i in numbers], pure=False
        )
        return found


class Delayed:
    """Partitions that Dask computes, or that are in the memory of workers.

    Args:
        parts: A `dask.delayed` object for each; its value maps names of columns to arrays of shape (rows,).
    """

    def __init__(self, parts: Sequence[Any]) -> None:
        self._parts = parts
        self.count = len(parts)

    def submit(
        self, client: "Client", function: Callable[..., Any], numbers: Sequence[int], arguments: Sequence[Any]
    ) -> "Sequence[Future]":
        """Submit function(*arguments, partition) for some partitions; see `Source`."""
        from dask import delayed

        task = delayed(partial(function, *arguments), pure=False)
        found: Sequence[Future] = client.compute([task(self._parts[i]) for i in numbers])
        return found


class Held:
    """Partitions that are read once and stay in the memory of the workers; Dask reads those of a dead worker again.

    Args:
        client: A client of the cluster.
        source: The partitions.
        formula: The formula whose columns are held.
    """

    def __init__(self, client: "Client", source: Source, formula: RowFormula) -> None:
        self._source = source
        self._arguments = (__version__, formula)
        self.count = source.count
        self._held = list(source.submit(client, part_read, range(self.count), self._arguments))

    def submit(
        self, client: "Client", function: Callable[..., Any], numbers: Sequence[int], arguments: Sequence[Any]
    ) -> "Sequence[Future]":
        """Submit function(*arguments, partition) for some partitions; see `Source`."""
        for i in numbers:
            if self._held[i].status in ("error", "cancelled"):
                # Workers died of it, or it was given up.
                self._held[i] = self._source.submit(client, part_read, [i], self._arguments)[0]
        task = partial(function, *arguments)
        return [client.submit(task, self._held[i], pure=False) for i in numbers]


class ClusterPasses:
    """Passes by the workers of a cluster: the formula travels as text, and sums come back.

    Args:
        cluster: The cluster.
        source: The partitions.
        seconds: Time for all passes together, counted from now; None: no limit.
    """

    def __init__(self, cluster: Cluster, source: Source, seconds: float | None = None) -> None:
        self._cluster = cluster
        self._source = source
        self._within = Within(seconds)
        self.count = source.count

    def total(
        self, formula: RowFormula, at: Mapping[str, float], chosen: Sequence[int] | None = None, *, skip: bool = False
    ) -> Sum:
        """Return the sum over all partitions, or over some; see `Passes`."""
        numbers = range(self.count) if chosen is None else chosen
        if not numbers:
            raise empty()
        cluster, source, client = self._cluster, self._source, self._cluster.client
        cluster.check()
        arguments = (__version__, formula, dict(at), skip)
        few = len(numbers) <= GROUP
        done = cluster.results(
            len(numbers),
            lambda some: source.submit(client, part_sum, [numbers[i] for i in some], arguments),
            within=self._within,
            ordered=True,
            fetch=few,
        )
        held = [found for _, found in done]
        while len(held) > GROUP:
            groups = [held[begin : begin + GROUP] for begin in range(0, len(held), GROUP)]
            last = len(groups) <= GROUP
            combined = cluster.results(
                len(groups),
                lambda some, groups=groups: [client.submit(reduce_in_order, groups[i], pure=False) for i in some],  # type: ignore[misc]
                within=self._within,
                ordered=True,
                fetch=last,
            )
            held = [found for _, found in combined]
        return reduce_in_order(held)


def part_read(version: str, formula: RowFormula, part: Any) -> "Mapping[str, ArrayLike]":
    """Return the columns of one partition that a formula names, in a worker that keeps them."""
    same_version(version)
    return read(part, formula)


def part_sum(version: str, formula: RowFormula, at: Mapping[str, float], skip: bool, part: Any) -> Sum:
    """Return the sum over one partition, in a worker."""
    same_version(version)
    return sums(formula, read(part, formula), at, skip_missing=skip)
