"""A sweep's file: read, written out, refused in one sentence; and the scenario at a point."""

import re
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from policysim.errors import UserError
from policysim.scenarios.scenario import Scenario, read_scenario
from policysim.scenarios.sweep import Sweep, is_sweep, kept_sweep, read_sweep, sweep_ids, sweep_of

SOUND = """
question = "How many kits?"
design = "latin-hypercube"
points = 8

[scenario]
place = "authority:coventry"
regimes = ["status-quo", "harm-reduction", "diversion"]
years = 2
burn_in_years = 0
one_in = 500
replicates = 2
budgets = { council = 1000000 }

[vary]
"parameters.fatality_opioid" = {}
"parameters.kits_per_100" = { low = 20, high = 30, log = true }
"levers.take_home_naloxone.kits_per_100" = [10, 20, 40]
"regimes.harm-reduction.levers.consumption_room.rooms" = { low = 1, high = 3 }
"budgets.council" = { low = 1e6, high = 2e6 }
"readings.rooms_and_mortality" = ["fewer-deaths", "no-fall"]
"place" = ["authority:leicester", "coventry"]
"""

FATALITY, KITS = '"parameters.fatality_opioid" = {}', '"levers.take_home_naloxone.kits_per_100" = [10, 20, 40]'
ROOMS = '"regimes.harm-reduction.levers.consumption_room.rooms" = { low = 1, high = 3 }'

