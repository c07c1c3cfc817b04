"""Animations, colours, fonts, and places where a figure leaves something out and says so."""

import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image as Pictures
from secant.results.figure import is_inert
from secantd.errors import CalculusError, Reason
from secantd.figure import (
    Arrows,
    Canvas,
    ContourFigure,
    CurveFigure,
    ImageFormat,
    SecantFigure,
    SurfaceFigure,
    Theme,
    fonts,
    plot,
    scene_of,
)
from secantd.figure.paper import PAPERS
from secantd.figure.scene import Arrow, Contours, Line, Mesh, Points, Text, layers_of
from secantd.figure.style import ALTERNATIVES, ARROW, CURVE, SEQUENCE, TANGENT

from .figures import descent, request

DOWN = Arrows.NEGATIVE_GRADIENT
SECANTS = replace(request("x^2 + 2*x + 3", SecantFigure(1.0), x=(-1, 4)), animate=True)
WALK = replace(descent("x^2 + 2*y^2", {"x": 2.0, "y": 1.5}, 0.05), animate=True)
SMALL = Canvas(240, 180)


# ---------------------------------------------------------------- animations


# 001 (5.3): the slope of the secant of x^2 + 2x + 3 at 1 is 4 + h.
def test_a_secant_turns_into_the_tangent_picture_by_picture():
    scene = scene_of(SECANTS)
    motion = scene.motion
    texts = [text.text for text in layers_of(scene, Text)]
    assert (texts[0], texts[-1]) == ("h = 2   slope 6", "tangent: slope 4")
    for picture in range(motion.count - 1):
        lines = [layer for i, layer in enumerate(scene.layers) if i in motion.moving and motion.visible(i, picture)]
        line, point, text = lines
        h = float(point.x[0]) - 1
        assert float(np.diff(line.y)[0] / np.diff(line.x)[0]) == pytest.approx(4 + h)
        assert text.text.startswith("h = ")
    # Secants that were asked for stay.
    seen = [sum(motion.visible(i, p) for i in range(len(scene.layers))) for p in (0, motion.count - 1)]
    assert seen[0] < seen[1]


def test_a_descent_goes_its_steps_one_after_the_other():
    scene = scene_of(WALK)
    motion = scene.motion
    assert motion.count <= 43
    first = [i for i in range(len(scene.layers)) if motion.visible(i, 0)]
    last = [i for i in range(len(scene.layers)) if motion.visible(i, motion.count - 1)]
    assert len(first) < len(last)
    texts = [layer.text for layer in layers_of(scene, Text)]
    values = [float(t.partition("f = ")[2].replace("−", "-")) for t in texts]
    assert texts[0] == "step 0   f = 8.5"
    assert values == sorted(values, reverse=True)
    drawn = np.concatenate([line.x for line in layers_of(scene, Line)])
    assert np.abs(np.diff(drawn)).max() < 0.5


@pytest.mark.parametrize("asked", [SECANTS, WALK], ids=["secants", "descent"])
def test_an_svg_moves_without_a_script_and_still_shows_the_whole_figure(asked):
    image = plot(replace(asked, canvas=SMALL)).image
    assert image == plot(replace(asked, canvas=SMALL)).image
    assert is_inert(image)
    assert not re.search(rb"<script|<style|layer-", image)
    tree = ElementTree.fromstring(image)
    moving = list(tree.iter("{http://www.w3.org/2000/svg}animate"))
    assert moving
    for each in moving:
        times = [float(t) for t in each.get("keyTimes").split(";")]
        assert times[0] == 0
        assert times == sorted(times)
        assert len(times) == len(each.get("values").split(";"))
        assert each.get("values").split(";")[-1] == "visible" or times[-1] < 1
    still = [
        g
        for g in tree.iter("{http://www.w3.org/2000/svg}g")
        if g.find("{http://www.w3.org/2000/svg}animate") is not None
    ]
    assert {g.get("visibility") for g in still} == {None, "hidden"}


