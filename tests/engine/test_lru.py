"""The cache that drops the least recently used entries."""

import random
import threading
import time
from collections.abc import Iterator
from itertools import count

import pytest
from secantd.interrupt import Interruptible, OutOfTimeError
from secantd.lru import LRUCache


def keys(cache: LRUCache[str, list[int]], names: str) -> str:
    """Return the names that are kept, without using them: `get` in the order of their use changes no order."""
    return "".join(name for name in names if name in cache._held)


def test_an_entry_that_was_used_outlives_older_ones() -> None:
    cache = LRUCache[str, list[int]](entries=2)
    for name in "ab":
        cache.put(name, [])
    assert cache.get("a") == []
    cache.put("c", [])
    assert keys(cache, "abc") == "ac"
    assert len(cache) == 2


def test_a_value_that_grows_while_it_is_used_drops_others() -> None:
    cache = LRUCache[str, list[int]](capacity=10, weigh=lambda _, value: len(value))
    for name in "abc":
        cache.put(name, [0] * 3)
    grown = cache.get("b")
    assert grown is not None
    grown += [0] * 5
    assert cache.get("none of them") is None
    assert keys(cache, "abc") == "b"
    assert cache.weight == 8


def test_an_entry_heavier_than_the_cache_is_dropped_alone() -> None:
    cache = LRUCache[str, list[int]](capacity=10, weigh=lambda _, value: len(value))
    cache.put("a", [0] * 9)
    cache.put("b", [0] * 11)
    assert keys(cache, "ab") == "a"
    assert cache.weight == 9


def test_a_value_in_the_place_of_another_weighs_alone() -> None:
    cache = LRUCache[str, list[int]](capacity=10, weigh=lambda _, value: len(value))
    cache.put("a", [0] * 6)
    cache.put("a", [0] * 7)
    assert (cache.weight, len(cache)) == (7, 1)


@pytest.fixture
def uses() -> Iterator[tuple[LRUCache[int, list[int]], list[threading.Thread], threading.Event]]:
    cache = LRUCache[int, list[int]](entries=20, capacity=100, weigh=lambda _, value: len(value))
    stop = threading.Event()

    def use(seed: int) -> None:
        chance = random.Random(seed)
        while not stop.is_set():
            key = chance.randrange(40)
            value = cache.get(key)
            if value is None:
                cache.put(key, [0] * chance.randrange(12))
            elif len(value) < 12:
                value.append(0)

    threads = [threading.Thread(target=use, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    yield cache, threads, stop
    stop.set()


def test_the_weight_is_the_sum_of_the_weights_after_use_by_many_threads(uses) -> None:
    cache, threads, stop = uses
    time.sleep(0.1)
    stop.set()
    for thread in threads:
        thread.join()
    assert cache.weight == sum(cache._weights.values()) <= 100
    assert cache._weights.keys() == cache._held.keys()
    assert 0 < len(cache) <= 20


def test_the_weight_stays_true_where_users_are_interrupted() -> None:
    cache = LRUCache[int, list[int]](entries=20, capacity=100, weigh=lambda _, value: len(value))

    def use() -> None:
        for i in count():
            if cache.get(i % 31) is None:
                cache.put(i % 31, [0] * (i % 7))
            # Nobody is interrupted inside the cache.
            for _ in range(200):
                pass

    for i in range(60):
        with pytest.raises(OutOfTimeError):
            Interruptible(use, 0.0005 + i * 1e-5)()
        assert cache.weight == sum(cache._weights.values())
        assert cache._weights.keys() == cache._held.keys()