WRONG: dict[str, tuple[str, str, str]] = {
    "key": ("points = 8", "pionts = 8", "line 4: there is no key 'pionts' .*did you mean 'points'?"),
    "question": ('"How many kits?"', '" "', "line 2: question must be one line of text, not ' '"),
    "design": ("latin-hypercube", "latin-hypercub",
        "line 3: there is no design 'latin-hypercub'; did you mean 'latin-hypercube'?"),
    "no points": ("points = 8", "", "the design 'latin-hypercube' needs points, as in points = 64"),
    "points below one": ("points = 8", "points = 0", "line 4: points must be at least 1, not 0"),
    "odd sobol": ('latin-hypercube"\npoints = 8', 'sobol"\npoints = 12',
        "line 4: points of sobol must be a power of two, such as 8 or 16"),
    "points of a factorial": ("latin-hypercube", "factorial",
        "line .*: the design 'factorial' takes a list of values, and no range"),
    "levels elsewhere": ("points = 8", "points = 8\nlevels = 6", "line 5: levels belongs to design = 'morris'"),
    "order elsewhere": ("points = 8", "points = 8\nsecond_order = true", "line 5: second_order belongs to design = 'sobol'"),
    "table elsewhere": ("points = 8", "points = 8\ntable = 'a.csv'", "line 5: table belongs to design = 'sample'"),
    "no head": (FATALITY, '"fatality_opioid" = {}',
        "line 16: there is no path 'fatality_opioid'; did you mean 'parameters.fatality_opioid'?"),
    "not in quotes": (FATALITY, "parameters.fatality_opioid = {}", "line 16: .*in quotes"),
    "parameter": (FATALITY, '"parameters.fatality_opiod" = {}',
        "line 16: there is no parameter 'fatality_opiod'; did you mean 'fatality_opioid'?"),
    "table of numbers": (FATALITY, '"parameters.overdose_rate" = {}',
        "line 16: parameter 'overdose_rate' is a table of .*as in \"parameters.overdose_rate"),
    "beyond the range": (FATALITY, '"parameters.fatality_opioid" = { low = 0.01 }',
        "line 16: .*lies beyond its range 0.024 to 0.08 .*beyond_ranges = true"),
    "cannot be": (FATALITY, '"parameters.fatality_opioid" = { low = -1 }', "line 16: .*must lie in 0 .. 1, not -1"),
    "low above high": (FATALITY, '"parameters.fatality_opioid" = { low = 0.08, high = 0.03 }',
        "line 16: low = 0.08 of .* must be below high = 0.03"),
    "low is high": (FATALITY, '"parameters.fatality_opioid" = { low = 0.03, high = 0.03 }',
        "line 16: low = 0.03 of .* must be below high = 0.03"),
    "log of nothing": (FATALITY, '"parameters.fatality_by_age" = { log = true }', "line 16: log needs a range above zero"),
    "log in words": (FATALITY, '"parameters.fatality_opioid" = { log = "yes" }',
        "line 16: log must be true or false, not 'yes'"),
    "key of a range": (FATALITY, '"parameters.fatality_opioid" = { lo = 0.03 }',
        "line 16: a range has no key 'lo' .*did you mean 'low'?"),
    "low in words": (FATALITY, '"parameters.fatality_opioid" = { low = "a" }', "line 16: low must be a number, not 'a'"),
    "endless": (FATALITY, '"parameters.fatality_opioid" = { low = 1' + "0" * 400 + " }",
        "line 16: low must be a number, not 1000"),
    "without a number": (FATALITY, '"parameters.fatality_opioid" = [nan]', "line 16: .*must be a number, not nan"),
    "no range": (FATALITY, '"parameters.fatality_opioid" = 0.03', "line 16: .* varies over a range, .* or a list, not 0.03"),
    "a head alone": (FATALITY, '"parameters" = [0.03]',
        "line 16: the path 'parameters' leads to nothing by itself: .*parameters.ID"),
    "no values": (KITS, '"levers.take_home_naloxone.kits_per_100" = []', "line 18: .* has no values to take"),
    "twice": (KITS, '"levers.take_home_naloxone.kits_per_100" = [10, 10.0]', "line 18: .* has the value 10.0 twice"),
    "lever": (KITS, '"levers.take_home_naloxon.kits_per_100" = [1]',
        "line 18: there is no lever 'take_home_naloxon'; did you mean 'take_home_naloxone'?"),
    "lever not pulled": (KITS, '"levers.stop_and_search.coverage" = [1]',
        "line 18: no regime of the scenario pulls lever stop_and_search"),
    "setting": (KITS, '"levers.take_home_naloxone.kits_per_10" = [1]',
        "line 18: lever take_home_naloxone has no setting 'kits_per_10' .*did you mean 'kits_per_100'?"),
    "setting beyond": (KITS, '"levers.take_home_naloxone.kits_per_100" = [1, 501]',
        "line 18: .*kits_per_100 of lever take_home_naloxone must be at most 500, not 501"),
    "setting in words": (KITS, '"levers.take_home_naloxone.kits_per_100" = ["many"]',
        "line 18: kits_per_100 of lever take_home_naloxone must be a number, not 'many'"),
    "setting without a range": (KITS, '"levers.take_home_naloxone.kits_per_100" = {}',
        "line 18: .* has no range of its own: give it low and high"),
    "half a room": (ROOMS, '"levers.consumption_room.rooms" = [1, 1.5]',
        "line 19: rooms of lever consumption_room is a whole number, not 1.5"),
    "no whole room": (ROOMS, '"levers.consumption_room.rooms" = { low = 1.2, high = 2.4 }',
        "line 19: .* is a whole number, and there are not two of them from 1.2 to 2.4"),
    "regime": (ROOMS, '"regimes.harm-reducton.levers.consumption_room.rooms" = [1]',
        "line 19: regime 'harm-reducton' is not among the scenario's .*did you mean 'harm-reduction'?"),
    "regime without the lever": (ROOMS, '"regimes.diversion.levers.consumption_room.rooms" = [1]',
        "line 19: regime diversion does not pull lever consumption_room"),
    "two ways": (ROOMS, '"regimes.harm-reduction.levers.take_home_naloxone.kits_per_100" = [5]',
        "line 19: .*both set .*leave one of them out"),
    "purse": ('"budgets.council"', '"budgets.councl"', "line 20: there is no purse 'councl'; did you mean 'council'?"),
    "budget without a range": ('"budgets.council" = { low = 1e6, high = 2e6 }', '"budgets.council" = {}',
        "line 20: .* has no range of its own"),
    "budget below nothing": ('"budgets.council" = { low = 1e6, high = 2e6 }', '"budgets.council" = [-1]',
        "line 20: the budget of the council purse must be GBP a year"),
    "budgets of today": ("budgets = { council = 1000000 }", 'budgets = "status-quo"',
        "line 20: the scenario gives every purse what the status-quo spends"),
    "question of a reading": ("readings.rooms_and_mortality", "readings.rooms_and_mortalty",
        "line 21: there is no contested question 'rooms_and_mortalty'"),
    "reading": ('"no-fall"', '"no-fal"', "line 21: .*did you mean 'no-fall'?"),
    "range of readings": ('["fewer-deaths", "no-fall"]', "{ low = 1, high = 2 }",
        "line 21: readings.rooms_and_mortality takes a list of values, and no range"),
    "place": ('"authority:leicester"', '"authority:leicster"',
        "line 22: there is no place 'authority:leicster'.*authority:leicester"),
    "place twice": ('"coventry"', '"leicester", "authority:leicester"', "line 22: place .*twice"),
    "range of places": ('["authority:leicester", "coventry"]', "{ low = 1, high = 2 }",
        "line 22: place varies over a list of places"),
    "one place": ('["authority:leicester", "coventry"]', '"leicester"', "line 22: .* a list of places, as in .'leicester'"),
    "key of the scenario": ("years = 2", "yeers = 2", "line 9: there is no key 'yeers' .*did you mean 'years'?"),
    "place of the scenario": ("authority:coventry", "authority:coventri", "line 7: there is no place 'authority:coventri'"),
    "regime of the scenario": ('"diversion"', '"diversoin"',
        "line 8: there is no regime 'diversoin'; did you mean 'diversion'?"),
    "uncertainty": ("years = 2", "years = 2\nuncertainty = 6", "line 10: uncertainty draws numbers beside those of the design"),
    "equal spend": ("budgets = { council = 1000000 }", "equal_spend = 1e6", "line .*: equal_spend is for 'policysim compare'"),
    "scenario file": ('[scenario]\nplace = "authority:coventry"', 'scenario = "none.toml"\n[other]\nplace = "a"',
        "no key 'other'"),
}  # fmt: skip


