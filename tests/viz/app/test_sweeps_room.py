"""The room of sweeps: a folder is opened, narrowed down and told, without a server and in a real browser."""

import re
import time

import numpy as np
import pandas as pd
import pytest
import solara
from served_page import chromium, screen
from tiny_page import words_of
from visits import barriers

from policysim.cli import page as page_command
from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.estimates import estimate
from policysim.experiments.analysis.sweeps.frames import PLACE, answers, totals
from policysim.experiments.analysis.sweeps.pulls import pulls
from policysim.experiments.analysis.sweeps.robustness import _clear
from policysim.experiments.designs.gathered import gathered_in
from policysim.viz.app import started as started_with
from policysim.viz.app.session import Session
from policysim.viz.app.started import Started, start_with, started
from policysim.viz.app.sweeps.asking import VIEWS, Asking, kept_points, settled
from policysim.viz.app.sweeps.controls import choices, path_rows
from policysim.viz.app.sweeps.opened import opened
from policysim.viz.app.sweeps.room import MEND, NONE, ROOM, Explorer, Sweeps, drawn, explorer_of
from policysim.viz.app.sweeps.views import view_of

KITS = "parameters.kits_per_100"


@pytest.fixture
def nothing_started(monkeypatch):
    for name in (started_with.SWEEPS, started_with.RULES):
        monkeypatch.delenv(name, raising=False)
    started.cache_clear()
    yield
    started.cache_clear()


def test_an_outcome_read_briefly_has_the_totals_of_the_whole_table(folder):
    for id in ("expected_deaths", "in_treatment", "spending"):
        outcome = OUTCOMES[id]
        brief = totals(opened(folder, id).table, [outcome])
        whole = totals(gathered_in(folder).table, [outcome])
        pd.testing.assert_frame_equal(brief, whole)
    assert opened(folder, "deaths").years == gathered_in(folder).years


@pytest.mark.parametrize("what", VIEWS)
def test_every_view_tells_its_points_in_words_and_in_a_table(folder, what):
    view = view_of(Asking(folder, first=KITS, second=""), what)
    assert view.points == 24 and "<table" in view.table and view.paragraph
    assert bool(view.picture) == bool(view.alt)
    assert "None" not in view.table and "nan" not in re.sub(r"<[^>]+>", "", view.table)


def test_limits_and_the_points_that_they_keep(folder):
    swept = opened(folder, "expected_deaths")
    asking = settled(Asking(folder), swept)
    points = swept.points_in(asking.place)
    half = float(points[KITS].median())
    narrow = asking.keeping({"path": KITS, "low": str(half), "high": "0"}, points)
    assert narrow.ranges == {KITS: (0.0, half)} and len(kept_points(narrow, points)) == 13
    assert view_of(narrow, "Summary").points == 13
    with pytest.raises(UserError, match="must be a number"):
        asking.keeping({"path": KITS, "low": "few", "high": "9"}, points)
    assert asking.keeping({"path": "no.such", "low": 0, "high": 1}, points) == asking
    assert asking.choosing({"name": "regime", "value": "no-such"}, swept) == asking
    assert asking.choosing({"name": "sweep", "value": "/etc"}, swept) == asking
    none = asking.keeping({"path": KITS, "low": -9, "high": -8}, points)
    with pytest.raises(UserError, match="No finished run lies within"):
        view_of(none, "Surface")


def test_controls_name_every_path_with_its_unit_and_limits(folder):
    swept = opened(folder, "expected_deaths")
    asking = settled(Asking(folder), swept)
    rows = {row["path"]: row for row in path_rows(asking, swept)}
    assert set(rows) == set(swept.paths)
    points = swept.points_in(asking.place)
    for path, row in rows.items():
        assert row["least"] <= points[path].min() and row["most"] >= points[path].max() and row["unit"]
    assert [one["name"] for one in choices(asking, swept)] == ["outcome", "regime", "first"]


def test_pulls_find_what_moves_an_answer(folder):
    swept = opened(folder, "expected_deaths")
    (answer,) = answers(swept, OUTCOMES["expected_deaths"], ["harm-reduction"])
    points = swept.points_in(answer.place)
    x = (points[KITS] - points[KITS].min()) / np.ptp(points[KITS])
    answer.values[:] = np.array([[7.0, 7.1]]) * x.to_numpy()[:, None]
    first = pulls(answer, points).rows.iloc[0]
    assert first["path"] == KITS and first["change"] == pytest.approx(7.05) and first["clear"]
    with pytest.raises(UserError, match="can be told from 9 points on"):
        pulls(type(answer)(**{**vars(answer), "values": answer.values[:5]}), points[:5])


