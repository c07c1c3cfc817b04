"""A slice of the grid: `./dev fuzz --grid` makes 20 000 requests, beside a second caller."""

import os
from collections import Counter
from itertools import islice

import grid
import grpc
import pytest
from bases import BASES, bases
from changes import changes
from secantd.transport.messages.contract import SERVICE

COUNT = 240 if "SECANT_TEST_LONG" in os.environ else 120


@pytest.fixture(scope="module")
def channel():
    """A channel to a server of this checkout, whose workers run."""
    with grid.serving() as (address, _), grpc.insecure_channel(address) as channel:
        grid.warm(channel)
        yield channel


def test_every_rpc_has_a_base():
    assert set(BASES) == {method.name for method in SERVICE.methods}


@pytest.mark.parametrize("name", BASES)
def test_bases_are_answered(channel, name):
    for base in bases(name):
        raw = [message.SerializeToString() for message in base]
        code, message, size = grid.call(channel, grid.Request(name, "nothing", raw), grid.COLD)
        assert (code, message) == ("OK", "")
        assert size > 0


def test_every_field_of_every_request_is_changed():
    def fields(kind):
        found = set()
        for field in kind.fields:
            found.add(field.full_name)
            if field.message_type is not None:
                found |= fields(field.message_type)
        return found

    wanted, reached = set(), set()
    for name in BASES:
        kind = SERVICE.methods_by_name[name].input_type
        wanted |= fields(kind)
        for change in (change for base in bases(name) for message in base for change in changes(message)):
            inside = kind
            for part in change.where.split("."):
                field = inside.fields_by_name[part.partition("[")[0]]
                reached.add(field.full_name)
                inside = field.message_type
    assert reached == wanted


def test_requests_differ_the_rpcs_take_turns_and_a_seed_repeats_them():
    made = [(r.rpc, *r.messages) for r in islice(grid.requests(1), 300)]
    assert len(set(made)) == len(made)
    counts = Counter(name for name, *_ in made)
    # Describe has no fields.
    assert counts.pop("Describe") < 20
    assert set(counts) == set(BASES) - {"Describe"}
    assert max(counts.values()) - min(counts.values()) <= 1
    assert made[:100] == [(r.rpc, *r.messages) for r in islice(grid.requests(1), 100)]


def test_no_request_of_the_grid_ends_with_a_fault(channel):
    ends = Counter()
    for request in islice(grid.requests("suite"), COUNT):
        code, message, _ = grid.call(channel, request, grid.COLD)
        ends[code] += 1
        assert code not in grid.FAULTS, (request.rpc, request.change, message)
    assert ends["OK"] > COUNT / 5
    assert ends["INVALID_ARGUMENT"] > COUNT / 5
