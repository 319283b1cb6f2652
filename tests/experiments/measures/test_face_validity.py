"""The face-validity sheet: sums that are right, figures that exist, one page."""

import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import policysim.viz.face_validity as drawing
from policysim.errors import UserError
from policysim.evidence.figures import published
from policysim.experiments.measures.face_validity import (
    AGES,
    PHASES,
    RELEASE_WEEKS,
    Record,
    by_age,
    by_clock,
    in_bands,
    mean_age,
    phase_of,
    rate_per_1000,
    ratio,
    survival,
    watch,
    yearly,
)
from policysim.scenarios.scenario import Scenario
from policysim.viz.face_validity import draw, sheet
from policysim.vocabulary.states import Care


@pytest.fixture(scope="module")
def record() -> Record:
    """Two years of few people, the first of them watched."""
    return watch(Scenario(one_in=700, burn_in_years=0, years=2), watched_years=1)


# --- sums by hand -----------------------------------------------------------------------------------------------------
def test_ages_are_added_up_by_year_of_life():
    table = by_age(np.array([10.0, 10.9, 45.2, 79.5]), np.array([1.0, 2.0, 4.0, 8.0]))
    assert table[0] == 3 and table[35] == 4 and table[69] == 8
    assert table.sum() == 15
    assert mean_age(by_age(np.array([20.1, 30.9]))) == pytest.approx(25.5)
    assert np.isnan(mean_age(np.zeros(AGES.size)))


def test_bands_keep_the_total():
    middles, bands = in_bands(np.arange(AGES.size, dtype=float))
    assert middles[:2].tolist() == [12.5, 17.5]
    assert bands[0] == 0 + 1 + 2 + 3 + 4
    assert bands.sum() == np.arange(AGES.size).sum()


def test_weeks_since_release_fall_into_their_groups():
    table = by_clock(np.array([-1, 0, 1, 2, 3, 52, 53]), np.arange(7.0), RELEASE_WEEKS)
    assert table[0].tolist() == [2 + 3, 2]  # weeks 1 and 2: deaths, person-weeks
    assert table[1].tolist() == [4, 1]
    assert table[5].tolist() == [5, 1]
    assert table[:, 1].sum() == 4  # never released, the week itself and later ones are left out


def test_standing_with_treatment():
    care = np.array([Care.AGONIST, Care.AGONIST, Care.NONE, Care.WAITING, Care.NONE, Care.NONE, Care.NONE])
    weeks_in = np.array([4, 5, 0, 0, 0, 0, 0])
    weeks_since = np.array([-1, 3, 1, 5, 13, 53, -1])
    assert [PHASES[k] for k in phase_of(care, weeks_in, weeks_since)] == list(PHASES)


def test_rates_and_ratios():
    table = np.array([[2.0, 52_000.0], [1.0, 52_000.0], [0.0, 0.0]])
    assert rate_per_1000(table)[:2].tolist() == [2.0, 1.0]
    assert np.isnan(rate_per_1000(table)[2])
    assert ratio(table, [0], [1, 2]) == pytest.approx(2.0)
    assert np.isnan(ratio(table, [0], [2]))


def test_staying_is_the_product_of_weekly_staying():
    curve = survival(np.array([100.0, 80.0, 0.0]), np.array([20.0, 20.0, 0.0]))
    assert curve.tolist() == pytest.approx([1.0, 0.8, 0.6])


# --- the evidence -----------------------------------------------------------------------------------------------------
def test_every_figure_named_on_the_sheet_exists():
    text = Path(drawing.__file__).read_text(encoding="utf-8")
    named = set(re.findall(r'"([A-F]\d+\.\d+[a-z]?)"', text)) | set(re.findall(r"\(([A-F]\d+\.\d+[a-z]?)", text))
    assert len(named) > 15
    assert named <= set(published())


# --- watching ---------------------------------------------------------------------------------------------------------
def test_what_is_watched_agrees_with_what_is_counted(record):
    """Expected deaths by age and by treatment add up to those of the outcomes, people in their last week included."""
    counted = yearly(record, "expected_deaths")[0] / record.one_in
    assert record.weeks == 52
    assert record.deaths_by_age.sum() == pytest.approx(counted)
    assert record.untreated[1] == pytest.approx(counted)
    assert record.untreated[0] <= record.untreated[1]
    arrests = yearly(record, "arrests")[0] / record.one_in
    assert record.arrests_by_age.sum() == pytest.approx(arrests)
    assert record.searches_by_age.sum() == pytest.approx(yearly(record, "searches")[0] / record.one_in)
    assert record.waits.sum() == pytest.approx(yearly(record, "treatment_starts")[0] / record.one_in)
    assert record.waits[0] < record.waits[1], "an assessment comes first, but for those whom prison hands over"


def test_people_watched_are_people_present(record):
    start = record.snapshots[0]
    assert sorted(record.snapshots) == [0, 1, 2]
    assert (start.using <= start.residents).all()
    assert start.opiate_or_crack.sum() > 0
    assert 0 <= start.hidden <= 1
    assert (record.left <= record.at_risk).all()
    assert np.array(record.potency).shape == (52, 7)


def test_one_page_with_every_panel(record):
    figure = draw(record)
    figure.draw_without_rendering()
    assert len(figure.axes) == 16
    assert all(ax.get_title(loc="left") for ax in figure.axes)


def test_the_foot_names_the_years_that_were_watched(record):
    for weeks, told in (
        (52, "misuse deaths, year 0 unless said"),
        (156, "deaths, years 0 to 2 unless said"),
        (0, "deaths"),
    ):
        assert draw(replace(record, weeks=weeks)).get_supxlabel().endswith(told)


def test_the_names_of_curves_do_not_lie_on_one_another(record):
    figure = draw(record)
    figure.draw_without_rendering()
    for ax in figure.axes:
        named = [
            text for text in ax.texts if text.get_text() in ("women", "men") or text.get_text().startswith("year ")
        ]
        for one, other in combinations(named, 2):
            assert not one.get_window_extent().overlaps(other.get_window_extent()), ax.get_title(loc="left")


def test_a_sheet_of_nobody_in_particular_is_drawn_too(record):
    """Where nobody was released, treated or arrested there are gaps, not faults."""
    empty = Record(record.place, record.one_in, record.seed, 0, record.weekly * 0, snapshots=record.snapshots)
    figure = draw(empty)
    figure.draw_without_rendering()
    words = " ".join(text.get_text() for ax in figure.axes for text in ax.texts)
    assert "nan" not in re.findall("[a-z]+", words) and "too few to say of arrests are of men" in " ".join(
        words.split()
    )
    of = {ax.get_title("left"): ax for ax in figure.axes}
    for title in ("Deaths by weeks since release", "Drug arrests a year, by age"):  # no numbers of its own making
        assert of[title].get_yticks().tolist() == [0]


@pytest.mark.slow
def test_the_sheet_is_written(record, tmp_path, monkeypatch):
    asked = {}
    monkeypatch.setattr(drawing, "watch", lambda scenario: asked.setdefault("place", scenario.place) and record)
    path = sheet(Scenario(place="west midlands"), tmp_path / "sheet.pdf")
    assert path.read_bytes().startswith(b"%PDF")
    assert asked["place"] == "west-midlands"


@pytest.mark.parametrize(
    ("name", "said"), [("sheet.doc", r"must end in one of \.png"), ("nowhere/sheet.png", "there is no folder")]
)
def test_a_file_that_cannot_be_is_refused_before_running(tmp_path, name, said):
    with pytest.raises(UserError, match=said):
        sheet(Scenario(), tmp_path / name)
