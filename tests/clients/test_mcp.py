"""The tools for agents, and their server, to which a client of the protocol and bad lines are sent."""

import asyncio
import json
import random
import subprocess
import sys
from types import SimpleNamespace

import pytest
from secant.errors import Unavailable
from secant.mcp.tools import LIMIT, TOOLS, answer, mismatch, shortened

COMMAND = [sys.executable, "-c", "from secant.command import main; main()", "mcp"]


def ask(client, tool, **given):
    text, failed = answer(lambda: client, tool, given)
    assert len(text) < LIMIT
    return text, failed


@pytest.mark.parametrize(
    ("tool", "given", "words"),
    [
        (
            "check",
            {"f": "x^2 * exp(x)", "claimed": "2*x * exp(x)"},
            ["REFUTED: (x^2 * exp(x))' = 2*x * exp(x)\nat x = 1 the claim", "the derivative: x * (2 + x) * exp(x)"],
        ),
        ("check", {"f": "x^3", "claimed": "6*x", "order": 2}, ["PROVED: (x^3)'' = 6*x\n"]),
        ("check", {"f": "sqrt(x^2)", "claimed": "x", "order": 0}, ["REFUTED: sqrt(x^2) = x\n", "x > 0 only"]),
        ("check", {"f": "sqrt(x^2)", "claimed": "x", "order": 0, "assume": ["x > 0"]}, ["PROVED: sqrt(x^2) = x\n"]),
        ("check", {"f": "x^2*y", "claimed": "c(2*x*y, x^2)", "variables": ["x", "y"]}, ["PROVED: (x^2*y)' = c("]),
        ("differentiate", {"f": "x * exp(x)", "at": {"x": 0}}, ["d/dx x * exp(x) =\n(1 + x) * exp(x)\nat x = 0: 1.0"]),
        ("differentiate", {"f": "x^3", "variables": ["x", "x"], "to": "latex"}, ["d/dx d/dx x^3 =\n6 x"]),
        ("differentiate", {"f": "2x sin x", "notation": "textbook"}, ["d/dx 2x sin x =\n"]),
        ("export", {"f": "x^2", "language": "sql", "order": 0}, ["x^2 in sql:", "SELECT"]),
    ],
)
def test_an_answer_repeats_what_was_asked(real, tool, given, words):
    text, failed = ask(real, tool, **given)
    assert not failed
    assert [word for word in words if word not in text] == []


def test_code_and_long_derivatives_come_in_parts_that_are_the_whole(real):
    code = real.export("x^2 * exp(x) + y", notations="c")
    whole = "\n".join([str(code), *[f"note: {notice}" for notice in code.notices]])
    texts, k = [], 0
    while not texts or "call again with part" in texts[-1]:
        k += 1
        text, failed = ask(real, "export", f="x^2 * exp(x) + y", language="c", part=k)
        assert not failed
        texts.append(text)
    bodies = ["\n".join(text.split("\n")[1:-1]) for text in texts]
    assert "\n".join(bodies).split() == whole.split()
    assert ask(real, "export", f="x^2 * exp(x) + y", language="c", part=k + 1) == (
        f"part is {k + 1}, but the answer has {k}",
        True,
    )
    long = " * ".join(f"sin({'x' * 30}{i} + x)" for i in range(40))
    text, failed = ask(real, "differentiate", f=long, variables=["x"])
    assert (failed, "[part 1 of" in text, " … " in text) == (False, True, True)


@pytest.mark.parametrize(
    ("tool", "given", "message"),
    [
        (
            "check",
            {"f": "x^2 + * y", "claimed": "1"},
            "expected a number, a name or '(', found '*'\n  x^2 + * y\n        ^",
        ),
        ("differentiate", {"f": "x^2", "variables": ["z"]}, "x^2: "),
        ("differentiate", {"f": "x + y"}, "x + y: "),
    ],
)
def test_an_error_of_the_service_is_an_answer_with_its_place(real, tool, given, message):
    text, failed = ask(real, tool, **given)
    assert (failed, text.startswith(message)) == (True, True)


