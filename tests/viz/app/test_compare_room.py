"""The room in which regimes are compared: its words, its charts, and what is drawn of a comparison."""

import json
import math
import re
from typing import Any

import pytest
import solara
from tiny_page import TINY, never, words_of, workers_of

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.estimates import Estimate, estimate
from policysim.experiments.analysis.unknowns import Spread
from policysim.experiments.analysis.wording import Difference
from policysim.scenarios.regime import STATUS_QUO, find_regime
from policysim.viz.app.choices import MOST_REGIMES, Choices
from policysim.viz.app.compare import answers, cards, drawing, form, themes
from policysim.viz.app.compare.room import Compare
from policysim.viz.app.compare.running import standing
from policysim.viz.app.compare.shown import MAIN, THEMES
from policysim.viz.app.running.comparison import Comparison, Comparisons
from policysim.viz.app.running.found import Found
from policysim.viz.app.session import Clock, Session
from policysim.viz.style import regime_styles
from policysim.world.places import places

EVERY = tuple(dict.fromkeys(outcome for theme in THEMES for outcome in theme.outcomes))
NO_SPREAD = Spread()


def answer(
    gap: tuple[float, float, float], spread: Spread = NO_SPREAD, name: str = "deaths", years: int = 10, seeds: int = 5
) -> answers.Answer:
    return answers.Answer(
        find_regime("diversion"), Difference(OUTCOMES[name], Estimate(*gap, seeds=seeds), 200), spread, years
    )


# --- words ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("told", "headline", "sentence"),
    [
        (answer((-30, -40, -20), Spread(gap_low=-70, gap_high=-1, draws=6)), "about 30 fewer",
         "About 30 fewer misuse deaths in ten years, between 20 and 40; what nobody knows widens that to 1.0 to 70 fewer."),
        (answer((-30, -40, -20), Spread(gap_low=-70, gap_high=5, draws=6)), "about 30 fewer",
         "About 30 fewer misuse deaths in ten years, between 20 and 40; "
         "what nobody knows widens that to anything from 70 fewer to 5.0 more."),
        (answer((-30, -40, -20), Spread(gap_low=-35, gap_high=-25, draws=6)), "about 30 fewer",
         "About 30 fewer misuse deaths in ten years, between 20 and 40; what nobody knows does not widen that."),
        (answer((-30, -40, -20), Spread(gap_low=-18, gap_high=-12, draws=6)), "about 30 fewer",
         "About 30 fewer misuse deaths in ten years, between 20 and 40; what nobody knows moves that to 12 to 18 fewer."),
        (answer((-30, -40, -20), Spread(gap_low=-32, gap_high=-12, draws=6)), "about 30 fewer",
         "About 30 fewer misuse deaths in ten years, between 20 and 40; what nobody knows moves that to 12 to 32 fewer."),
        (answer((3, -1, 7), years=1), "no clear difference",
         "No clear difference in misuse deaths in one year: anything from 1.0 fewer to 7.0 more."),
        (answer((0, 0, 0)), "no difference", "No difference in misuse deaths in ten years."),
        (answer((12, math.nan, math.nan), seeds=1), "about 12 more, one run so far",
         "About 12 more misuse deaths in ten years in the one run so far; more are on their way."),
        (answer((12, math.nan, math.nan)), "about 12 more, the same in all 5 runs",
         "About 12 more misuse deaths in ten years, the same in all 5 runs."),
        (answer((-3e6, -4e6, -2e6), name="spending", years=12), "about £3.00m less",
         "About £3.00m less spending by the four purses in 12 years, between £2.00m and £4.00m."),
    ],
)  # fmt: skip
def test_a_difference_in_words_that_a_room_reads_rightly(told: answers.Answer, headline: str, sentence: str) -> None:
    assert (told.headline, told.sentence) == (headline, sentence)


def test_answers_are_those_of_the_seeds(compared: Comparison) -> None:
    (told,) = answers.answers(compared.found, OUTCOMES["searches"], 2)
    searches = compared.found.values[..., list(compared.found.regimes).index("harm-reduction"), :, :]
    assert told.regime.id == "harm-reduction" and told.found.gap.seeds == len(searches)
    assert answers.answers(compared.found, OUTCOMES["searches"], 0) == []
    assert re.fullmatch(r"[\d,]+ searches in two years", answers.usual(compared.found, OUTCOMES["searches"], 2))
    assert answers.usual(compared.found, OUTCOMES["in_treatment"], 2).endswith("people at a time")
    assert answers.how_sure(compared.found, 2) == "2 runs of 2,000 simulated people each, 2 draws of what nobody knows"


