"""Limits of the memory that a process may use."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["limit_memory", "limited_memory"]


def limit_memory(memory: int) -> None:
    """Limit the address space of this process to `memory` bytes beyond what is mapped already; 0: no limit."""
    if not memory:
        return
    # Not available on every system; then there is no limit.
    with suppress(ImportError, ValueError, OSError):
        import resource

        total = mapped() + memory
        resource.setrlimit(resource.RLIMIT_AS, (total, total))


@contextmanager
def limited_memory(memory: int) -> Iterator[None]:
    """Limit the address space inside, as `limit_memory` does for good."""
    before = None
    with suppress(ImportError, ValueError, OSError):
        import resource

        before = resource.getrlimit(resource.RLIMIT_AS)
        total = mapped() + memory
        if memory and (before[0] == resource.RLIM_INFINITY or total < before[0]):
            resource.setrlimit(resource.RLIMIT_AS, (total, before[1]))
    try:
        yield
    finally:
        if before is not None:
            resource.setrlimit(resource.RLIMIT_AS, before)


def mapped() -> int:
    """Return the size of the address space in bytes."""
    import resource

    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