@pytest.mark.parametrize(
    ("tool", "given", "message"),
    [
        ("solve", {}, "there is no tool 'solve'; there are check, differentiate, export"),
        ("check", {"f": "x"}, "check needs the argument claimed"),
        ("check", {"f": "x", "claim": "1"}, "check has no argument 'claim'; did you mean claimed?"),
        ("check", {"f": "x" * 2001, "claimed": "1"}, "f has 2001 characters; the limit is 2000"),
        ("check", {"f": 7, "claimed": "1"}, "f must be a text"),
        ("check", {"f": " ", "claimed": "1"}, "f must be a text"),
        ("check", {"f": "x", "claimed": "1", "order": 1.5}, "order must be a whole number from 0 to 2"),
        ("check", {"f": "x", "claimed": "1", "order": True}, "order must be a whole number from 0 to 2"),
        ("check", {"f": "x", "claimed": "1", "variables": "x"}, "variables must be a list"),
        ("check", {"f": "x", "claimed": "1", "variables": ["x"] * 21}, "variables has 21 entries; the limit is 20"),
        ("check", {"f": "x", "claimed": "1", "variables": [None]}, "variables has an entry that must be a text"),
        (
            "check",
            {"f": "x", "claimed": "1", "at": {"x": "1"}},
            'at must have a number for each variable, as in {"x": 2}',
        ),
        ("check", {"f": "x", "claimed": "1", "at": {"x": float("nan")}}, "at must have a number for each variable"),
        ("export", {"f": "x", "language": "cobol"}, "language must be one of r, python, latex, c, julia, stan, sql"),
        ("export", {"f": "x", "language": "c", "part": 0}, "part must be a whole number from 1 to 1000"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_before_a_client_is_made(tool, given, message):
    text, failed = answer(lambda: pytest.fail("a client was made"), tool, given)
    assert (failed, text.startswith(message)) == (True, True)


def test_a_server_that_is_away_is_an_error_of_the_call():
    def away(*args, **how):
        raise Unavailable("no Secant server answered")

    text, failed = ask(SimpleNamespace(differentiate=away), "differentiate", f="x^2")
    assert (text, failed) == ("x^2: no Secant server answered", True)


def test_any_text_is_shortened_to_less_than_the_limit():
    for size in range(LIMIT - 2, 3 * LIMIT, 7):
        assert len(shortened("ab " * size, LIMIT - 1)) < LIMIT


def test_every_example_of_a_schema_is_described():
    for tool in TOOLS:
        assert set(tool.required) <= set(tool.arguments)
        assert all(schema["description"] for schema in tool.arguments.values())
        assert not mismatch("x^2", tool.arguments["f"])


def lines(*messages):
    return b"".join(
        m if isinstance(m, bytes) else json.dumps({"jsonrpc": "2.0"} | m).encode() + b"\n" for m in messages
    )


START = (
    {
        "id": 0,
        "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    },
    {"method": "notifications/initialized"},
)
CALL = {"method": "tools/call", "params": {"name": "differentiate", "arguments": {"f": "x^2"}}}


def mcp_or_skip():
    return pytest.importorskip("mcp", reason='the package mcp is not installed (extra "mcp")')


def served(sent, target):
    done = subprocess.run([*COMMAND, "--server", target], input=sent, capture_output=True, timeout=120)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
    return {reply["id"]: reply for reply in map(json.loads, done.stdout.splitlines())}


def test_bad_lines_end_nothing_and_calls_after_them_are_answered(ready):
    mcp_or_skip()
    noise = random.Random(7)
    bad = [
        b"not json\n",
        b"\n",
        b"[]\n",
        b"{}\n",
        b"null\n",
        b"\xff\xfe\x00\n",
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call"\n',
        b"[" * 5000 + b"\n",
        b'"' + b"x" * 200_000 + b'"\n',
        lines(CALL | {"id": 90, "params": {"name": "check", "arguments": {"f": "x" * 70_000, "claimed": "1"}}}),
        *[bytes(noise.randrange(256) for _ in range(200)).replace(b"\n", b"") + b"\n" for _ in range(20)],
        lines({"id": 91, "method": "no/such"}, {"id": 92, "method": "tools/call", "params": {"name": 7}}),
        lines(CALL | {"id": 93, "params": {"name": "check", "arguments": [1]}}),
    ]
    replies = served(lines(*START, *bad, CALL | {"id": 94}), ready.target)
    assert replies[94]["result"]["content"][0]["text"] == "d/dx x^2 =\n2 * x"
    # A line that is too long is dropped: its number is not known.
    assert set(replies) - {None} == {0, 91, 92, 93, 94}
    assert [replies[k]["error"]["code"] for k in (91, 92, 93)] == [-32601, -32602, -32602]


def test_the_client_of_the_protocol_lists_the_tools_and_calls_them(ready):
    mcp = mcp_or_skip()

    async def session():
        how = mcp.StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], "--server", ready.target])
        async with mcp.stdio_client(how) as (read, write), mcp.ClientSession(read, write) as client:
            await client.initialize()
            listed = (await client.list_tools()).tools
            right = await client.call_tool("check", {"f": "x^3", "claimed": "3*x^2"})
            wrong = await client.call_tool("check", {"f": "x^3"})
            return listed, right, wrong

    listed, right, wrong = asyncio.run(session())
    assert [tool.name for tool in listed] == ["check", "differentiate", "export"]
    assert all(tool.annotations.read_only_hint for tool in listed)
    assert (right.is_error, right.content[0].text.split("\n")[0]) == (False, "PROVED: (x^3)' = 3*x^2")
    assert (wrong.is_error, wrong.content[0].text) == (True, "check needs the argument claimed")


def test_without_the_package_the_command_names_what_to_install():
    hidden = "import sys; sys.modules['mcp_types'] = None; from secant.command import main; main()"
    done = subprocess.run([sys.executable, "-c", hidden, "mcp"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr
        == 'secant mcp needs the package mcp, which is not installed; install it: pip install "secant[mcp]"\n'
    )