def test_who_is_clearly_best_is_as_estimates_of_each_pair_say():
    luck = np.random.default_rng(3)
    keys = [(k, "here", r, s) for k in range(30) for r in ("a", "b", "c") for s in range(4)]
    found = pd.DataFrame(keys, columns=["point", PLACE, "regime", "replicate"])
    outcome = OUTCOMES["expected_deaths"]
    found[outcome.id] = luck.normal(0, 1, len(found)) + found["regime"].map({"a": 0, "b": 1, "c": 2})
    found.loc[found["point"] == 0, outcome.id] = 1.0
    for point, winner in _clear(found, outcome).droplevel(PLACE).items():
        runs = found[found["point"] == point].pivot(index="replicate", columns="regime", values=outcome.id)
        best = runs.mean().idxmin()
        gaps = [estimate((runs[best] - runs[other]).tolist()) for other in runs if other != best]
        assert winner == (best if all(gap.high < 0 for gap in gaps) else "")


def test_a_browser_opens_no_folder_but_those_of_the_command_line(folder, nothing_started):
    explorer = Explorer((folder,))
    explorer.open("/etc")
    assert explorer.asking.value.sweep == folder
    start_with([folder, folder], "mine.py")
    assert started() == Started((folder,), "mine.py")
    assert explorer_of(Session()).folders == (folder,)


def test_the_room_says_how_to_give_it_a_sweep(nothing_started):
    box, context = solara.render(Sweeps(Session()), handle_error=False)
    try:
        assert NONE in words_of(box)
    finally:
        context.close()


def test_a_folder_that_is_gone_is_told_and_looked_at_again(folder, tmp_path, nothing_started):
    there, session = tmp_path / "kits", Session()
    session.kept[ROOM] = Explorer((str(there),))
    box, context = solara.render(Sweeps(session), handle_error=False)
    try:
        until(lambda: MEND in words_of(box))
        assert f"There is no folder {there}" in words_of(box)
        there.symlink_to(folder)
        button_of(box, "Look again").fire_event("click", {})
        until(lambda: MEND not in words_of(box) and "What to show" in str(kept_of(box)))
    finally:
        context.close()


def until(holds) -> None:
    """Wait for what another thread reads."""
    late = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < late
        time.sleep(0.05)


def kept_of(widget) -> list:
    """The attributes of a widget and of those within it."""
    inner = [child for child in getattr(widget, "children", ()) if not isinstance(child, str)]
    return [getattr(widget, "attributes", {}), *(found for child in inner for found in kept_of(child))]


def button_of(widget, words: str):
    """The button of these words within a widget."""
    if words in getattr(widget, "children", ()):
        return widget
    inner = [child for child in getattr(widget, "children", ()) if not isinstance(child, str)]
    return next((found for found in (button_of(child, words) for child in inner) if found is not None), None)


def test_a_view_is_drawn_with_its_words(folder):
    @solara.component
    def Alone():  # noqa: N802
        with solara.Column():
            drawn(view_of(Asking(folder), "Ranking of regimes"))

    box, context = solara.render(Alone(), handle_error=False)
    try:
        words = words_of(box)
    finally:
        context.close()
    assert "<img" in words and 'alt="Bars and marks' in words and "Source: policysim simulation" in words


def test_a_folder_that_is_no_sweep_is_told_before_anything_is_served(tmp_path):
    with pytest.raises(UserError, match="holds no sweep"):
        page_command.app(sweep=[str(tmp_path)])


@pytest.mark.browser
def test_a_sweep_is_narrowed_down_by_keyboard(address):
    with chromium() as browser:
        page = screen(browser)
        page.goto(address)
        page.get_by_role("tab", name="Explore a sweep").click()
        page.get_by_text("All 24 points are kept.").wait_for()
        page.get_by_role("tab", name="Ranking of regimes").click()
        page.get_by_role("img", name=re.compile("over 24 points")).wait_for()
        slider = page.get_by_role("slider", name="kits per 100, from")
        slider.focus()
        for _ in range(5):
            page.keyboard.press("PageUp")
        page.get_by_text(re.compile(r"1\d of 24 points are kept\.")).wait_for()
        page.get_by_role("img", name=re.compile(r"over 1\d points")).wait_for()
        faults(page)
        page.get_by_role("button", name="Keep all points").press("Enter")
        page.get_by_text("All 24 points are kept.").wait_for()


def faults(page) -> None:
    """A limit that is no number, and limits within which there is nothing, keep nobody out."""
    page.emulate_media(reduced_motion="reduce")
    for which, typed, told in (("least", "lots", "must be a number"), ("most", "-4", "No finished run lies within")):
        if which == "most":
            page.get_by_role("textbox", name="kits per 100, least").fill("-5")
        limit = page.get_by_role("textbox", name=f"kits per 100, {which}")
        limit.fill(typed)
        limit.press("Enter")
        page.get_by_text(told).wait_for()
        assert barriers(page) == []
