"""The cluster of a call: a client that is given, the address of a scheduler, or the client that is current."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from secantd.engine.cluster import Cluster, missing, require_dask

__all__ = ["cluster_of"]


@contextmanager
def cluster_of(client: Any) -> Iterator[Cluster]:
    """Yield the cluster of a client, of an address, or with None of the current client.

    Raises:
        CalculusError: MISSING_PART: Dask is not installed, there is no client or no scheduler, or versions differ.
    """
    require_dask()
    if isinstance(client, str):
        with Cluster(address=client) as cluster:
            yield cluster
        return
    if client is None:
        from distributed import get_client

        try:
            client = get_client()
        except ValueError:
            raise missing(
                "there is no Dask client", 'make one, distributed.Client("tcp://scheduler:8786"), or pass client='
            ) from None
    with Cluster(client) as cluster:
        yield cluster
