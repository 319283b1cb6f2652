"""The parts of the page, without a server: its words and numbers, the network, runs, and what is rendered."""

import ast
import asyncio
import json
import math
import re
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pytest
import solara

from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.estimates import Estimate, estimate
from policysim.experiments.analysis.numbers import number
from policysim.experiments.analysis.wording import Difference
from policysim.experiments.running.progress import RunStoppedError
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import STATUS_QUO, regimes
from policysim.scenarios.scenario import Scenario
from policysim.viz import app
from policysim.viz.app import drawing, form, network, page, results, runs, sections
from policysim.viz.app.network import State
from policysim.vocabulary.states import Care, Justice, Life, Use
from policysim.world.places import places

TINY = Scenario.model_validate(
    {"place": "dorset", "regimes": [STATUS_QUO, "harm-reduction"], "years": 1, "people": 4000, "replicates": 2,
     "burn_in_years": 0}
)  # fmt: skip


def at_once(work, *arguments) -> Future:
    """Runs in this process what the page gives to its workers."""
    future: Future = Future()
    try:
        future.set_result(work(*arguments))
    except Exception as error:  # noqa: BLE001  (a future keeps whatever was raised)
        future.set_exception(error)
    return future


@pytest.fixture(scope="module")
def found() -> results.Results:
    """A tiny comparison, run in this process."""
    return runs.Job(TINY, at_once).results()


# --- what the page says -----------------------------------------------------------------------------------------------
def test_differences_in_words():
    def cell(gap: float, low: float, high: float, name: str = "arrests", base: float = 200) -> results.Cell:
        return results.cell(Difference(OUTCOMES[name], Estimate(gap, low, high), base))

    assert cell(-20, -30, -10) == results.Cell("20 fewer", "−10%, −30 to −10", True)
    assert cell(1234, 1000, 1468).words == "1,230 more"
    assert cell(-3e6, -4e6, -2e6, "spending", 1e8).words == "£3.00m less"
    assert cell(3, -1, 7) == results.Cell("within noise", "−1.0 to +7.0", False)
    assert cell(0, 0, 0) == results.Cell("no difference", "", False)
    assert not cell(3, math.nan, math.nan).clear


def test_a_point_of_a_curve_in_words():
    row = {"mean": 12.0, "low": -3.0, "high": 27.0}
    assert results.curve_cells(row, OUTCOMES["arrests"], paired=False) == "12 (0 to 27)"
    assert results.curve_cells(row, OUTCOMES["arrests"], paired=True) == "+12 (−3.0 to +27)"
    assert results.curve_cells({**row, "low": math.nan, "high": math.nan}, OUTCOMES["arrests"], paired=True) == "+12"


def test_the_table_is_that_of_the_runs(found):
    rows = results.table(found)
    assert [shown for shown, _, _ in rows] == list(results.IN_THE_TABLE)
    assert all(len(cells) == 1 for _, _, cells in rows)
    weekly = found.digest.weekly
    searches = weekly[weekly["regime"] == STATUS_QUO].groupby("replicate")["searches"].sum()
    base = next(base for shown, base, _ in rows if shown.id == "searches")
    assert base == number(searches.mean())


def test_the_sentence_names_every_regime_once(found):
    assert results.main_answer(found).count("“Harm reduction”") == 1


def test_curves_are_means_over_runs_with_intervals(found):
    shown = OUTCOMES["searches"]
    points = results.curve(found, shown, paired=False)
    weekly = found.digest.weekly
    per_run = weekly[weekly["regime"] == "harm-reduction"].groupby("replicate")["searches"].sum().tolist()
    point = points[points["regime"] == "harm-reduction"].iloc[0]
    expected = estimate(per_run)
    assert (point["mean"], point["low"], point["high"]) == pytest.approx((expected.mean, expected.low, expected.high))
    assert set(results.curve(found, shown, paired=True)["regime"]) == {"harm-reduction"}


@pytest.mark.parametrize("shown", results.SHOWN, ids=lambda shown: shown.id)
@pytest.mark.parametrize("paired", [True, False])
def test_every_outcome_can_be_drawn_and_read(found, shown, paired):
    option = drawing.curves(found, shown, paired)
    json.dumps(option, allow_nan=False)
    axis = option["yAxis"]
    assert axis["min"] <= 0 < axis["max"]
    drawn = [series["name"] for series in option["series"] if "name" in series]
    assert drawn == (["Harm reduction"] if paired else ["Status quo", "Harm reduction"])
    table = sections.numbers(found, shown, paired)
    assert "<caption>" in table
    assert 'scope="row">2025' in table
    assert "nan" not in table