# --- charts -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("shown", EVERY, ids=lambda shown: shown.id)
@pytest.mark.parametrize("paired", [True, False])
def test_every_outcome_can_be_drawn_and_read(compared: Comparison, shown: Any, paired: bool) -> None:
    option = drawing.curves(compared.found, shown, paired, drawing.USUAL, 2)
    json.dumps(option, allow_nan=False)
    axis = option["yAxis"]
    assert axis["min"] <= 0 < axis["max"]
    drawn = [series["name"] for series in option["series"] if "name" in series]
    assert drawn == (["Harm reduction"] if paired else ["Status quo", "Harm reduction"])
    table = themes.numbers(compared.found, shown, paired, 2)
    assert "<caption>" in table and 'scope="row">2025' in table and "nan" not in table
    assert "nan" not in themes.sentences(compared.found, shown, 2)


def test_curves_are_means_over_runs_with_intervals_and_grow_into_the_horizon(compared: Comparison) -> None:
    shown = OUTCOMES["searches"]
    points = drawing.curve(compared.found, shown, paired=False, years=2)
    at = points[(points["regime"] == "harm-reduction") & (points["year"] == 1)].iloc[0]
    expected = estimate(compared.found.values[:, 1, 1, compared.found.column["searches"]].tolist())
    assert (at["mean"], at["low"], at["high"]) == pytest.approx((expected.mean, expected.low, expected.high))
    early = drawing.curves(compared.found, shown, False, drawing.USUAL, 1)
    late = drawing.curves(compared.found, shown, False, drawing.USUAL, 2)
    lines = [[len(one["data"]) for one in option["series"] if "name" in one] for option in (early, late)]
    assert lines == [[1, 1], [2, 2]] and early["xAxis"]["data"] == late["xAxis"]["data"] == ["2025", "2026"]
    json.dumps(drawing.curves(compared.found, shown, True, drawing.USUAL, 0), allow_nan=False)


def test_on_a_projector_every_letter_of_a_chart_is_larger(compared: Comparison) -> None:
    sizes = []
    for letters in (drawing.USUAL, drawing.PROJECTED):
        drawn = json.dumps(drawing.curves(compared.found, OUTCOMES["spending"], True, letters, 2))
        sizes.append([int(size) for size in re.findall(r'"(?:fontSize|size)": (\d+)', drawn)])
    assert len(sizes[0]) == len(sizes[1]) >= 4
    assert all(small < large >= 20 for small, large in zip(*sizes, strict=True))


def test_what_nobody_knows_is_seen_where_it_reaches_less_far_than_chance() -> None:
    told = answer((-30, -60, -10), Spread(gap_low=-40, gap_high=-20, draws=6))
    drawn = cards.bar(told, regime_styles(["diversion"])["diversion"], cards.reach([told]))
    lines = [dict(re.findall(r'([\w-]+)="([^"]+)"', one)) for one in re.findall("<line [^>]+>", drawn)]
    thick = next(k for k, one in enumerate(lines) if one["stroke-width"] == "7")
    thin, *ends = lines[thick + 1 :]  # drawn after it, so upon it
    assert lines[thick]["x1"] < thin["x2"] and {one["x1"] for one in ends} == {thin["x1"], thin["x2"]}
    assert all(float(one["y2"]) - float(one["y1"]) > 7 for one in ends)


def test_a_name_stands_where_its_line_ends_and_keeps_its_room_while_there_is_none(compared: Comparison) -> None:
    for years in (0, 1, 2):
        quo, kits = drawing.curves(compared.found, MAIN[0], True, drawing.USUAL, years)["names"]
        assert (quo["name"], quo["at"]) == ("Status quo", [1, 0.0])
        mean = drawing.curve(compared.found, MAIN[0], True, 2).set_index("year")["mean"]
        assert kits["at"] == ([years - 1, pytest.approx(mean[years - 1], rel=1e-3)] if years else None)


def test_a_card_has_a_bar_for_each_interval_and_the_words_beside_it(compared: Comparison) -> None:
    told = answers.answers(compared.found, OUTCOMES["expected_deaths"], 2)
    text = cards.card("Entries", "100", told)
    assert text.count("<li>") == 1 and told[0].headline in text
    widths = re.findall(r'stroke-width="(\d)"', text)
    assert widths == ["7", "2", "2", "2", "3"]
    spots = [float(x) for x in re.findall(r'[xc]+[12x]?="([\d.]+)%"', text)]
    assert spots and all(0 <= x <= 100 for x in spots)
    early = cards.card_of(compared.found, OUTCOMES["expected_deaths"], 0)
    assert "being simulated" in early and early.count("<li>") == 1  # the room is there before the answers are


