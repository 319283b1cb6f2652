"""The room of rules: every rule is told, and a file of one's own is checked, tried and read again when it is saved."""

import re
from pathlib import Path

import numpy as np
import pytest
import solara
from served_page import chromium, screen, served
from tiny_page import at_once, never, words_of, workers_of
from visits import barriers

from policysim.cli import page as page_command
from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.reference import listings
from policysim.reference.checking import people_in
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.app.compare.drawing import USUAL, curves
from policysim.viz.app.rules import own
from policysim.viz.app.rules.drawn import Drawn
from policysim.viz.app.rules.own import Bench, Trial
from policysim.viz.app.rules.room import NONE, Own, Rules
from policysim.viz.app.rules.rows import card, listed_rows, rule_rows
from policysim.viz.app.rules.side_by_side import SIDES, YOURS, by_year, sentence, sides, table, whole_seeds
from policysim.viz.app.running.comparison import Comparisons
from policysim.viz.app.running.found import Found
from policysim.viz.app.session import Session
from policysim.viz.app.started import RULES, SWEEPS, started
from policysim.viz.style import regime_styles

SOUND = '''
from policysim.rules import Adult, rule


class Grown(Adult):
    @rule
    def meet_police(self, here, world, luck):
        """Nobody meets them."""
        return
'''


COUNTS = SOUND.replace("Adult, rule", "Adult, Counted, Event, rule").replace(
    "    @rule",
    """    surprised = Event("met by surprise", label="Met by surprise")
    uneasy = Counted(lambda person: person.risk > 0.5, "people who are uneasy", label="People who are uneasy")

    @rule""",
)


@pytest.fixture
def file(tmp_path) -> Path:
    there = tmp_path / "my_rules.py"
    there.write_text(SOUND)
    return there


def bench_with(file: Path, submit=never) -> Bench:
    return Bench(str(file), Comparisons(workers_of(submit)))


@pytest.fixture
def quick_check(monkeypatch):
    """Checks that are made at once, and by the file's words alone."""

    def check(file: Path) -> str:
        if "nonsense" in file.read_text():
            raise UserError(f"{file}, line 9: there is no nonsense; leave it out")
        return f"{file} holds sound rules: Grown."

    monkeypatch.setattr(own, "check_file", check)
    monkeypatch.setattr(own, "checked", lambda turns, name, content: at_once(own.check_as_it_was, Path(name), content))


def test_every_rule_is_listed_with_a_card_of_its_text_and_numbers():
    assert len(listed_rows()) == len(listings.rules())
    for id, row in rule_rows().items():
        told = card(id)
        assert f"def {row['rule']}(" in told and "Who lives by it" in told
        assert "None" not in re.sub(r"<pre.*?</pre>|<[^>]+>", "", told, flags=re.S), id
        for name in row["parameters"]:
            assert name in told, id
    assert card("no:such") == ""


def test_a_file_is_tried_and_a_faulty_edit_leaves_the_last_good_one(file, quick_check):
    bench = bench_with(file)
    bench.look()
    assert bench.fault.value == "" and "sound rules" in bench.said.value
    assert {kind.__name__ for arm in bench.edited.scenario.regimes for kind in arm.people_classes} == {"Grown"}
    assert not bench.stock.scenario.own_classes
    assert bench.stock.scenario.seed == bench.edited.scenario.seed
    tried = bench.edited
    file.write_text(SOUND + "\nnonsense\n")
    bench.look()
    assert "line 9" in bench.fault.value and "leave it out" in bench.fault.value
    assert "not sound" in bench.said.value and bench.edited is tried
    assert "my_rules.py as it was saved at" in bench.as_of and bench.as_of.endswith("has not been tried.")
    bench.trial.value = Trial(regime="diversion")
    bench.look()
    assert bench.edited is tried and "are tried once it is sound" in bench.as_of
    file.write_text(SOUND.replace("Nobody meets them", "They meet nobody"))
    bench.look()
    assert bench.fault.value == bench.as_of == "" and bench.edited is not tried
    assert [arm.id for arm in bench.edited.scenario.regimes] == ["status-quo-by-my-rules", "diversion-by-my-rules"]
    bench.close()
    assert bench.edited is None


def test_a_check_that_came_too_late_says_nothing_of_what_was_asked(file):
    before = own.content_of(file)
    file.write_text("nonsense(")
    assert own.check_as_it_was(file, before) == ""
    with pytest.raises(UserError):
        own.check_as_it_was(file, own.content_of(file))
    file.unlink()
    assert own.check_as_it_was(file, before) == ""


def test_a_file_that_is_gone_is_told(file, quick_check):
    bench = bench_with(file)
    file.unlink()
    bench.look()
    assert "cannot be read" in bench.fault.value and bench.edited is None


def both(file: Path) -> tuple[Found, Found]:
    """Nothing yet of either side of a trial of two years."""
    stock, edited = Trial().sides(people_in(file))
    shorter = {"place": "dorset", "years": 2, "people": 2000, "replicates": 3}
    return Found(stock.model_copy(update=shorter)), Found(edited.model_copy(update=shorter))


