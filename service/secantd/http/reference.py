"""The reference: a page of all methods and messages, from the contract's descriptors and comments."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from secant.v1 import error_pb2

from secantd.http.examples import EXAMPLES
from secantd.transport import METHODS, SERVICE, Kind
from secantd.version import __version__

__all__ = ["reference"]

# Names of FieldDescriptor.type.
TYPES = {
    getattr(FieldDescriptor, f"TYPE_{name.upper()}"): name
    for name in ("double", "float", "int32", "int64", "uint32", "uint64", "bool", "string", "bytes")
}
KINDS = {
    Kind.UNARY: "one request, one reply",
    Kind.RESPONSE_STREAMING: "one request, a stream of replies",
    Kind.BIDIRECTIONAL: "a stream of requests, a stream of replies; the form takes the requests as a list",
}


def reference() -> str:
    """Return the page."""
    methods, messages = list(METHODS), list(all_types())
    # One element a line; browsers fill in html, head and body.
    parts = [
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">',
        f"<title>Secant {escape(__version__)}: reference</title>",
        '<link rel="icon" href="/icon.svg" type="image/svg+xml">\n<link rel="stylesheet" href="/docs/docs.css">\n<script src="/docs/try.js" type="module"></script>',
        f"<header><h1>Secant {escape(__version__)}: reference</h1>",
        *commented(SERVICE.full_name),
        "<p>Send JSON with <code>POST /secant.v1.CalculusService/METHOD</code> and "
        "<code>content-type: application/json</code>; streams use the envelopes of the "
        '<a href="https://connectrpc.com/docs/protocol">Connect protocol</a>. Fields without a value are left out of replies.</p>',
        '<p><label>Token, if the server needs one <input id="token" type="password" autocomplete="off"></label></p></header>',
        f"<nav aria-label='Methods'>{' '.join(link(name, name) for name in methods)}</nav>",
        "<main><h2>Methods</h2>",
        *(part for name in methods for part in method(name)),
        "<h2>Messages</h2>",
        *(part for each in messages for part in (enum(each) if isinstance(each, EnumDescriptor) else message(each))),
        "</main>\n</html>",
    ]
    return "\n".join(parts) + "\n"


def method(name: str) -> Iterator[str]:
    """Yield the section of a method, with its form."""
    found = SERVICE.methods_by_name[name]
    example = json.dumps(EXAMPLES[name], indent=1, ensure_ascii=False)
    yield f'<section id="{name}"><h3>{name}</h3>'
    yield from commented(found.full_name)
    types = f"{link(found.input_type.full_name, found.input_type.name)} → {link(found.output_type.full_name, found.output_type.name)}"
    yield f"<p>{types}: {KINDS[METHODS[name].kind]}.</p>"
    kind = "unary" if METHODS[name].kind is Kind.UNARY else "stream"
    yield f'<form data-method="{name}" data-kind="{kind}"><label for="{name}-request">Request</label>'
    yield f'<textarea id="{name}-request" rows="{example.count(chr(10)) + 2}" spellcheck="false">{escape(example)}</textarea>'
    yield '<button>Send</button> <button type="button" disabled>Stop</button>'
    yield f'<output for="{name}-request" aria-live="polite"></output></form></section>'


def message(found: Descriptor) -> Iterator[str]:
    """Yield the section of a message."""
    yield f'<section id="{found.full_name}"><h3>{escape(short(found))}</h3>'
    yield from commented(found.full_name)
    if found.fields:
        yield "<dl>"
        for field in found.fields:
            choice = field.containing_oneof
            several = "repeated " if field.is_repeated else ""
            group = f", one of {escape(choice.name)}" if choice and len(choice.fields) > 1 else ""
            other = f" or <code>{field.name}</code>" if field.json_name != field.name else ""
            yield f"<dt><code>{field.json_name}</code>{other}: {several}{type_of(field)}{group}</dt><dd>"
            yield from commented(field.full_name)
            yield "</dd>"
        yield "</dl>"
    yield "</section>"


def enum(found: EnumDescriptor) -> Iterator[str]:
    """Yield the section of an enumeration."""
    yield f'<section id="{found.full_name}"><h3>{escape(short(found))}</h3>'
    yield from commented(found.full_name)
    yield "<dl>"
    for value in found.values:
        yield f"<dt><code>{value.name}</code></dt><dd>"
        # The comment's path contains the enumeration; protobuf names its values beside it.
        yield from commented(f"{found.full_name}.{value.name}")
        yield "</dd>"
    yield "</dl></section>"


def type_of(field: FieldDescriptor) -> str:
    """Return the type of a field, with a link."""
    kind = field.message_type or field.enum_type
    return link(kind.full_name, short(kind)) if kind is not None else TYPES[field.type]


def all_types() -> Iterator[Descriptor | EnumDescriptor]:
    """Yield the messages and enumerations of the contract, in the order of their names."""
    found: dict[str, Descriptor | EnumDescriptor] = {}
    waiting: list[Any] = [SERVICE.file, error_pb2.DESCRIPTOR]
    seen = set()
    while waiting:
        file = waiting.pop()
        if file.name in seen or file.package != SERVICE.file.package:
            continue
        seen.add(file.name)
        waiting += file.dependencies
        for kind in [*file.message_types_by_name.values(), *file.enum_types_by_name.values()]:
            found |= {each.full_name: each for each in with_nested(kind)}
    return iter([found[name] for name in sorted(found)])


def with_nested(found: Any) -> Iterator[Any]:
    """Yield a type and those inside it."""
    yield found
    if isinstance(found, Descriptor):
        for each in [*found.nested_types, *found.enum_types]:
            yield from with_nested(each)


def short(found: Any) -> str:
    """Return a type's name without the package."""
    return str(found.full_name.removeprefix(f"{found.file.package}."))


def link(target: str, text: str) -> str:
    """Return a link to a section."""
    return f'<a href="#{escape(target)}">{escape(text)}</a>'


@cache
def comments() -> Mapping[str, str]:
    """Return the comments of the contract by full name; protos/generate.py writes them."""
    found: Mapping[str, str] = json.loads(files("secant.v1").joinpath("comments.json").read_text("utf-8"))
    return found


def commented(name: str) -> Iterable[str]:
    """Yield the paragraphs of a comment; lines that are indented keep their columns."""
    for block in comments().get(name, "").split("\n\n"):
        for indented, lines in groupby(block.split("\n"), lambda line: line.startswith("  ")):
            if indented:
                yield f"<pre>{escape(chr(10).join(lines))}</pre>"
            elif text := " ".join(lines).strip():
                yield f"<p>{escape(text)}</p>"
