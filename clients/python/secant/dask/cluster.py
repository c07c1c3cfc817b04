"""The cluster of a call: a client that is given, the address of a scheduler, or the client that is current."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from secantd.engine.cluster import Cluster
from secantd.engine.connection import missing, require_dask

__all__ = ["cluster_of"]


@contextmanager
def cluster_of(client: Any) -> Iterator[Cluster]:
    """Yield the cluster of a client, of an address, or with None of the current client.

    Raises:
        CalculusError: MISSING_PART: Dask is not installed, there is no client or no scheduler, or versions differ.
        TypeError: `client` is none of these.
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
    from distributed import Client

    if not isinstance(client, Client) or client.asynchronous:
        kind = "an asynchronous client" if isinstance(client, Client) else type(client).__name__
        raise TypeError(f"client must be a distributed.Client that blocks, or the address of a scheduler; got {kind}")
    with Cluster(client) as cluster:
        yield cluster