def test_a_gif_has_a_picture_for_each_place_and_runs_again_and_again():
    image = plot(replace(WALK, canvas=replace(SMALL, format=ImageFormat.GIF)))
    assert image.media_type == "image/gif"
    pictures = Pictures.open(BytesIO(image.image))
    assert (pictures.size, pictures.info["loop"]) == ((240, 180), 0)
    assert pictures.n_frames > 10
    first = np.asarray(pictures.convert("RGB"), dtype=int)
    pictures.seek(pictures.n_frames - 1)
    assert np.abs(np.asarray(pictures.convert("RGB"), dtype=int) - first).sum() > 0


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (replace(request("x^2", CurveFigure()), animate=True), "animate"),
        (replace(SECANTS, canvas=replace(SMALL, format=ImageFormat.PNG)), "format"),
        (replace(SECANTS, canvas=replace(SMALL, format=ImageFormat.PDF)), "format"),
        (replace(SECANTS, animate=False, canvas=replace(SMALL, format=ImageFormat.GIF)), "format"),
        (replace(SECANTS, canvas=Canvas(3000, 2000, ImageFormat.GIF)), "width"),
    ],
)
def test_what_does_not_move_is_refused(asked, field):
    with pytest.raises(CalculusError) as caught:
        plot(asked)
    assert (caught.value.reason, caught.value.field) == (Reason.INVALID_VALUE, field)


def test_paths_of_one_point_secants_at_a_kink_and_on_both_sides_move_too():
    assert scene_of(replace(descent("x^2 + y^2", {"x": 0.0, "y": 0.0}, 0.1), animate=True)).motion.count == 1
    kink = scene_of(replace(request("abs(x)", SecantFigure(0.0, (1.0, -1.0))), animate=True))
    assert "there is no tangent" in kink.description
    assert all("tangent" not in text.text for text in layers_of(kink, Text))


def test_a_pdf_is_the_same_at_any_time_and_names_no_software():
    asked = replace(request("x^2", CurveFigure()), canvas=replace(SMALL, format=ImageFormat.PDF))
    image = plot(asked)
    assert (image.media_type, image.image[:4]) == ("application/pdf", b"%PDF")
    assert image.image == plot(asked).image
    assert not re.search(rb"CreationDate|Matplotlib", image.image)


# ---------------------------------------------------------------- colours


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# Web Content Accessibility Guidelines 2.1, 1.4.11: graphical objects have a contrast of 3 to 1 with their background.
@pytest.mark.parametrize("style", [CURVE, TANGENT, ARROW, *ALTERNATIVES])
def test_lines_of_the_dark_theme_have_contrast(style):
    paper = PAPERS[Theme.DARK]
    color = paper.colors.get(style.color, style.color)
    assert (luminance(color) + 0.05) / (luminance(paper.background) + 0.05) > 3


def test_secants_become_lighter_on_a_dark_background():
    colors = PAPERS[Theme.DARK].colors
    found = [luminance(colors.get(c, c)) for c in SEQUENCE]
    assert found == sorted(found)


@pytest.mark.parametrize(
    "asked",
    [
        request("x^3 - x", CurveFigure((1.0,), DOWN)),
        request("x^2 + y^2", ContourFigure(DOWN)),
        request("x^2 + y^2", SurfaceFigure(DOWN, (("x", 1.0), ("y", 1.0)))),
    ],
    ids=["curve", "contour", "surface"],
)
def test_a_dark_figure_has_no_white_and_no_black(asked):
    image = plot(replace(asked, canvas=Canvas(320, 240, ImageFormat.PNG, Theme.DARK)))
    pixels = np.asarray(Pictures.open(BytesIO(image.image)).convert("RGB")).reshape(-1, 3)
    corner = tuple(int(PAPERS[Theme.DARK].background[i : i + 2], 16) for i in (1, 3, 5))
    assert tuple(pixels[0]) == corner
    assert (pixels == 255).all(axis=1).mean() < 0.002
    assert (pixels < 10).all(axis=1).mean() < 0.002


# ---------------------------------------------------------------- fonts


