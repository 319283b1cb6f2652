"""A table of places of one's own: checked line by line, and carried by whatever is run with it."""

import csv
import io
import json
import pickle
import sys
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_results import without_pictures

from policysim import DrugPolicyModel, Scenario, read_scenario
from policysim.cli import comparing, door
from policysim.errors import UserError
from policysim.reference.checking import check_file
from policysim.scenarios.scenario import scenario_of
from policysim.world.authorities import COLUMNS, as_row
from policysim.world.places import find_place, gazetteer


def row(name="Testville", force="Testshire", code="X1", **changes):
    """A row like Rutland's, of another name."""
    rutland = as_row(find_place("rutland").authorities[0])
    return rutland | {"code": code, "local_authority": name, "police_force_area": force} | changes


def text_of(*rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "my-places.csv"
    path.write_text(text_of(row(), row("Otherton", code="X2")), encoding="utf-8")
    return path


def test_its_authorities_forces_and_nations_are_places_and_no_others(table):
    town, force = find_place("testville", places=table), find_place("Testshire police", places=str(table))
    assert (town.id, town.kind, town.code) == ("authority:testville", "authority", "X1")
    assert (force.id, len(force.authorities)) == ("testshire", 2)
    assert find_place("england", places=table).population == force.population == 2 * town.population
    with pytest.raises(UserError, match=r"no place 'birmingham' \(the table has nation:england, testshire, authority:"):
        find_place("birmingham", places=table)
    with pytest.raises(UserError, match=r"no place 'S12000049' \(the table has"):
        find_place("S12000049", places=table)
    with pytest.raises(UserError, match="did you mean 'testville'"):
        find_place("testvile", places=table)


def test_a_place_of_the_same_name_is_the_tables_own(tmp_path):
    path = tmp_path / "newer.csv"
    path.write_text(text_of(row("Rutland", "Leicestershire", "E06000017", neighbourhoods=9)), encoding="utf-8")
    assert find_place("rutland", places=path).neighbourhood_count == 9
    assert find_place("rutland").neighbourhood_count != 9
    assert len(find_place("leicestershire", places=path).authorities) == 1


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([], "has a heading and no rows"),
        ([row(population=1)], "line 2: Testville cannot be right: .* are more than its population"),
        ([row(residents_quintile_1=5)], "line 2: Testville .*do not add up to the population"),
        ([row(), row("Otherton", population="many", code="X2")], "line 3: population must be a whole number .*'many'"),
        ([row(), row("testville", code="X2")], "line 3: the local_authority 'testville' is already in .*line 2"),
        ([row(), row("Otherton")], "line 3: the code 'X1' is already in .*line 2"),
        ([row(name=" ")], "line 2: local_authority is missing"),
        ([row(name="京都")], "line 2: 京都 cannot be right: its code, name, .* need letters"),
        ([row(share_white="x")], "line 2: share_white must be a number from 0 to 1, not 'x'"),
        ([row(population=10**12)], "line 2: population must be a whole number from 0 to 100,000,000"),
    ],
)
def test_a_mistake_in_it_is_told_with_its_line(tmp_path, rows, complaint):
    path = tmp_path / "mine.csv"
    path.write_text(text_of(*rows), encoding="utf-8")
    for asked in (lambda: find_place("testville", path), lambda: Scenario(place="testville", places=path)):
        with pytest.raises(UserError, match=complaint) as caught:
            asked()
        assert str(path) in str(caught.value)


def test_a_scenario_carries_the_table_and_can_be_read_without_it(table, tmp_path):
    scenario = Scenario(place="testville", places=table, people=300, years=1)
    file = tmp_path / "scenario.toml"
    file.write_text(scenario.to_toml(), encoding="utf-8")
    table.unlink()
    again = read_scenario(file)
    assert again == scenario and again.where == scenario.where
    assert again.to_toml() == scenario.to_toml()
    assert pickle.loads(pickle.dumps(again)) == scenario
    assert again.model_copy(update={"place": "otherton"}).where.name == "Otherton"
    with pytest.raises(UserError, match="no place 'kent'"):
        again.model_copy(update={"place": "kent"})


def test_a_scenario_of_shipped_places_says_nothing_of_tables():
    assert "places" not in tomllib.loads(Scenario(place="rutland", one_in=75).to_toml())


def test_a_scenario_names_its_table_beside_itself(table, tmp_path, monkeypatch):
    file = tmp_path / "mine.toml"
    file.write_text('place = "testville"\nplaces = "my-places.csv"\n', encoding="utf-8")
    monkeypatch.chdir("/")
    assert read_scenario(file).where.code == "X1"
    assert "sound scenario: Testville" in check_file(file)
    assert scenario_of(str(file), {"place": "otherton"}).where.code == "X2"
    table.write_text(text_of(row(population="many")), encoding="utf-8")
    with pytest.raises(UserError, match=r"mine\.toml, line 2: .*my-places\.csv, line 2: population must be"):
        read_scenario(file)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('code = "X1"\n', ""), r"line \d+: row 1 of places has no 'code'"),
        (('code = "X1"\n', 'code = "X1"\nage = 3\n'), r"line \d+: row 1 of places has no key 'age'"),
        (('code = "X1"\n', "code = 7\n"), "in places, row 1: code is missing"),
        (("share_white = 0.", "share_white = 7"), "in places, row 1: share_white must be a number from 0 to 1"),
        (('code = "X2"\n', 'code = "X1"\n'), "in places, row 2: the code 'X1' is already in row 1"),
    ],
)
def test_a_mistake_in_a_row_that_a_scenario_carries_is_told(table, tmp_path, change, complaint):
    text = Scenario(place="testville", places=table, people=300).to_toml()
    assert change[0] in text
    file = tmp_path / "scenario.toml"
    file.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(UserError, match=complaint) as caught:
        read_scenario(file)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("wrong", [3, "none.csv", [3], [{}], {"a": 1}])