def test_groups_are_set_beside_one_another_once_a_run_has_ended(compared: Comparison) -> None:
    text = themes.ratios(compared.found, OUTCOMES["searches"], "sex")
    assert "Women" in text and "as men" in text
    assert "once the first run has ended" in themes.ratios(Found(compared.scenario), OUTCOMES["searches"], "sex")


# --- choices and time -------------------------------------------------------------------------------------------------
def test_choices_make_a_valid_scenario_with_the_status_quo_first() -> None:
    chosen = Choices(place="authority:isles-of-scilly", regimes=("multi-component", "diversion"), detail="closer")
    scenario = chosen.scenario()
    assert [regime.id for regime in scenario.regimes] == [STATUS_QUO, "diversion", "multi-component"]
    assert (scenario.people or 0) <= scenario.where.residents_10_64
    assert not Choices(regimes=()).complete
    own = find_regime("diversion").model_copy(update={"id": "ours", "name": "Ours"})
    assert [one.id for one in Choices(regimes=("ours",)).scenario({"ours": own}).regimes] == [STATUS_QUO, "ours"]
    assert Choices(regimes=tuple("abcde")).is_full and MOST_REGIMES == 6


def test_every_place_can_be_chosen() -> None:
    items = form.place_items()
    assert len({item["text"] for item in items}) == len(items) == len(places())
    assert {"text": "West Midlands, police force area", "value": "west-midlands"} in items


def test_the_clock_shows_what_is_there_and_no_more() -> None:
    clock = Clock()
    assert clock.after(1, 3).years == 3
    slow = Clock(speed=2.0)
    assert slow.after(0.5, 3).years == 1 and slow.after(60, 3).years == 3
    assert Clock(years=1, playing=False).after(60, 3).years == 1


def session_of(comparison: Comparison) -> Session:
    class Known:
        def watch(self, scenario: Any) -> Comparison:
            return comparison

        def leave(self, left: Comparison) -> None:
            pass

    return Session(Known)  # type: ignore[arg-type]


def test_pause_step_reset_and_play_move_what_is_shown(compared: Comparison) -> None:
    session = session_of(compared)
    session.run()
    session.look(0.1)
    assert session.years == 2 and not session.running
    session.reset()
    session.look(5)
    assert session.years == 0
    session.step()
    assert session.years == 1
    session.set_speed("1 year a second")
    session.play()
    session.look(0.5)
    assert session.years == 1
    session.look(0.6)
    assert session.years == 2
    session.play()  # from the beginning again
    assert session.years == 0
    session.pause()
    session.look(9)
    assert session.years == 0
    session.close()


def test_nothing_is_drawn_again_unless_what_is_shown_has_changed(compared: Comparison) -> None:
    session = session_of(compared)
    session.run()
    session.look(0.1)
    told: list[Any] = []
    session.sight.subscribe(told.append)
    for _ in range(5):
        session.look(0.1)
    assert told == []
    session.reset()
    assert [sight.years for sight in told] == [0]
    text = compared.found.once(cards.card_of, MAIN[0], years=2)
    assert compared.found.once(cards.card_of, MAIN[0], years=2) is text
    session.close()


def test_a_scenario_that_cannot_be_is_a_sentence_and_what_is_shown_stays(compared: Comparison) -> None:
    session = session_of(compared)
    session.run()
    session.choices.value = Choices(place="nowhere")
    session.run()
    assert "nowhere" in session.fault.value and session.comparison.value is compared and session.outdated
    session.choices.value = Choices()
    session.run()
    assert session.fault.value == ""
    session.close()


def test_who_waits_is_told_how_many_are_served_before() -> None:
    known = Comparisons(workers_of(never))
    scenarios = [TINY.model_copy(update={"seed": seed}) for seed in (1, 2, 3)]
    for ahead in scenarios[:2]:
        known.watch(ahead)
    told = []
    for scenario in scenarios:
        session = Session(known=lambda: known)
        session.comparison.value = known.watch(scenario)
        told.append(standing(session))
    assert told[0].startswith("Settling people")
    assert told[1:] == ["Next in the queue.", "1 other before you in the queue."]


def test_the_room_draws_a_finished_comparison(compared: Comparison) -> None:
    session = session_of(compared)
    session.run()
    session.look(1)
    box, context = solara.render(Compare(session), handle_error=False)
    try:
        words = words_of(box)
    finally:
        context.close()
    for outcome in MAIN:
        assert outcome.label in words
    assert "Shown: 2 years of 2. All 2 runs of each regime are in" in words
    assert "The choices have changed since this run" in words