def test_labels_do_not_cover_one_another():
    ends = {"a": 50.0, "b": 50.0, "c": 49.0, "d": 0.0}
    axis = {"min": 0.0, "max": 100.0}
    shifts = drawing._apart(ends, axis)
    scale = drawing.PLOT_HEIGHT / 100
    spots = sorted((100 - value) * scale + shifts[name] for name, value in ends.items())
    assert min(np.diff(spots)) > drawing.LABEL_HEIGHT - 1
    assert shifts["d"] == 0


def test_choices_make_a_valid_scenario_with_the_status_quo_first():
    chosen = form.Choices(place="authority:isles-of-scilly", regimes=("multi-component", "diversion"), detail="closer")
    scenario = chosen.scenario()
    assert [regime.id for regime in scenario.regimes] == [STATUS_QUO, "diversion", "multi-component"]
    assert scenario.people <= scenario.where.residents_10_64
    assert not form.Choices(regimes=()).complete


def test_every_place_can_be_chosen():
    items = form.place_items()
    assert len({item["text"] for item in items}) == len(items) == len(places())
    assert {"text": "West Midlands, police force area", "value": "west-midlands"} in items


# --- the network ------------------------------------------------------------------------------------------------------
def test_states_of_people():
    made = DrugPolicyModel(place="dorset", seed=1, people=200, years=1)
    people = made.people[:7].copy()
    people["use"], people["care"], people["justice"], people["life"] = Use.NEVER, Care.NONE, Justice.FREE, Life.PRESENT
    people["use"][0, 6] = Use.DEPENDENT  # drinking alone is not shown
    people["use"][1, 0] = Use.FORMER
    people["use"][2, :2] = (Use.REGULAR, Use.REMISSION)
    people["use"][3:, 2] = Use.DEPENDENT
    people["care"][4:] = Care.AGONIST
    people["justice"][5:] = Justice.CUSTODY
    people["life"][6] = Life.DEAD
    expected = ["NEVER", "STOPPED", "USES", "DEPENDENT", "TREATMENT", "CUSTODY", "DIED"]
    assert [State(state).name for state in network.states_of(people)] == expected
    people["care"][3] = Care.WAITING
    assert network.states_of(people)[3] == State.DEPENDENT


def test_the_sample_hangs_together_and_is_the_same_every_time():
    made = DrugPolicyModel(seed=1, people=4000, years=1)
    rows = network.sample(made)
    assert len(set(rows.tolist())) == len(rows) == network.PEOPLE
    assert made.people["present"][rows].all()
    assert np.array_equal(rows, network.sample(DrugPolicyModel(seed=1, people=4000, years=1)))
    ties = network.ties_among(made, rows)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(rows)))
    graph.add_edges_from((one, other) for one, other, _ in ties)
    assert nx.number_connected_components(graph) <= 10
    assert any(using for _, _, using in ties)
    states = network.states_of(made.people[rows])
    assert 0.1 < (states >= State.USES).mean() < 0.9


def test_a_place_smaller_than_the_sample():
    made = DrugPolicyModel(place="dorset", seed=1, people=60, years=1)
    assert len(network.sample(made)) == int(made.people["present"].sum())


def test_layout_is_fixed_and_lets_everyone_be_seen():
    ties = [(k, k + 1, False) for k in range(39)]
    x, y = network.lay_out(40, ties)
    again = network.lay_out(40, ties)
    assert np.array_equal(x, again[0])
    assert np.array_equal(y, again[1])
    assert 0 <= min(x.min(), y.min()) <= max(x.max(), y.max()) <= 1
    gaps = np.hypot(x[:, None] - x, y[:, None] - y)[~np.eye(40, dtype=bool)]
    assert gaps.min() > network.CLEARANCE / 2


def test_the_network_is_the_same_people_under_every_regime(found):
    picture = found.picture
    assert picture.weeks == [0, 13, 26, 39, 52]
    quo, other = picture.frames[STATUS_QUO], picture.frames["harm-reduction"]
    assert quo.shape == other.shape == (5, len(picture.x))
    assert np.array_equal(quo[0], other[0])
    start, end = drawing.network(picture, "harm-reduction", 0), drawing.network(picture, "harm-reduction", 4)
    json.dumps(end, allow_nan=False)
    people = [[series for series in option["series"] if series["type"] == "scatter"] for option in (start, end)]
    spots = [sorted(person["value"] for series in side for person in series["data"]) for side in people]
    assert spots[0] == spots[1] == sorted([round(x, 4), round(y, 4)] for x, y in zip(picture.x, picture.y, strict=True))
    counts = np.bincount(other[4], minlength=len(State)).tolist()
    assert [len(series["data"]) for series in people[1]] == counts
    beside = drawing.network(picture, "harm-reduction", 4, STATUS_QUO)
    outlined = [person for series in beside["series"] for person in series["data"] if "itemStyle" in person]
    assert len(outlined) == (quo[4] != other[4]).sum()


