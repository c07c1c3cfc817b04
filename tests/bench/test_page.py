"""The page and its figure, from rows that are made up."""

import json
import xml.etree.ElementTree as ET
from dataclasses import asdict, replace

import pytest

from bench.common import OURS, Row, Section, from_json, printed
from bench.page import Run, figure, machine, own_versions, page, summaries
from bench.report import measured

RUN = Run(
    "2026-11-27 12:00 UTC",
    "A processor, 2 cores",
    (0.1, 0.2, 0.3),
    "compiled",
    {"Python": "3.11", "JAX": "0.1"},
    11.6,
    False,
)
SECTIONS = [
    Section(
        "text", "Texts", "Texts are read.", "ms",
        [
            Row("`x|y`", {OURS: 0.001, "SymPy": 0.05, "SymEngine": 0.0001, "JAX": "not installed"}),
            Row("`x`", {OURS: 0.002, "SymPy": 0.08, "SymEngine": "not finished in 9 s", "JAX": "not installed"}),
        ],
        goals={"SymPy": 60, "SymEngine": 0.1}, notes=["It grows."],
    ),
    Section("loop", "Waits", "Nobody is compared.", "ms", [Row("nothing", {"median": 0.001})], compared=False),
    Section("start", "start", "This section failed.", "s", notes=["ValueError: no"]),
]  # fmt: skip


def test_the_page_shows_losses_like_wins_and_reasons_instead_of_times():
    text = page(RUN, SECTIONS, "benchmarks.svg")
    assert "| ms | Secant | SymPy | SymEngine | JAX |" in text
    assert "| `x\\|y` | 1 | 50 (50x) | 0.1 (0.10x) | not installed |" in text
    assert "| `x` | 2 | 80 (40x) | not finished in 9 s | not installed |" in text
    assert "| Texts | SymPy | 45x | 40x | 50x | 2 | 60x, missed |" in text
    assert "| Texts | SymEngine | 0.10x | 0.10x | 0.10x | 1 | 0.10x |" in text


@pytest.mark.parametrize(
    "part",
    ["2026-11-27 12:00 UTC, 12 minutes", "A processor, 2 cores", "0.10, 0.20, 0.30", "compiled", "Python 3.11, JAX 0.1", "./dev bench text",
     "- It grows.", "![", "(benchmarks.svg)", "- ValueError: no"],
)  # fmt: skip
def test_the_page_names_what_it_depends_on(part):
    assert part in page(RUN, SECTIONS, "benchmarks.svg")


def test_a_quick_run_and_a_busy_machine_are_marked():
    assert "quick run" not in page(RUN, SECTIONS, "x.svg")
    assert "quick run" in page(replace(RUN, quick=True), SECTIONS, "x.svg")
    assert "was busy" not in page(RUN, SECTIONS, "x.svg")
    assert "was busy: load 900.0" in page(replace(RUN, load=(900.0, 1.0, 1.0)), SECTIONS, "x.svg")


def test_sections_without_ratios_are_not_summed_up():
    assert {(s.section, s.rival) for s in summaries(SECTIONS)} == {("Texts", "SymPy"), ("Texts", "SymEngine")}


def test_a_section_survives_json():
    for section in SECTIONS:
        assert from_json(json.dumps(asdict(section))) == section


def test_the_terminal_shows_the_same_cells():
    lines = printed(SECTIONS[0]).splitlines()
    assert lines[0] == "Texts: ms; in brackets: time / Secant's"
    assert lines[2].split() == ["`x|y`", "1", "50", "(50x)", "0.1", "(0.10x)", "not", "installed"]


def test_the_figure_is_transparent_and_the_same_each_time(tmp_path):
    one, other = tmp_path / "one.svg", tmp_path / "other.svg"
    figure(SECTIONS, one)
    figure(SECTIONS, other)
    assert one.read_bytes() == other.read_bytes()
    root = ET.parse(one).getroot()
    background = root.find(".//*[@id='patch_1']/*")
    assert background is not None
    assert "fill: none" in background.get("style", "") or "opacity: 0" in background.get("style", "")


def test_a_figure_of_nothing_is_drawn(tmp_path):
    figure([], tmp_path / "none.svg")
    assert (tmp_path / "none.svg").exists()


def test_the_machine_and_the_versions_are_found():
    assert "cores" in machine()
    assert {"Python", "numpy", "secant"} <= own_versions().keys()


def test_a_section_that_fails_is_a_sentence_in_the_page():
    section = measured("no_such_section", True)
    assert not section.rows
    assert "no_such_section" in section.notes[0]
    assert "This section failed." in page(RUN, [section], "x.svg")
