"""What a place itself has and does: the most local figure goes, what is carried says so, and a changed number wins."""

import csv
import io
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from policysim.agents.roles import ROLES
from policysim.engine.fields import fields_of, layout
from policysim.errors import UserError
from policysim.evidence.registry import Parameters, registry, weekly
from policysim.evidence.targets import targets
from policysim.vocabulary.groups import opiate_or_crack
from policysim.world.authorities import as_row, authorities_of
from policysim.world.places import find_place, places
from policysim.world.population import synthesise
from policysim.world.status_quo import COLUMNS, LOCAL, Local, figure_of, figures, own_and_carried, read_figures

ONE_IN = 64
OF_CLEVELAND = {
    "place": "cleveland", "parameter": "police_carry", "value": "0.2", "year": "2024", "source": "made up", "url": "",
    "status": "assumed", "note": "",
}  # fmt: skip


def first_of(place: str):
    return find_place(place).authorities[0]


def users(place: str, carried: dict[str, float] | None = None, **changes: float) -> tuple[np.ndarray, np.ndarray]:
    """People dependent on heroin or crack at the start, and all, by authority."""
    made = synthesise(find_place(place), ONE_IN, 1, 5, Parameters(changes, carried=carried), layout(fields_of(ROLES)))
    authority = made.areas["authority"][made.people["neighbourhood"]]
    return np.bincount(authority, opiate_or_crack(made.people)), np.bincount(authority)


