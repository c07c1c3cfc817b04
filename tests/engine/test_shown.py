"""What of a client's text reaches a terminal, a log or a picture."""

import sys
import unicodedata
from xml.etree import ElementTree

import pytest
from secantd.errors import CalculusError, Reason
from secantd.shown import printable

EVERY = "".join(map(chr, range(sys.maxunicode + 1)))


def test_printable_text_is_xml_and_drives_no_terminal():
    shown = printable(EVERY)
    assert len(shown) == len(EVERY)
    assert ElementTree.fromstring(f"<a>{shown.replace('&', '').replace('<', '')}</a>").text
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert all(a == b for a, b in zip(shown, EVERY, strict=True) if b.isprintable())


@pytest.mark.parametrize("character", ["\x1b", "\u202e", "\n", "\ud800"])
def test_an_error_shows_what_does_not_print_as_a_question_mark(character):
    error = CalculusError(Reason.UNKNOWN_VARIABLE, f"no 'x{character}'", f"remove 'y{character}'")
    assert (error.headline, error.hint) == ("no 'x?'", "remove 'y?'" if character != "\n" else "remove 'y\n'")
    assert str(error).startswith("no 'x?'\n")
