"""The dark theme: every colour of the page has one for the dark, words stand out, and regimes are told apart as in the light."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from policysim.viz import app, style
from policysim.viz.app.dark import COLOUR, DARK, named, sheet

PAPER, PANEL = DARK["#FFFFFF"], DARK["#F3F5F8"]
REGIMES = {name: one.colour for name, one in style.SHIPPED.items()}
WORDS = {style.TEXT, style.QUIET, "#404040", "#6B6B6B", "#1A4F8B", "#8F3000"} | {
    one.ink for one in (*style.SHIPPED.values(), *style.OTHERS)
}
SEEN_BY = {
    "most people": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
"""What becomes of red, green and blue light (Machado, Oliveira and Fernandes 2009, severity 1)."""
TO_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]


def light_of(colour: str) -> np.ndarray:
    """Red, green and blue as light, from 0 to 1."""
    parts = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """As WCAG 2 has it."""
    low, high = sorted(float(light_of(colour) @ TO_XYZ[1]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, seen_by: str) -> np.ndarray:
    """Where a colour lies in CIELAB, as it is seen by somebody."""
    light = np.clip(np.array(SEEN_BY[seen_by]) @ light_of(colour), 0, 1)
    x, y, z = np.cbrt(np.maximum(np.array(TO_XYZ) @ light / np.sum(TO_XYZ, axis=1), 0.008856))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def nearest(colours: list[str], seen_by: str) -> float:
    """How far those two lie from one another that are most alike."""
    spots = [lab(colour, seen_by) for colour in colours]
    return min(float(np.linalg.norm(one - other)) for one, other in itertools.combinations(spots, 2))


def test_every_colour_of_the_page_has_one_for_the_dark():
    files = [Path(style.__file__), *Path(app.__file__).parent.rglob("*.*")]
    texts = {file.name: file.read_text() for file in files if file.suffix in {".py", ".css", ".vue"}}
    unknown = {
        (name, found) for name, text in texts.items() if name != "dark.py"
        for found in re.findall(r"""(?<=["': ])""" + COLOUR.pattern, text) if named(found) not in DARK
    }  # fmt: skip
    assert unknown == set()
    assert not COLOUR.search(re.sub(r"light-dark\([^)]*\)|\[[^]]*\]", "", sheet()))  # all go by the theme


@pytest.mark.parametrize("word", sorted(WORDS))
def test_words_stand_out_in_the_dark(word):
    assert min(contrast(DARK[word], PAPER), contrast(DARK[word], PANEL)) >= 4.5


def test_what_is_pressed_or_wrong_stands_out_in_the_dark():
    on = {"#1A4F8B": "#FFFFFF", "#262626": "#FBF1EA", "#6B3A00": "#FBF1E2", "#8F3000": "#F7F8FA", "#404040": "#EAF0F7"}
    assert {word: ground for word, ground in on.items() if contrast(DARK[word], DARK[ground]) < 4.5} == {}
    assert contrast(DARK["#767676"], PAPER) >= 3  # the frame of what is typed into


@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_regimes_are_told_apart_in_the_dark_as_well_as_in_the_light(seen_by):
    dark = [DARK[colour] for colour in REGIMES.values()]
    assert nearest(dark, seen_by) >= 0.9 * nearest(list(REGIMES.values()), seen_by)
    assert all(contrast(colour, PAPER) >= 3 for colour in dark)


def test_a_regime_keeps_its_hue_in_the_dark():
    for name, colour in REGIMES.items():
        light, dark = lab(colour, "most people")[1:], lab(DARK[colour], "most people")[1:]
        assert np.linalg.norm(light - dark) < 15, name