def test_differences_are_paired_by_seed(file):
    stock, edited = both(file)
    assert table(sides(stock, edited, "harm-reduction"), "Harm reduction") == ""
    luck = np.random.default_rng(1).normal(100, 20, stock.values.shape)
    stock.values[:], edited.values[:] = luck, luck + 5
    edited.values[..., :] += np.random.default_rng(2).normal(0, 0.1, luck.shape)
    edited.values[2] = np.nan
    found = sides(stock, edited, "harm-reduction")
    told = table(found, "Harm reduction")
    assert "2 of 3 seeds" in told and "Harm reduction" in told and whole_seeds(found) == 2
    arrests = OUTCOMES["arrests"]
    assert found.totals(arrests, 2).at[YOURS, "difference"] == pytest.approx(10, abs=1)
    assert sentence(found, arrests).startswith("About 10 more arrests for drug offences in two years, between")
    numbers = by_year(found, arrests, "Arrests")
    assert "2025" in numbers and numbers.count("<tr>") == 3 and "nan" not in numbers
    edited.values[:] = stock.values
    alike = sides(stock, edited, "status-quo")
    assert sentence(alike, arrests) == "No difference in arrests for drug offences in two years."
    assert "no difference" in table(alike, "Status quo")


def test_the_chart_shows_both_sides_in_fixed_colours_and_says_so(file):
    stock, edited = both(file)
    luck = np.random.default_rng(1).normal(100, 20, stock.values.shape)
    stock.values[:], edited.values[:] = luck, luck + 5
    found = {"Status quo": sides(stock, edited, "status-quo")}
    box, context = solara.render(Drawn(found), handle_error=False)
    try:
        words = words_of(box)
    finally:
        context.close()
    assert "Your rules against the stock rules" in words and "3 seeds so far" in words
    option = curves(found["Status quo"], OUTCOMES["arrests"], False, USUAL, 2)
    lines = {one["name"]: one["lineStyle"]["color"] for one in option["series"] if "name" in one}
    styles = regime_styles([STATUS_QUO, YOURS])
    assert lines == {side.name: styles[side.id].colour for side in SIDES}
    names = curves(found["Status quo"], OUTCOMES["arrests"], True, USUAL, 2)["names"]
    assert [(one["name"], one["at"][0]) for one in names] == [("Stock rules", 1), ("Your rules", 1)]


def offered(widget) -> dict[str, str]:
    """What the lists of a widget and of those within it offer."""
    own = {one["value"]: one["text"] for one in getattr(widget, "options", [])}
    inner = [child for child in getattr(widget, "children", ()) if not isinstance(child, str)]
    return own | {value: text for child in inner for value, text in offered(child).items()}


def test_outcomes_that_a_file_declares_are_counted_under_both_and_shown(file):
    file.write_text(COUNTS)
    stock, edited = both(file)
    assert stock.scenario == edited.scenario  # so that the stock rules count them too
    stock.values[:] = 10
    for regime, at_a_time in (("status-quo", 40), ("status-quo-by-my-rules", 30)):
        stock.values[:, stock.regimes.index(regime), :, stock.column["uneasy"]] = at_a_time
    found = sides(stock, stock, "status-quo")
    told = table(found, "Status quo")
    assert "People who are uneasy" in told and "Met by surprise" in told
    assert sentence(found, found.scenario.outcomes["uneasy"]).startswith("About 10 fewer people who are uneasy")
    box, context = solara.render(Drawn({"Status quo": found}), handle_error=False)
    try:
        assert {"uneasy": "People who are uneasy", "surprised": "Met by surprise"}.items() <= offered(box).items()
    finally:
        context.close()


def test_the_room_says_how_to_give_it_a_file_and_shows_faults(file, quick_check, monkeypatch):
    for name in (SWEEPS, RULES):
        monkeypatch.delenv(name, raising=False)
    started.cache_clear()
    box, context = solara.render(Rules(Session()), handle_error=False)
    try:
        assert NONE in words_of(box)
    finally:
        context.close()
        started.cache_clear()
    file.write_text("nonsense")
    bench = bench_with(file)
    bench.look()
    box, context = solara.render(Own(bench), handle_error=False)
    try:
        assert "there is no nonsense; leave it out" in words_of(box)
    finally:
        context.close()


def test_a_file_that_is_not_there_is_told_before_anything_is_served(tmp_path):
    with pytest.raises(UserError, match=r"there is no file .*none\.py"):
        page_command.app(rules=tmp_path / "none.py")


@pytest.mark.browser
def test_a_rule_is_found_and_a_saved_fault_is_told(file):
    with served("--rules", str(file)) as address, chromium() as browser:
        page = screen(browser)
        page.goto(address)
        page.get_by_role("button", name="Stop").click()
        page.emulate_media(reduced_motion="reduce")
        page.get_by_role("tab", name="Explore a sweep", exact=True).click()
        page.locator(".ps-empty").wait_for()  # there is none
        assert barriers(page) == []
        page.get_by_role("tab", name="Rules").click()
        page.get_by_text("Checking my_rules.py").wait_for()
        assert barriers(page) == []
        page.get_by_label("Find a rule").fill("meet police")
        page.get_by_role("button", name=re.compile("meet police")).first.press("Enter")
        page.get_by_text("def meet_police(").wait_for()
        page.get_by_text("sound rules: Grown").wait_for()
        page.get_by_text("0 of 5 seeds are through").wait_for()
        assert barriers(page) == []
        file.write_text(SOUND.replace("return", "self.no_such_field = 1"))
        page.get_by_role("alert").filter(has_text="no_such_field").wait_for()
        assert barriers(page) == []
