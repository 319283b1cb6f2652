"""Building a regime as a person does it, in a real browser: found, read, set, compared, saved, loaded, sent as a link."""

import re
from pathlib import Path

import pytest
from served_page import chromium, screen
from visits import barriers

from policysim.scenarios.regime import load_regime


@pytest.mark.browser
def test_build_save_load_link_and_compare_as_a_person_does(address, tmp_path):
    complaints: list[str] = []
    with chromium() as browser:
        page = screen(browser)
        page.emulate_media(reduced_motion="reduce")
        page.goto(address)
        page.get_by_role("tab", name="Build a regime").click()
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        build(page)
        file = save(page, tmp_path)
        page.get_by_role("button", name="Links").click()
        link = page.get_by_label("Link to this regime").input_value()
        load(page, file)
        arrive(browser, link)
        page.get_by_role("tab", name="Compare").click()
        page.get_by_role("button", name="Change").click()
        page.get_by_text("Not read as usual: Do consumption rooms lower deaths").wait_for()
        assert page.get_by_label("Homes and a room").is_checked()
    assert complaints == []


def build(page) -> None:
    """Two levers, one setting wrong and put right, a reading, a name; by keyboard where a person would use it."""
    from playwright.sync_api import expect

    page.get_by_label("Find a lever").fill("housing first")
    page.get_by_role("button", name=re.compile("^.?\\s*Housing First")).first.press("Enter")
    page.get_by_text("No trial found that it changes the use of drugs").wait_for()
    page.get_by_role("button", name="Add Housing First").press("Enter")
    places = page.get_by_label("Places beyond those of today", exact=True)
    places.fill("9999")
    places.press("Tab")
    expect(page.get_by_role("alert").filter(has_text="beyond its limits")).to_be_visible(timeout=20_000)
    assert barriers(page) == []
    assert places.input_value() == "9999"
    places.fill("20")
    places.press("Tab")
    expect(page.get_by_text("Places beyond those of today: 20")).to_be_visible(timeout=20_000)
    page.get_by_label("Find a lever").fill("consumption room")
    page.get_by_role("button", name="Add Consumption room").click()
    page.get_by_label(re.compile("no fall in deaths is found")).check()
    page.get_by_label("Name of the regime").fill("Homes and a room")
    page.get_by_role("button", name="Put it into the comparison").click()
    page.get_by_text("“Homes and a room” stands in the comparison").wait_for()


def save(page, folder: Path) -> Path:
    """The file is the regime, to the project's own reader."""
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Save as a file").click()
    file = folder / downloading.value.suggested_filename
    downloading.value.save_as(file)
    assert file.name == "homes-and-a-room.toml"
    regime = load_regime(file)
    assert list(regime.levers) == ["housing_first", "consumption_room"]
    assert regime.levers["housing_first"].places == 20
    assert regime.contested == ("rooms_and_mortality",)
    return file


def load(page, file: Path) -> None:
    """A file with a fault is told by line and key; a sound one takes the place of what was there."""
    bad = file.with_name("bad.toml")
    bad.write_text('name = "Bad"\n[levers.mentoring]\nplaces = 900\n')
    page.get_by_label("A regime's file").set_input_files(bad)
    page.get_by_text("bad.toml, line 3: in lever mentoring, places must be at most 100").wait_for()
    assert barriers(page) == []
    page.get_by_label("A regime's file").set_input_files(file)
    page.get_by_text("“Homes and a room, version 2” is loaded").wait_for()


def arrive(browser, link: str) -> None:
    """The link, opened on a telephone by somebody else, holds the regime."""
    other = screen(browser, 390, 844)
    other.goto(link)
    other.get_by_text("“Homes and a room” is open from a link").wait_for()
    assert other.get_by_label("Name of the regime").input_value() == "Homes and a room"
    assert other.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    other.context.close()