def test_what_is_no_table_is_refused(wrong):
    with pytest.raises(UserError, match=r"places|none\.csv"):
        Scenario(place="testville", places=wrong)


@pytest.fixture
def command(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments):
        """Exit code, output and messages of a command line."""
        monkeypatch.setattr(sys, "argv", ["policysim", *map(str, arguments)])
        code = door._run()
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_the_table_can_be_checked(table):
    residents = 2 * find_place("rutland").population
    said = f"is a sound table of places: local authorities 2, police force areas 1, residents {residents:,}."
    assert check_file(table) == f"{table} {said}"


@settings(max_examples=60, deadline=None)
@given(
    column=st.sampled_from(COLUMNS), cell=st.one_of(st.text(max_size=8), st.integers().map(str), st.floats().map(str))
)
def test_whatever_stands_in_a_cell_is_taken_or_told_with_its_line(tmp_path_factory, column, cell):
    path = tmp_path_factory.mktemp("cell") / "mine.csv"
    path.write_text(text_of(row(**{column: cell})), encoding="utf-8", errors="replace")
    try:
        found = gazetteer(path).places
    except UserError as error:
        assert str(error).startswith(f"{path}, line 2")
    else:
        assert all(gazetteer(path).find(place.id) is place for place in found)


def test_the_command_says_which_places_share_a_name_and_where_a_district_lies_now(command):
    (row,) = json.loads(command("places", "kent", "--json")[1])["rows"]
    assert (row["id"], row["code"], row["of_the_same_name"]) == ("kent", "E23000032", ["county:kent"])
    assert "is part of authority:cumberland now" in command("places", "copeland")[1]
    code, out, err = command("places", "Scotland")
    assert (code, out) == (2, "") and "not those of Scotland" in err


def test_the_command_lists_its_places(table, command):
    assert "authority:otherton" in command("places", "--places", table)[1]
    code, _, err = command("places", "kent", "--places", table)
    assert code == 2 and "there is no place 'kent'" in err
    table.write_bytes(table.read_bytes().replace(b"Otherton", b"Oth\xe9rton"))
    code, _, err = command("places", "--places", table)
    assert code == 2 and "my-places.csv, line 3, column 7: the byte 0xE9 is not UTF-8" in err


@pytest.mark.parametrize(
    "line",
    [
        ["compare"], ["trace", "--person", "1"], ["network"], ["calibration"], ["face-validity"], ["places"],
    ],
    ids=lambda line: line[0],
)  # fmt: skip
def test_every_command_that_takes_a_place_takes_the_table(line, table, command):
    code, out, err = command(line[0], "kent", *line[1:], "--places", table)
    assert (code, out) == (2, "")
    assert "there is no place 'kent' (the table has nation:england, testshire, authority:otherton" in err
    code, out, err = command(line[0], "testville", *line[1:], "--places", table.parent)
    assert (code, out) == (2, "")
    assert f"{table.parent} is a folder, not a file" in err


def test_whoever_compares_a_district_that_is_gone_is_told(monkeypatch, command):
    def stop(*_, **__):
        raise UserError("far enough")

    monkeypatch.setattr(comparing, "run_design", stop)
    _, _, err = command("compare", "copeland", "--people", "300")
    assert (
        "Copeland (authority:copeland): a district until 1 April 2023; its area is part of authority:cumberland" in err
    )


@pytest.mark.slow
def test_results_made_with_it_are_made_again_without_it(table, tmp_path, command, monkeypatch):
    without_pictures(monkeypatch)
    small = ("--people", 300, "--years", 1, "--burn-in-years", 0, "--replicates", 1, "--threads", 1)
    regimes = ("--regimes", "status-quo,diversion")
    first, second = tmp_path / "first", tmp_path / "second"
    assert command("compare", "testshire", "--places", table, *small, *regimes, "--out", first)[0] == 0
    table.unlink()
    assert command("compare", first / "scenario.toml", "--out", second, "--threads", 1)[0] == 0
    assert (second / "summary.csv").read_bytes() == (first / "summary.csv").read_bytes()
    assert (second / "scenario.toml").read_bytes() == (first / "scenario.toml").read_bytes()
    report = (first / "report.html").read_text(encoding="utf-8")
    assert "Testshire (testshire)" in report and "from a table of its own, kept in scenario.toml" in report


def test_a_model_lives_in_it(table):
    here = find_place("testshire", places=table)
    model = DrugPolicyModel(here, people=300, years=1, engine="python")
    model.step()
    assert model.place is here
    assert [police.area for police in model.police] == [0, 1]
    model.close()


def test_a_place_has_no_more_neighbourhoods_than_people_can_tell_apart(tmp_path):
    path = tmp_path / "scattered.csv"
    path.write_text(text_of(row(neighbourhoods=40_000)), encoding="utf-8")
    with pytest.raises(UserError, match="Testville has 40,000 neighbourhoods and can have 32,768 at most"):
        DrugPolicyModel(find_place("testville", places=path))