def written(folder: Path, text: str) -> Path:
    path = folder / "my-sweep.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(UserError) as found:
        read_sweep(path)
    assert "\n" not in str(found.value)
    return str(found.value)


@pytest.mark.parametrize(("before", "after", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_line(before: str, after: str, said: str, tmp_path: Path) -> None:
    assert before in SOUND
    path = written(tmp_path, SOUND.replace(before, after))
    told = refused(path)
    assert told.startswith(str(path)) and re.search(said.replace("?", r"\?"), told), told


def test_a_sound_one_is_read_and_written_out(tmp_path: Path) -> None:
    path = written(tmp_path, SOUND)
    assert is_sweep(path)
    sweep = read_sweep(path)
    assert sweep.paths == (
        "parameters.fatality_opioid", "parameters.kits_per_100", "levers.take_home_naloxone.kits_per_100",
        "regimes.harm-reduction.levers.consumption_room.rooms", "budgets.council", "readings.rooms_and_mortality",
    )  # fmt: skip
    assert sweep.places == ("authority:leicester", "authority:coventry")
    assert sweep.size == 8
    again = written(tmp_path, sweep.to_toml())
    assert read_sweep(again) == sweep
    assert read_sweep(again).to_toml() == sweep.to_toml()


def test_the_scenario_at_a_point(tmp_path: Path) -> None:
    sweep = read_sweep(written(tmp_path, SOUND))
    found = sweep.scenario_at(
        {
            "parameters.fatality_opioid": 0.05, "levers.take_home_naloxone.kits_per_100": 20,
            "regimes.harm-reduction.levers.consumption_room.rooms": 3.0, "budgets.council": 5.0,
            "readings.rooms_and_mortality": "no-fall", "place": "authority:leicester",
        }
    )  # fmt: skip
    by_id = {regime.id: regime for regime in found.regimes}
    levers = by_id["harm-reduction"].levers
    assert found.parameters == {"fatality_opioid": 0.05} and found.budgets == {"council": 5.0}
    assert found.readings == {"rooms_and_mortality": "no-fall"} and found.place == "authority:leicester"
    assert levers["take_home_naloxone"].kits_per_100 == 20 and levers["consumption_room"].rooms == 3  # type: ignore[attr-defined]
    assert by_id["status-quo"] == sweep.scenario.regimes[0] and by_id["diversion"] == sweep.scenario.regimes[2]
    assert sweep.scenario_at({}) == sweep.scenario


def test_a_setting_is_set_in_every_regime_that_pulls_the_lever() -> None:
    scenario = Scenario(
        place="authority:coventry", regimes=["status-quo", "harm-reduction", "multi-component"], one_in=500
    )
    sweep = Sweep(
        question="?", design="factorial", scenario=scenario, vary={"levers.take_home_naloxone.coverage": [0.5, 1]}
    )  # fmt: skip
    moved = sweep.scenario_at({"levers.take_home_naloxone.coverage": 0.5})
    assert [one.levers["take_home_naloxone"].coverage for one in moved.regimes[1:]] == [0.5, 0.5]


def test_what_is_wrong_at_a_point_names_the_path(tmp_path: Path) -> None:
    sweep = read_sweep(written(tmp_path, SOUND))
    for values, said in (
        ({"parameters.fatality_opioid": 0.5}, "parameters.fatality_opioid: .*beyond its range"),
        ({"levers.take_home_naloxone.start_week": 104}, "would begin in week 104"),
        ({"levers.take_home_naloxone.kits": 1}, "has no setting 'kits'"),
        ({"place": "covntry"}, "there is no place 'covntry'"),
    ):
        with pytest.raises(UserError, match=said):
            sweep.scenario_at(values)


def test_a_number_may_lie_beyond_its_range_where_that_is_said(tmp_path: Path) -> None:
    text = SOUND.replace(FATALITY, '"parameters.fatality_opioid" = { low = 0.01, high = 0.2 }')
    sweep = read_sweep(written(tmp_path, text.replace("years = 2\n", "years = 2\nbeyond_ranges = true\n", 1)))
    assert sweep.scenario_at({"parameters.fatality_opioid": 0.2}).parameters["fatality_opioid"] == 0.2


LISTED = """
question = "Which?"
design = "list"

[scenario]
place = "authority:coventry"
regimes = ["status-quo"]
one_in = 500

[[points_listed]]
"parameters.fatality_opioid" = 0.03

[[points_listed]]
"parameters.fatality_opioid" = 0.04
"parameters.kit_used" = 0.5
"""


def test_a_list_of_points(tmp_path: Path) -> None:
    sweep = read_sweep(written(tmp_path, LISTED))
    assert sweep.paths == ("parameters.fatality_opioid", "parameters.kit_used") and sweep.size == 2
    assert sweep.points_listed[0] == {"parameters.fatality_opioid": 0.03}
    assert "line 15: " in refused(written(tmp_path, LISTED.replace("kit_used", "kit_usd")))
    assert "line 15: " in refused(written(tmp_path, LISTED.replace("= 0.5", "= 5")))
    assert "name places under" in refused(written(tmp_path, LISTED.replace("parameters.kit_used", "place")))
    assert "leave points out" in refused(written(tmp_path, LISTED.replace('"list"', '"list"\npoints = 2')))
    moved = LISTED.replace("[[", '[vary]\n"parameters.kit_used" = {}\n[[', 1)
    assert "varies what stands in [[points_listed]]" in refused(written(tmp_path, moved))
    assert "needs a [[points_listed]]" in refused(written(tmp_path, LISTED.partition("[[")[0]))


SAMPLE = LISTED.partition("[[")[0].replace('"list"', '"sample"\ntable = "draws.csv"')


def test_a_sample_from_a_table(tmp_path: Path) -> None:
    table = tmp_path / "draws.csv"
    table.write_text("parameters.fatality_opioid,parameters.kit_used\n0.03,0.5\n\n0.04,0.6\n", encoding="utf-8")
    sweep = read_sweep(written(tmp_path, SAMPLE))
    assert [point["parameters.kit_used"] for point in sweep.points_listed] == [0.5, 0.6]
    pd.read_csv(table).to_parquet(tmp_path / "draws.parquet")
    assert read_sweep(written(tmp_path, SAMPLE.replace(".csv", ".parquet"))).points_listed == sweep.points_listed
    kept = written(tmp_path, sweep.to_toml())
    table.unlink()
    assert read_sweep(kept).points_listed == sweep.points_listed
    assert 'table = "draws.csv"' in kept.read_text(encoding="utf-8")
    too_many = SAMPLE.replace("table", "points = 3\ntable")
    table.write_text("parameters.fatality_opioid\n0.03\n0.04\n", encoding="utf-8")
    assert "points = 3 is more than the 2 rows" in refused(written(tmp_path, too_many))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "draws.csv has no columns"),
        ("parameters.kit_used\n", "draws.csv has a heading and no rows"),
        (
            "kit_used\n0.5\n",
            "draws.csv, column 'kit_used': there is no path 'kit_used'; did you mean 'parameters.kit_used'?",
        ),
        (
            "parameters.kit_used\n0.5\nhalf\n",
            "draws.csv, line 3, column 'parameters.kit_used': .*must be a number, not 'half'",
        ),
        (
            "parameters.kit_used\n0.5\nnan\n",
            "draws.csv, line 3, column 'parameters.kit_used': .*must be a number, not nan",
        ),
        ("parameters.kit_used\n0.99\n", "draws.csv, line 2, column .*beyond its range"),
        ("parameters.kit_used\n0.5,0.5\n", "draws.csv, line 2: the row has 2 cells, and the heading 1"),
        (
            "parameters.kit_used,parameters.kit_used\n0.5,0.5\n",
            "draws.csv: the column 'parameters.kit_used' is there twice",
        ),
        (
            "parameters.kit_used;parameters.kit_loss\n0,5;0,4\n",
            "draws.csv, line 1: the columns are parted by semicolons",
        ),
        (
            "place,parameters.kit_used\nauthority:coventry,0.5\n",
            "draws.csv: a whole design is run in each place: name places under .vary., not in a column",
        ),
        (None, "there is no file"),
    ],
)
def test_a_table_that_is_none(table: str | None, said: str, tmp_path: Path) -> None:
    if table is not None:
        (tmp_path / "draws.csv").write_text(table, encoding="utf-8")
    assert re.search(said.replace("?", r"\?"), refused(written(tmp_path, SAMPLE)))


