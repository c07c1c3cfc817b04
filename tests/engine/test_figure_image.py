"""Figures as files: the same bytes everywhere, of the size asked for, described, without a date."""

import re
import sys
import threading
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from secantd.errors import CalculusError, Reason
from secantd.figure import (
    AreaFigure,
    Arrows,
    Canvas,
    ContourFigure,
    CurveFigure,
    ErrorFigure,
    ImageFormat,
    PlotRequest,
    SecantFigure,
    SurfaceFigure,
    TaylorFigure,
    plot,
)
from secantd.language import read

from .figures import descent, request

UP, DOWN = Arrows.GRADIENT, Arrows.NEGATIVE_GRADIENT

EVERY = [
    pytest.param(request("x^2", CurveFigure((1.0,), UP)), id="curve"),
    pytest.param(request("x^2", SecantFigure(1.0)), id="secant"),
    pytest.param(request("sin(x)", TaylorFigure(0.0)), id="taylor"),
    pytest.param(request("x^2 + 2*y^2", SurfaceFigure(DOWN, (("x", 1.0), ("y", 1.0)))), id="surface"),
    pytest.param(request("x^2 + 2*y^2", ContourFigure(DOWN)), id="contour"),
    pytest.param(descent("x^2 + 2*y^2", {"x": 1.0, "y": 1.0}, 0.1), id="descent"),
    pytest.param(request("exp(x)", ErrorFigure(1.0)), id="error"),
    pytest.param(request("c(x*y, x + y)", AreaFigure((("x", 1.0), ("y", 2.0)))), id="area"),
]


@pytest.mark.parametrize("asked", EVERY)
def test_a_figure_is_an_svg_of_the_size_asked_for_with_its_description_and_without_a_date(asked):
    image = plot(replace(asked, canvas=Canvas(400, 300)))
    root = ElementTree.fromstring(image.image)
    assert (root.get("width"), root.get("height"), root.get("role")) == ("400", "300", "img")
    assert root[1].tag.endswith("desc")
    assert root[1].text == image.description
    # Neither a date nor a version of software, and no style that a page would take up.
    assert not re.search(rb"<dc:date|Matplotlib|<style|DOCTYPE|\bnan\b", image.image)


@pytest.mark.parametrize("asked", [EVERY[0], EVERY[3], EVERY[5]])
def test_the_same_request_gives_the_same_bytes(asked):
    assert plot(asked).image == plot(asked).image


@pytest.mark.parametrize("asked", [EVERY[0], EVERY[3]])
def test_a_png_has_the_requested_size_and_does_not_name_software(asked):
    image = plot(replace(asked, canvas=Canvas(401, 303, ImageFormat.PNG)))
    assert image.media_type == "image/png"
    assert (int.from_bytes(image.image[16:20], "big"), int.from_bytes(image.image[20:24], "big")) == (401, 303)
    assert b"tEXt" not in image.image


def test_letters_come_from_the_font_that_matplotlib_brings():
    from matplotlib import font_manager, get_data_path

    assert font_manager.findfont("DejaVu Sans").startswith(get_data_path())


def test_settings_of_the_machine_change_no_byte():
    import matplotlib

    asked = request("x^2", CurveFigure())
    usual = plot(asked).image
    with matplotlib.rc_context({"lines.linewidth": 9, "axes.facecolor": "red", "font.size": 20, "svg.hashsalt": "x"}):
        assert plot(asked).image == usual
        assert matplotlib.rcParams["font.size"] == 20


def test_threads_draw_the_same_figure():
    asked = request("x^2", CurveFigure())
    usual = plot(asked).image
    found = []
    threads = [threading.Thread(target=lambda: found.append(plot(asked).image)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [usual] * 3


def test_a_window_is_never_thought_of(monkeypatch):
    # Another test of this process may have imported it.
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot", raising=False)
    plot(request("x^2", CurveFigure()))
    assert "matplotlib.pyplot" not in sys.modules


def test_names_that_are_no_mathematics_are_written_as_they_are():
    for text in ("rate$x^2 + 0*learning_rate", "`a b`", "x1^2"):
        try:
            function = read(text)
        except CalculusError:
            continue
        if len(function.variables) == 1:
            assert plot(PlotRequest(function, CurveFigure())).image


def test_without_matplotlib_the_error_names_the_package_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(CalculusError) as caught:
        plot(request("x^2", CurveFigure()))
    assert caught.value.reason is Reason.MISSING_PART
    assert "secant[plot]" in caught.value.hint