def test_marks_differ_in_shape_not_in_colour_alone():
    looks = [(symbol, size > 10) for symbol, _, _, size in drawing.STATE_MARKS.values()]
    in_use = [drawing.STATE_MARKS[state][0] for state in (State.USES, State.DEPENDENT, State.TREATMENT, State.CUSTODY)]
    assert len(set(in_use)) == len(in_use)
    assert len(looks) == len(State)


# --- runs -------------------------------------------------------------------------------------------------------------
def test_a_run_is_that_of_the_model(found):
    straight = DrugPolicyModel(place="dorset", people=4000, years=1, seed=1, regime="harm-reduction")
    while straight.running:
        straight.step()
    weekly = straight.outcomes.weekly([area.name for area in straight.place.authorities], straight.one_in)
    expected = weekly.loc[weekly["area"] == "all", results.COLUMNS].to_numpy()
    kept = found.digest.weekly
    mine = kept[(kept["regime"] == "harm-reduction") & (kept["replicate"] == 0)][results.COLUMNS].to_numpy()
    assert np.array_equal(mine, expected)


def test_a_stopped_run_ends_and_leaves_no_file():
    forgotten = runs.Job(TINY, lambda work, *arguments: Future())
    path = Path(forgotten.seeds.board.path)
    assert path.exists()
    del forgotten
    assert not path.exists()
    job = runs.Job(TINY, lambda work, *arguments: Future())
    job.stop()
    assert not Path(job.seeds.board.path).exists()
    assert job.done
    with pytest.raises(RunStoppedError):
        runs.run_seed(job.seeds.tasks[0], job.seeds.board.line(0))


def follow(monkeypatch, submit) -> dict:
    told: dict = {"progress": [], "results": None, "fault": None}
    monkeypatch.setattr(page, "Job", lambda scenario: runs.Job(scenario, submit))
    held = SimpleNamespace(current=None)
    asyncio.run(
        page.follow(
            TINY, held, told["progress"].append,
            lambda value: told.update(results=value), lambda words: told.update(fault=words),
        )
    )  # fmt: skip
    return told


@pytest.mark.slow
def test_a_run_tells_the_page_its_results(monkeypatch):
    told = follow(monkeypatch, at_once)
    assert isinstance(told["results"], results.Results)
    assert told["fault"] is None


def test_a_fault_is_told_in_a_sentence(monkeypatch):
    def refuse(work, *arguments):
        return at_once(int, "not a number")

    def complain(work, *arguments):
        def wrong():
            raise UserError("this cannot be run")

        return at_once(wrong)

    assert follow(monkeypatch, complain)["fault"] == "this cannot be run"
    assert "invalid literal" in follow(monkeypatch, refuse)["fault"]


# --- the page without a browser ---------------------------------------------------------------------------------------
def words_of(widget) -> str:
    """Every word that a widget and those within it show."""
    own = [getattr(widget, name, "") for name in ("label", "hint", "unsafe_innerHTML")]
    inner = getattr(widget, "children", ())
    within = [child if isinstance(child, str) else words_of(child) for child in inner]
    return " ".join(part for part in [*own, *within] if isinstance(part, str))


def test_the_page_renders_with_labels_care_and_help_lines():
    box, context = solara.render(page.Page(), handle_error=False)
    try:
        words = words_of(box)
    finally:
        context.close()
    for regime in regimes().values():
        assert regime.name in words
        assert regime.summary in words
    assert "0300 123 6600" in words
    assert "116 123" in words


@pytest.mark.parametrize("file", sorted(Path(app.__file__).parent.glob("*.py")), ids=lambda file: file.name)
def test_no_module_of_the_page_keeps_anything_between_sessions(file):
    """Every session shares the modules: what they hold at the top is constants, classes and functions."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            assert all(re.fullmatch(r"[A-Z_, ()]+|__all__|Change|Option", ast.unparse(target)) for target in targets)
        assert not [inner for inner in ast.walk(node) if isinstance(inner, ast.Global)]
