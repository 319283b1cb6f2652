"""Whether the ranking turns on a reading: made-up results have the answers that they must have."""

import pandas as pd
import pytest

from policysim.evidence.contested import switches
from policysim.experiments.analysis.contested import (
    RANKED,
    Tried,
    bearing_on,
    sentences,
    swaps,
    table_of,
    turning,
    verdict,
)
from policysim.scenarios.scenario import Scenario

NAMES = {"a": "A", "b": "B", "c": "C"}
ROOMS = switches()["rooms_and_mortality"]


def values(**arrests: list[float]) -> dict[str, pd.DataFrame]:
    """Every outcome is alike under all regimes but arrests, which are these by seed."""
    alike = pd.DataFrame({key: [10.0, 11.0, 12.0] for key in NAMES})
    return dict.fromkeys(RANKED, alike) | {"arrests": pd.DataFrame({**alike.to_dict("list"), **arrests})}


def tried(taken: dict[str, pd.DataFrame], otherwise: dict[str, pd.DataFrame]) -> Tried:
    return Tried(ROOMS, ROOMS.usual, ("A",), swaps(taken, otherwise, NAMES), seeds=3)


FEW, MANY = [1.0, 2.1, 3.2], [20.0, 21.1, 22.2]
HARDLY_FEWER, HARDLY_MORE = [9.0, 11.5, 11.0], [12.0, 10.0, 13.0]


def test_a_pair_that_lies_the_other_way_round_beyond_noise_is_a_swap() -> None:
    found = tried(values(a=FEW), values(a=MANY))
    assert [(swap.first, swap.second, swap.decided) for swap in found.swaps or ()] == [
        ("A", "B", True),
        ("A", "C", True),
    ]
    (line,) = turning([found])
    assert (
        line.head.startswith("The ranking of regimes turns")
        and "(rooms_and_mortality: fewer-deaths, or no-fall)" in line.text
    )
    assert found.turns and "the ranking turns: in arrests for drug offences A has fewer than B as taken" in verdict(
        found
    )
    assert "−8.9 (−9.1 to −8.7)" in verdict(found) and "more otherwise, +10 (+9.9 to +10)" in verdict(found)


def test_where_an_interval_holds_zero_the_swap_is_undecided() -> None:
    found = tried(values(a=FEW), values(a=HARDLY_MORE))
    assert [swap.decided for swap in found.swaps or ()] == [False, False] and not found.turns and turning([found]) == ()
    assert "no pair changes places beyond noise" in verdict(found) and "Undecided, within noise: in arrests" in verdict(
        found
    )


def test_where_only_the_size_differs_nothing_changes_places() -> None:
    found = tried(values(a=FEW), values(a=HARDLY_FEWER))
    assert found.swaps == () and not found.turns
    assert verdict(found).endswith(
        "no two regimes change places by expected misuse deaths, arrests for drug offences or new treatment entries."
    )


def test_two_seeds_that_are_equal_decide_nothing() -> None:
    """Their difference has no interval."""
    found = tried(values(a=[1.0, 2.0, 3.0]), values(a=MANY))
    assert found.swaps and not found.turns and "no interval" in verdict(found)


def test_many_pairs_within_noise_are_told_in_part_and_all_stand_in_the_table() -> None:
    up, down = (values(a=a, b=b)["arrests"] for a, b in ((HARDLY_FEWER, HARDLY_MORE), (HARDLY_MORE, HARDLY_FEWER)))
    found = tried(dict.fromkeys(RANKED, up), dict.fromkeys(RANKED, down))
    assert found.swaps is not None and len(found.swaps) > 3 and f"and {len(found.swaps) - 3} more" in verdict(found)
    table = table_of([found])
    assert len(table) == len(found.swaps) and set(table["switch"]) == {"rooms_and_mortality"}
    assert (table["difference"] * table["other_difference"] < 0).all()


@pytest.mark.parametrize("readings", [{}, {"rooms_and_mortality": "no-fall"}])
def test_questions_that_regimes_name_are_told_with_the_reading_taken(readings: dict[str, str]) -> None:
    scenario = Scenario(regimes=["status-quo", "harm-reduction"], readings=readings)
    rooms, kits = bearing_on(scenario)
    assert (rooms.switch.id, kits.switch.id) == ("rooms_and_mortality", "naloxone_and_risk")
    assert all(one.swaps is None and one.regimes == ("Harm reduction",) for one in (rooms, kits))
    assert rooms.is_usual == (not readings) and kits.is_usual
    told, beside = sentences([rooms, kits])
    assert "(no-more-risk, the usual reading)" in beside
    assert ("the usual reading" if not readings else "no-fall, not the usual reading") in told
    assert "was not tried: --readings all runs the other reading" in told


def test_a_question_bears_on_all_regimes_that_name_it_and_on_no_other() -> None:
    deterrence, kits = bearing_on(Scenario(regimes=["status-quo", "diversion", "services-cut"]))
    assert kits.switch.id == "naloxone_and_risk" and kits.regimes == ("Diversion",) == deterrence.regimes
    assert [one.regimes for one in bearing_on(Scenario())] == [
        tuple(regime.name for regime in Scenario().regimes if id in regime.contested) for id in switches()
    ]
    assert bearing_on(Scenario(regimes=["status-quo", "services-cut"])) == []