def table(folder: Path, *rows: dict[str, str]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "status_quo.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def test_a_force_has_its_own_searches_and_the_west_midlands_are_not_dorset():
    parameters = Parameters()
    birmingham, dorset = (Local(parameters, first_of(place)) for place in ("west-midlands", "dorset"))
    unit = registry()["searches_per_1000"].unit
    assert birmingham["searches_per_1000"] == weekly(8.97, unit)
    assert dorset["searches_per_1000"] == weekly(2.72, unit)
    assert birmingham["diversion_offer"] > dorset["diversion_offer"] == parameters["diversion_offer"]


def test_a_council_goes_by_its_own_figure_before_its_forces_and_by_that_before_the_registrys(tmp_path, monkeypatch):
    force, council = OF_CLEVELAND, OF_CLEVELAND | {"place": "authority:hartlepool", "value": "0.4"}
    nation = OF_CLEVELAND | {"place": "nation:england", "value": "0.1"}
    region = OF_CLEVELAND | {"place": "region:north-east", "value": "0.3"}
    read = read_figures(table(tmp_path, force, council, nation, region))
    monkeypatch.setattr("policysim.world.status_quo.figures", lambda: read)
    from policysim.world import status_quo

    status_quo._most_local.cache_clear()
    try:
        usual = {name: Local(Parameters(), first_of(f"authority:{name}"))["police_carry"] for name in (
            "hartlepool", "middlesbrough", "gateshead", "leeds", "cumberland", "cardiff",
        )}  # fmt: skip
    finally:
        monkeypatch.undo()
        status_quo._most_local.cache_clear()
    assert usual == {
        "hartlepool": 0.4, "middlesbrough": 0.2, "gateshead": 0.3, "leeds": 0.1, "cumberland": 0.1,
        "cardiff": registry()["police_carry"].value,
    }  # fmt: skip


def test_a_council_of_2023_has_what_its_districts_have():
    new, old = (
        figure_of(first_of(place), "searches_per_1000") for place in ("authority:cumberland", "authority:carlisle")
    )
    assert new is old is not None and new.place == "cumbria"


def test_a_number_that_a_scenario_changes_is_changed_everywhere():
    changed = Local(Parameters({"searches_per_1000": 10, "diversion_offer": 0.2}), first_of("west-midlands"))
    assert changed["diversion_offer"] == 0.2
    assert changed["searches_per_1000"] == weekly(10, registry()["searches_per_1000"].unit)
    assert changed["police_carry"] == 0.034, "what is not changed stays the place's own"
    few, twice = (users("west-midlands", ocu_per_1000=rate)[0].sum() for rate in (2, 4))
    assert twice == pytest.approx(2 * few, abs=2) and users("west-midlands")[0].sum() > twice > 0


def test_a_carried_number_leaves_published_figures_and_gives_way_to_a_changed_one():
    numbers = Parameters({"test_share": 0.3}, carried={"diversion_offer": 0.2, "kits_per_100": 40, "test_share": 0.1})
    birmingham, durham = (Local(numbers, first_of(place)) for place in ("west-midlands", "durham"))
    assert (birmingham["diversion_offer"], durham["diversion_offer"]) == (0.42, 0.2)
    assert birmingham["kits_per_100"] == durham["kits_per_100"] == 40
    assert birmingham["test_share"] == durham["test_share"] == 0.3


def test_a_council_keeps_the_users_that_are_estimated_for_it_while_those_carried_to_its_neighbours_move():
    usual, half = users("humberside")[0], users("humberside", {"ocu_per_1000": registry()["ocu_per_1000"].value / 2})[0]
    hull = [figure_of(authority, "ocu_per_1000") is not None for authority in find_place("humberside").authorities]
    assert sum(hull) == 1
    kept, moved = ((np.compress(which, half), np.compress(which, usual)) for which in (hull, np.logical_not(hull)))
    assert kept[0] == pytest.approx(kept[1], abs=1)
    assert moved[0] == pytest.approx(moved[1] / 2, abs=2)


def test_where_every_effect_is_off_a_number_with_a_null_value_is_null_in_every_place():
    numbers = Parameters(null_effects=True)
    off = [name for name in LOCAL if registry()[name].null is not None]
    assert all(Local(numbers, first_of("west-midlands"))[name] == numbers[name] for name in off)
    assert set(off) <= numbers.changed


def test_an_estimate_of_a_force_is_shared_out_among_its_councils_by_deprivation():
    together, alone = users("west-midlands")[0], users("authority:birmingham")[0]
    assert together.sum() * ONE_IN == pytest.approx(22_500, abs=2 * ONE_IN)
    same = pytest.approx(together[0], abs=5)  # whom luck picks on either side of its bounds
    assert alone.sum() == same, "Birmingham is the same alone and among its neighbours"


def test_a_council_has_the_users_that_are_estimated_for_it_among_councils_that_have_none():
    humberside = find_place("humberside")
    by_name = dict(zip((a.name for a in humberside.authorities), users("humberside")[0], strict=True))
    hull = next(name for name in by_name if "Hull" in name)
    assert by_name[hull] * ONE_IN == pytest.approx(3_357, abs=2 * ONE_IN)
    assert sum(by_name.values()) > by_name[hull]


def test_searches_of_all_forces_are_about_as_many_as_the_nations():
    parameters = Parameters()
    whole = find_place("england-and-wales")
    made = sum(Local(parameters, a)["searches_per_1000"] * 52 * a.population for a in whole.authorities)
    published = next(t for t in targets(whole.id, whole.population) if t.measure == "searches")
    assert published.low < made < published.high
    assert sum(figure.parameter == "searches_per_1000" for figure in figures()) >= 30


def test_the_target_of_a_place_with_a_figure_is_that_figure():
    counts = {"searches_per_1000": "searches", "ocu_per_1000": "opiate_or_crack_users"}
    for figure in figures():
        if figure.parameter in counts:
            place = find_place(figure.place)
            found = [t for t in targets(place.id, place.population) if t.measure == counts[figure.parameter]]
            assert [t.kind for t in found] == ["own"], figure
            assert found[0].published == pytest.approx(figure.value * place.population / 1000, rel=0.005), figure
            assert found[0].year == figure.year


def test_own_figures_and_carried_ones_are_told_apart_and_cover_everyone_once():
    for place in places():
        own, carried = own_and_carried(place)
        assert all(row["of"] and row["source"] and row["year"] for row in own)
        assert not any(row["of"] or row["year"] for row in carried)
        for name in LOCAL:
            shares = [row["share_of_residents"] for row in [*own, *carried] if row["parameter"] == name]
            assert sum(shares) == pytest.approx(1, abs=0.01), (place.id, name)


def test_a_region_goes_by_the_figures_of_each_of_its_forces():
    own, carried = own_and_carried(find_place("region:west-midlands"))
    offers = {row["of"]: row["value"] for row in own if row["parameter"] == "diversion_offer"}
    assert offers == {"west-midlands": 0.42, "west-mercia": 0.21}
    left = next(row["share_of_residents"] for row in carried if row["parameter"] == "diversion_offer")
    assert 0 < left < 0.5, "Staffordshire and Warwickshire have none"


def test_a_place_of_ones_own_has_no_figure_that_is_not_its_own():
    coventry = as_row(first_of("authority:coventry"))
    mine, newer = authorities_of([
        ("row 1", coventry | {"code": "X1", "local_authority": "Testville"}),
        ("row 2", coventry | {"population": coventry["population"]}),
    ])  # fmt: skip
    assert figure_of(mine, "searches_per_1000") is None
    assert figure_of(newer, "searches_per_1000"), "newer figures for a place that is one keep what is published of it"


def test_every_shipped_figure_says_where_it_is_from():
    assert all(figure.url.startswith("http") for figure in figures())
    assert (files("policysim.configs") / "places" / "status_quo.csv").is_file()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"place": "clevland"}, "there is no place 'clevland'; did you mean 'cleveland'"),
        ({"parameter": "police_cary"}, "no place can have its own 'police_cary'; did you mean 'police_carry'"),
        ({"parameter": "overdose_rate[heroin]"}, "no place can have its own 'overdose_rate[heroin]'"),
        ({"value": "a lot"}, "value must be a number, not 'a lot'"),
        ({"value": "1.5"}, "parameter police_carry is a share: it must lie in 0 .. 1, not 1.5"),
        ({"status": "true"}, "a figure needs a year, a source and a status of verified"),
        ({"source": ""}, "a figure needs a year, a source and a status of verified"),
        ({"year": ""}, "a figure needs a year, a source and a status of verified"),
    ],
)
def test_a_fault_in_the_table_is_one_sentence_with_its_line(tmp_path, change, said):
    path = table(tmp_path, OF_CLEVELAND, OF_CLEVELAND | {"place": "dorset"} | change)
    with pytest.raises(UserError) as fault:
        read_figures(path)
    assert f"{path}, line 3: " in str(fault.value) and said in str(fault.value) and "\n" not in str(fault.value)


def test_two_figures_of_one_place_and_number_are_told(tmp_path):
    with pytest.raises(UserError, match="line 3: the parameter 'police_carry' of 'cleveland' is already in line 2"):
        read_figures(table(tmp_path, OF_CLEVELAND, OF_CLEVELAND))
