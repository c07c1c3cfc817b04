"""Pages of the contract, from the descriptors of protos/ with their comments."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
)
from grpc_tools import protoc

from docs.site.text import blocks, escaped, slug

__all__ = ["described", "pages"]

PACKAGE = ".secant.v1."
SERVICE = "calculus_service"
# Numbers of fields in descriptor.proto, of which the paths of comments consist.
MESSAGES, ENUMS, SERVICES, FIELDS, METHODS, NESTED, NESTED_ENUMS, VALUES = 4, 5, 6, 2, 2, 3, 4, 2
PART_CODE = re.compile(r"(```.*?```|`[^`]*`)", re.DOTALL)
TYPE = re.compile(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b")
PLAIN = {
    value: name.removeprefix("TYPE_").lower()
    for name, value in FieldDescriptorProto.Type.items()
    if name not in ("TYPE_MESSAGE", "TYPE_ENUM", "TYPE_GROUP")
}


def described(protos: Path) -> list[FileDescriptorProto]:
    """Return the files of the contract with their source info, in the order of their names."""
    names = sorted(str(p.relative_to(protos)) for p in protos.glob("secant/v1/*.proto"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "set.binpb")
        include = [f"-I{protos}", f"-I{resources.files('grpc_tools') / '_proto'}"]
        if protoc.main(["protoc", *include, "--include_source_info", f"--descriptor_set_out={out}", *names]):
            raise SystemExit("protoc failed")
        return list(FileDescriptorSet.FromString(out.read_bytes()).file)


class Page:
    """One file of the contract as Markdown."""

    def __init__(self, file: FileDescriptorProto, homes: Mapping[str, str]) -> None:
        self.file = file
        self.homes = homes
        self.comments = {tuple(place.path): place.leading_comments for place in file.source_code_info.location}
        # A comment before `syntax` describes the file.
        self.about = self.comments.get((12,), "")

    def comment(self, *path: int) -> str:
        """Return the comment of a part as Markdown."""
        lines = [line.removeprefix(" ") for line in self.comments.get(path, "").splitlines()]
        return self.linked(blocks("\n".join(lines)))

    def linked(self, text: str) -> str:
        """Return Markdown with links from the names of types, but not within code; one word may be English."""
        parts = PART_CODE.split(text)
        for i in range(0, len(parts), 2):
            parts[i] = TYPE.sub(
                lambda m: self.link(f"{PACKAGE}{m[0]}") if f"{PACKAGE}{m[0]}" in self.homes else m[0], parts[i]
            )
        return "".join(parts)

    def link(self, name: str) -> str:
        """Return a type of the contract with its place."""
        short = name.removeprefix(PACKAGE)
        home = self.homes.get(name)
        return f"[{short}]({home}.md#{slug(short)})" if home else f"`{name.removeprefix('.')}`"

    def type(self, field: FieldDescriptorProto, maps: Mapping[str, DescriptorProto]) -> str:
        """Return the type of a field."""
        if field.type_name in maps:
            key, value = maps[field.type_name].field
            return f"map of {PLAIN[key.type]} to {self.type(value, maps)}"
        base = self.link(field.type_name) if field.type_name else f"`{PLAIN[field.type]}`"
        if field.label == FieldDescriptorProto.LABEL_REPEATED:
            return f"repeated {base}"
        return f"optional {base}" if field.proto3_optional else base

    def message(self, message: DescriptorProto, path: tuple[int, ...], prefix: str, depth: int) -> Iterator[str]:
        """Give the parts of a message: its comment and a definition for each field."""
        name = f"{prefix}{message.name}"
        yield f"{'#' * depth} {name}"
        yield self.comment(*path).replace(self.link(f"{PACKAGE}{name}"), name)
        maps = {f"{PACKAGE}{name}.{n.name}": n for n in message.nested_type if n.options.map_entry}
        if not message.field:
            yield "No fields."
        for i, field in enumerate(message.field):
            own = ""
            if field.HasField("oneof_index") and not field.proto3_optional:
                own = f", one of `{message.oneof_decl[field.oneof_index].name}`"
            text = self.comment(*path, FIELDS, i) or "\\-"
            head = f"`{field.name}` = {field.number}, {self.type(field, maps)}{own}"
            yield f"{head}\n: " + text.replace("\n", "\n  ")
        for i, nested in enumerate(message.nested_type):
            if not nested.options.map_entry:
                yield from self.message(nested, (*path, NESTED, i), f"{name}.", depth + 1)
        for i, enum in enumerate(message.enum_type):
            yield from self.enum(enum, (*path, NESTED_ENUMS, i), f"{name}.", depth + 1)

    def enum(self, enum: EnumDescriptorProto, path: tuple[int, ...], prefix: str = "", depth: int = 2) -> Iterator[str]:
        """Give the parts of an enum."""
        yield f"{'#' * depth} {prefix}{enum.name}"
        yield self.comment(*path).replace(self.link(f"{PACKAGE}{prefix}{enum.name}"), enum.name)
        for i, value in enumerate(enum.value):
            text = self.comment(*path, VALUES, i) or "\\-"
            yield f"`{value.name}` = {value.number}\n: " + text.replace("\n", "\n  ")

    def method(self, rpc: MethodDescriptorProto, path: tuple[int, ...], twins: Mapping[str, str]) -> Iterator[str]:
        """Give the parts of an rpc: comment, request, reply, and its names in the clients."""
        yield f"### {rpc.name}"
        yield self.comment(*path)
        stream = ("stream of " if rpc.client_streaming else "", "stream of " if rpc.server_streaming else "")
        lines = [
            f"Request\n: {stream[0]}{self.link(rpc.input_type)}",
            f"Reply\n: {stream[1]}{self.link(rpc.output_type)}",
            f"Path\n: `/secant.v1.CalculusService/{rpc.name}`",
        ]
        if twins.get(rpc.name):
            lines.append(f"In the clients\n: {twins[rpc.name]}")
        yield from lines

    def parts(self, twins: Mapping[str, str]) -> Iterator[str]:
        """Give all parts of the file."""
        title = "CalculusService" if self.file.service else Path(self.file.name).stem.capitalize()
        yield f"# {title}"
        if self.about and not self.file.service:
            yield blocks("\n".join(line.removeprefix(" ") for line in self.about.splitlines()))
        yield f"Source: `protos/{self.file.name}`, package `secant.v1`."
        for s, service in enumerate(self.file.service):
            yield self.comment(SERVICES, s)
            yield "## Calls"
            for m, rpc in enumerate(service.method):
                yield from self.method(rpc, (SERVICES, s, METHODS, m), twins)
        for i, message in enumerate(self.file.message_type):
            yield from self.message(message, (MESSAGES, i), "", 2)
        for i, enum in enumerate(self.file.enum_type):
            yield from self.enum(enum, (ENUMS, i))


def homes(files: list[FileDescriptorProto]) -> dict[str, str]:
    """Return the page of each message and enum, by its full name."""
    found: dict[str, str] = {}

    def add(prefix: str, message: DescriptorProto, page: str) -> None:
        found[f"{prefix}{message.name}"] = page
        for nested in message.nested_type:
            add(f"{prefix}{message.name}.", nested, page)
        found.update({f"{prefix}{message.name}.{enum.name}": page for enum in message.enum_type})

    for file in files:
        page = Path(file.name).stem
        for message in file.message_type:
            add(PACKAGE, message, page)
        found.update({f"{PACKAGE}{enum.name}": page for enum in file.enum_type})
    return found


def pages(protos: Path, twins: Mapping[str, str]) -> dict[str, str]:
    """Return the pages of the contract by name; `index` lists them.

    Args:
        protos: The folder of the contract.
        twins: For each rpc, links to the functions of the clients, as Markdown.
    """
    files = described(protos)
    where = homes(files)
    found = {Path(f.name).stem: "\n\n".join(Page(f, where).parts(twins)) + "\n" for f in files}
    rest = [Path(f.name).stem for f in files if Path(f.name).stem != SERVICE]
    lines = ["# The gRPC contract", escaped(CONTRACT)]
    rows = [re.search(r"^# .*\n\n(.*)$", found[name], re.MULTILINE) for name in rest]
    lines += [f"- [CalculusService]({SERVICE}.md): the service and its calls"]
    lines += [f"- [{name}]({name}.md): {row[1] if row else ''}" for name, row in zip(rest, rows, strict=True)]
    tree = "\n".join(["```{toctree}", ":hidden:", "", SERVICE, *rest, "```"])
    found["index"] = "\n\n".join([*lines[:2], "\n".join(lines[2:]), tree]) + "\n"
    return found


CONTRACT = (
    "These pages are made from the files below `protos/`, which every gRPC client generates its stubs from. A field is shown with "
    "its name, its number and its type; its comment has shape, unit and the meaning of an unset field."
)
