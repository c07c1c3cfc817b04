"""Settings of all tests."""

import gc
import os
import zlib
from collections.abc import Sequence

import pytest
from hypothesis import settings

# The same examples in each run, so that a change fails for what it changes; SECANT_TEST_RANDOM=1 looks for new ones. The time that
# an example takes on a busy machine is no law.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None, print_blob=True)
settings.load_profile("random" if os.environ.get("SECANT_TEST_RANDOM") else "same")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sample(step): every so many rows of a test, unless SECANT_TEST_LONG is set")
    config.addinivalue_line("markers", "long: not run unless SECANT_TEST_LONG is set")


def pytest_collection_finish() -> None:
    """Search for garbage rarely, and never among the imported modules and the tests, which are none: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)


# A test of more rows than this is a table that is run whole in CI, and by a third otherwise. The tables of the source material and
# those that R judges are always whole.
MANY, THIRD = 100, 3
WHOLE = ("tests/golden/", "tests/oracle/")


def sampled(name: str, rows: Sequence[pytest.Item], step: int) -> Sequence[pytest.Item]:
    """Return every `step`-th row of a test, at least one; tests of one table begin at rows of their own."""
    return rows[zlib.crc32(name.encode()) % min(step, len(rows)) :: step]


def chosen(config: pytest.Config) -> bool:
    """Whether tests are chosen by name, or because they failed: then all of their rows run."""
    by_name = config.getoption("keyword", "") or any("::" in argument for argument in config.args)
    return bool(by_name or config.getoption("lf", False))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep a part of the tests with the mark `sample`, and none with `long`, unless SECANT_TEST_LONG is set."""
    if "SECANT_TEST_LONG" in os.environ or chosen(config):
        return
    rows: dict[str, list[pytest.Item]] = {}
    for item in items:
        rows.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left: set[pytest.Item] = set()
    for name, own in rows.items():
        kept = [item for item in own if not item.get_closest_marker("long")]
        mark = own[0].get_closest_marker("sample")
        step = mark.args[0] if mark else THIRD if len(kept) > MANY and not name.startswith(WHOLE) else 1
        if kept:
            kept = list(sampled(name, kept, step))
        left.update(set(own) - set(kept))
    if left:
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = [item for item in items if item not in left]