def test_an_svg_has_other_scripts_as_text_for_the_fonts_of_its_reader():
    image = plot(replace(request("속도^2 + 속도", CurveFigure((1.0,))), canvas=SMALL))
    root = ElementTree.fromstring(image.image)
    texts = ["".join(t.itertext()).strip() for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "속도" in texts
    assert "f(속도) = 속도^2 + 속도" in texts
    assert is_inert(image.image)
    # All others are outlines, which look the same everywhere.
    assert all(fonts.foreign(t) for t in texts)


def test_without_a_font_the_notice_has_the_package_and_no_box_is_drawn(monkeypatch):
    monkeypatch.setattr(fonts, "font_with", lambda characters: "")
    asked = replace(request("속도^2", CurveFigure()), canvas=replace(SMALL, format=ImageFormat.PNG))
    assert "install fonts-noto-cjk (Debian and Ubuntu), or request SVG" in plot(asked).notices[0]
    monkeypatch.setattr(fonts, "font_with", lambda characters: "DejaVu Sans")
    assert plot(asked).notices == ()


def test_names_from_the_right_to_the_left_do_not_turn_equations_around():
    class Artist:
        text = "tangent: y = 3א − 1"

        def get_text(self):
            return self.text

        def set_text(self, text):
            self.text = text

    artist = Artist()
    fonts.Fonts(outlines=True).set(artist)
    assert artist.text == "tangent: y = 3א\u200e − 1"


@pytest.mark.parametrize("name", ["x", "α", "∂f", "−1", "T₃"])
def test_usual_characters_need_no_other_font(name):
    assert not fonts.foreign(name)


# ---------------------------------------------------------------- what is left out


@pytest.mark.parametrize(
    ("text", "x"),
    [("abs(x)", 0.0), ("(x^2)^(1/3)", 0.0), ("floor(x)", 1.0), ("sqrt(x)", 0.0)],
    ids=["kink", "cusp", "jump", "upright"],
)
def test_where_there_is_no_tangent_none_is_drawn_and_the_figure_says_so(text, x):
    scene = scene_of(request(text, CurveFigure((2.5, x), DOWN)))
    _, *tangents = layers_of(scene, Line)
    assert [t.label for t in tangents if t.label.startswith("tangent")] == [
        t.label for t in tangents if "2.5" in t.label
    ]
    assert f"There is no tangent at x = {x:g}." in scene.description
    assert any(n.startswith(f"no tangent at x = {x:g}: ") for n in scene.notices)
    assert f"no tangent at x = {x:g}" in [p.label for p in layers_of(scene, Points)]


def test_a_slice_through_a_kink_has_no_tangent():
    scene = scene_of(request("abs(x) + y^2", SurfaceFigure(at=(("x", 0.0), ("y", 1.0)))))
    assert [line.label for line in layers_of(scene, Line)] == ["slice y = 1"]
    assert "has no tangent at x = 0, y = 1" in scene.description
    assert scene.notices[0].startswith("no tangent at x = 0, y = 1: ")


@pytest.mark.parametrize("x", [0.1, 0.5, 0.93, 1.0, 1.25])
def test_f_is_lower_at_the_end_of_each_arrow_downhill(x):
    for arrow in layers_of(scene_of(request("sin(5*x)", CurveFigure((x,), DOWN), x=(-3, 3))), Arrow)[::2]:
        assert np.sin(5 * arrow.head[0]) < np.sin(5 * x)


def test_where_f_falls_over_too_short_a_distance_there_is_no_arrow_but_a_notice():
    scene = scene_of(request("sin(200*x)", CurveFigure((0.02406,), DOWN), x=(-3, 3)))
    assert not layers_of(scene, Arrow)
    assert "f falls there over too short a distance to be drawn" in scene.notices[-1]


# ---------------------------------------------------------------- surfaces and contours


@pytest.mark.parametrize("text", ["exp(-20*(x^2 + y^2))", "exp(-50*((x - 1.3)^2 + (y + 0.7)^2))", "sin(3*x)*cos(3*y)"])
def test_a_surface_shows_its_peaks(text):
    (mesh,) = layers_of(scene_of(request(text, SurfaceFigure())), Mesh)
    assert np.nanmax(mesh.z) > 0.98
    assert scene_of(request(text, SurfaceFigure())).ranges[2][1] > 0.98


def test_a_surface_that_few_cells_show_has_few():
    (mesh,) = layers_of(scene_of(request("x^2 + 2*y^2", SurfaceFigure())), Mesh)
    assert len(mesh.x) == 19


def test_a_pole_is_still_cut_off():
    for text in ("1/(x^2 + y^2)", "1/((x - 0.01)^2 + (y - 0.013)^2)"):
        assert scene_of(request(text, SurfaceFigure())).ranges[2][1] < 100


ROSENBROCK = "(1 - x)^2 + 100*(y - x^2)^2"


@pytest.mark.parametrize("half", [1.0, 2.0, 20.0])
def test_contours_run_along_the_valley_of_rosenbrocks_function(half):
    """From the bottom of the valley up to its walls a dozen lines are crossed, and the lowest one is not in pieces."""
    ranges = {"x": (-half, half), "y": (-(half**2) / 4, half**2)}
    (drawn,) = layers_of(scene_of(request(ROSENBROCK, ContourFigure(), **ranges)), Contours)
    at_wall = (1 - half / 2) ** 2 + 100 * (half**2 / 4) ** 2
    bottom = (1 - half / 2) ** 2
    assert sum(bottom < level < at_wall for level in drawn.levels) >= (7 if half > 1 else 3)
    from contourpy import contour_generator

    pieces = contour_generator(drawn.x, drawn.y, np.nan_to_num(drawn.z, nan=1e300)).lines(float(drawn.levels[0]))
    assert len(pieces) <= 2
