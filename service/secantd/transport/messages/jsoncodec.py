"""Messages as JSON, in protobuf's mapping (protobuf.dev, "ProtoJSON Format")."""

import json
import re
from difflib import get_close_matches
from typing import Any, NoReturn

from google.protobuf import json_format

from secantd.errors import CalculusError, Reason
from secantd.shown import quoted
from secantd.transport.messages.contract import parse

__all__ = ["JSON"]

# Bytes. json_format is written in Python: a larger message would hold the event loop for more than 2 ms.
QUICK_BYTES = 8 << 10
FIELD_NAMES = "fields have the names of the contract, such as valuesOnly or values_only"


class Json:
    """Names in lowerCamelCase; "NaN", "Infinity" and "-Infinity" are strings; a field without a value is left out.

    >>> from secant.v1 import derivative_pb2
    >>> kind = derivative_pb2.GradientRequest
    >>> kind.FromString(JSON.decode(kind, b'{"at": [{"variable": "x", "value": "NaN"}]}')).at[0].value
    nan
    >>> JSON.encode(kind, kind(values_only=True).SerializeToString())
    b'{"valuesOnly": true}'
    """

    prefix = "json:"
    quick_bytes = QUICK_BYTES

    def decode(self, kind: type[Any], message: bytes) -> bytes:
        """Return a message of a class in protobuf's binary form.

        Raises:
            CalculusError: INVALID_VALUE: it is not JSON, has a key twice or one that is no field, or a value of another type.
        """
        found = loaded(kind, message)
        made = kind()
        try:
            json_format.ParseDict(found, made)
        except (json_format.ParseError, ValueError, TypeError, RecursionError) as error:
            refuse(kind, str(error))
        # The same bytes for the same message, however it was written: they are the key of the cache.
        return bytes(made.SerializeToString(deterministic=True))

    def encode(self, kind: type[Any], message: bytes) -> bytes:
        """Return a message, given in protobuf's binary form, as JSON."""
        return json_format.MessageToJson(parse(kind, message), indent=None).encode()


JSON = Json()


class InvalidJsonError(ValueError):
    """JSON that another program may read in another way."""


def loaded(kind: type[Any], message: bytes) -> dict[str, Any]:
    """Return the object in a text of JSON."""
    try:
        found = json.loads(message.decode(), object_pairs_hook=unique, parse_constant=constant)
    except UnicodeDecodeError as error:
        raise CalculusError(Reason.INVALID_VALUE, f"the request is no JSON: {error}", "text has to be UTF-8") from None
    except RecursionError:
        raise CalculusError(
            Reason.INVALID_VALUE, "the request is no JSON of a message: it is nested too deeply"
        ) from None
    except InvalidJsonError as error:
        raise CalculusError(Reason.INVALID_VALUE, str(error)) from None
    except ValueError as error:
        # The text goes on with "; use sys.set_int_max_str_digits() ..." for a number of thousands of digits.
        reason = str(error).partition(";")[0]
        hint = 'send an object, such as {"expression": {"text": "x^2"}}'
        raise CalculusError(Reason.INVALID_VALUE, f"the request is no JSON: {reason}", hint) from None
    if not isinstance(found, dict):
        headline = f"the request is no {kind.DESCRIPTOR.name}: a message is an object in JSON"
        raise CalculusError(Reason.INVALID_VALUE, headline, f"{FIELD_NAMES}, in braces")
    return found


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of some pairs; InvalidJsonError if a name comes twice."""
    found = dict(pairs)
    # values_only is valuesOnly. The contract has no maps, whose keys would be the caller's.
    if len({name.replace("_", "").lower() for name in found}) < len(pairs):
        names = [name.replace("_", "").lower() for name, _ in pairs]
        twice = next(name for (name, _), plain in zip(pairs, names, strict=True) if names.count(plain) > 1)
        raise InvalidJsonError(f"the name {quoted(twice)} comes twice in one object")
    return found


def constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity without quotes, which are no JSON."""
    raise InvalidJsonError(f'{name} is no JSON: write it in quotes, "{name}"')


PLACE = re.compile(r'\s+at "?(\w+)((?:\.\w+|\[\d+\])*)"?\.*$')
UNKNOWN = re.compile(
    r'Message type "[\w.]*?(\w+)" has no field named "(.*)" at "\w+((?:\.\w+|\[\d+\])*)"\.\s+Available .*?: "\[(.*)\]"',
    re.S,
)
OUTER = re.compile(r"Failed to parse ([\w.]+) field: ")
PREFIX = re.compile(r"^(?:Failed to parse [\w.]+ field: )+")


def refuse(kind: type[Any], problem: str) -> NoReturn:
    """Raise the error of a message that json_format refuses."""
    if (unknown := UNKNOWN.search(problem)) is not None:
        name, known = unknown[2], re.findall(r"'(\w+)'", unknown[4])
        near = get_close_matches(name, known, 1)
        hint = f'did you mean "{near[0]}"?' if near else f"its fields are {', '.join(known)}"
        raise CalculusError(
            Reason.INVALID_VALUE, f"{unknown[1]} has no field {quoted(name)}", hint, field=path(unknown[3])
        )
    place = PLACE.search(problem)
    reason = PREFIX.sub("", problem[: place.start()] if place else problem).rstrip(".")
    # Where json_format names no place, it names the fields on the way.
    field = path(place[2]) if place else ".".join(OUTER.findall(problem))
    hint = f"set {field} as the contract describes it" if field else FIELD_NAMES
    raise CalculusError(Reason.INVALID_VALUE, f"the request is no {kind.DESCRIPTOR.name}: {reason}", hint, field=field)


def path(found: str) -> str:
    """Return the path of a field with the contract's names.

    >>> path(".at[0].valuesOnly")
    'at[0].values_only'
    """
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match[1].lower()}", found.lstrip("."))
