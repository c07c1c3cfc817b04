"""The gallery in docs/ is what the service draws today."""

import importlib.util
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
spec = importlib.util.spec_from_file_location("gallery_make", GALLERY / "make.py")
make = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make)


@pytest.mark.parametrize("name", ["cubic-tangents", "descent-on-contours"])
def test_the_command_beside_a_figure_draws_it(name, server, tmp_path, capsys):
    (figure,) = (f for f in make.FIGURES if f.name == name)
    drawn = make.draw(figure, server.address, tmp_path).read_bytes()
    kept = (GALLERY / figure.file).read_bytes()
    words = [ElementTree.fromstring(image)[1].text for image in (drawn, kept)]
    assert words[0] == words[1] == capsys.readouterr().out.strip()
    if f"matplotlib {matplotlib.__version__};" not in (GALLERY / "README.md").read_text("utf-8"):
        pytest.skip("drawn with another version of matplotlib; python docs/gallery/make.py draws it anew")
    assert drawn == kept


def test_the_page_names_every_figure_and_no_other():
    page = (GALLERY / "README.md").read_text("utf-8")
    images = {file.name for file in GALLERY.glob("*.svg")}
    assert images == {figure.file for figure in make.FIGURES}
    for figure in make.FIGURES:
        assert f"secant plot {figure.command} -o {figure.file}" in page
        assert figure.row in page


def test_no_figure_is_too_large_to_be_looked_at():
    assert max(file.stat().st_size for file in GALLERY.glob("*.svg")) < 100_000