def test_a_scenario_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text('place = "authority:coventry"\none_in = 400\n', encoding="utf-8")
    text = (
        'question = "?"\ndesign = "factorial"\nscenario = "scenario.toml"\n[vary]\n"parameters.kit_used" = [0.5, 0.6]\n'
    )
    assert read_sweep(written(tmp_path, text)).scenario == read_scenario(tmp_path / "scenario.toml")
    assert "line 3: there is no file" in refused(written(tmp_path, text.replace("scenario.toml", "none.toml")))


def test_the_places_are_those_of_the_sweep_where_the_scenario_names_none(tmp_path: Path) -> None:
    sweep = read_sweep(written(tmp_path, SOUND.replace('place = "authority:coventry"\n', "", 1)))
    assert sweep.scenario.place == "authority:leicester"


def test_a_sweep_that_was_run_is_read_whatever_regimes_and_ranges_are_now(tmp_path: Path) -> None:
    text = read_sweep(written(tmp_path, SOUND)).to_toml()
    assert kept_sweep(written(tmp_path, text)) == read_sweep(written(tmp_path, text))
    earlier = text.replace("same_day = 0.8", "same_day = 0.7").replace("low = 0.024", "low = 0.004")
    assert "same_day = 0.7" in earlier and "low = 0.004" in earlier
    path = written(tmp_path, earlier)
    assert "with other levers" in refused(path)
    assert kept_sweep(path).vary["parameters.fatality_opioid"].low == 0.004


def test_a_factorial_of_nothing_is_refused(tmp_path: Path) -> None:
    text = SOUND.partition("[vary]")[0].replace("latin-hypercube", "factorial").replace("points = 8\n", "")
    assert "the design 'factorial' needs at least one path to vary" in refused(written(tmp_path, text))


@pytest.mark.parametrize("design", ["morris", "sobol"])
def test_a_design_that_asks_what_varying_does_takes_no_path_with_one_value(design: str, tmp_path: Path) -> None:
    text = SOUND.replace("latin-hypercube", design).replace("[10, 20, 40]", "[10]")
    assert f"has one value alone: {design} asks what it does when it varies" in refused(written(tmp_path, text))
    ran = read_sweep(written(tmp_path, SOUND.replace("latin-hypercube", design))).to_toml()
    earlier = re.sub(r"kits_per_100\" = \[[^]]*]", 'kits_per_100" = [10.0]', ran, count=1)
    assert earlier != ran and kept_sweep(written(tmp_path, earlier)).points == 8, "what was run before is still read"
    assert read_sweep(written(tmp_path, SOUND.replace("[10, 20, 40]", "[10]"))).points == 8


def test_places_alone_may_vary(tmp_path: Path) -> None:
    text = SOUND.partition("[vary]")[0].replace("latin-hypercube", "factorial").replace("points = 8\n", "")
    sweep = read_sweep(written(tmp_path, text + '[vary]\nplace = ["authority:leicester", "coventry"]\n'))
    assert sweep.size == 1 and sweep.paths == () and len(sweep.places) == 2


@pytest.mark.parametrize("id", sweep_ids())
def test_shipped_sweeps_are_sound_and_say_how_they_are_run(id: str) -> None:
    sweep = sweep_of(id)
    text = (files("policysim.configs.sweeps") / f"{id}.toml").read_text(encoding="utf-8")
    assert text.startswith("# ") and f"policysim sweep {id} --dry-run" in text and f"policysim sweep {id} --out" in text
    assert sweep.size > 1 and "status-quo" in [regime.id for regime in sweep.scenario.regimes]


def test_a_sweep_that_there_is_not() -> None:
    with pytest.raises(UserError, match=r"did you mean 'naloxone-and-rooms'\?"):
        sweep_of("naloxone-and-room")
