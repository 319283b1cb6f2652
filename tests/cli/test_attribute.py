"""The command `policysim attribute`, from its arguments to what it prints."""

import json
import re
from pathlib import Path

import pytest
from command_line import Command

from policysim.cli.attributing import TIMED_RUNS, WARM_RUNS, timing
from policysim.cli.attribution_table import LARGEST, head_of, lines_of
from policysim.experiments.analysis.attribution import Row
from policysim.experiments.running.progress import Progress

SMALL = ("authority:coventry", "--people", "300", "--years", "1", "--burn-in-years", "0", "--replicates", "2")
NONE = float("nan")


def row(level: str, id: str, value: float, half: float = 1.0, **changes: object) -> Row:
    said = {
        "outcome": "expected_deaths", "unit": "deaths", "level": level, "id": id, "group": "treatment", "value": value,
        "low": value - half, "high": value + half, "share": value / -20, "alone": value, "alone_low": NONE, "alone_high": NONE,
        "leave_one_out": value / 2, "leave_one_out_low": NONE, "leave_one_out_high": NONE, "interaction": -value / 2,
        "interaction_low": NONE, "interaction_high": NONE, "orders_share": NONE, "status_quo": 100.0, "seeds": 3, "title": id,
    }  # fmt: skip
    return Row(**said | changes)  # type: ignore[arg-type]


ROWS = [
    row("regime", "Everything", -20.0, group=""),
    row("group", "treatment", -20.0, title="Treatment"),
    *(row("lever", f"A lever with a long name, the {k}th", -4.0 + k / 10) for k in range(6)),
    *(row("lever", f"Small {k}", 0.02, half=0.5) for k in range(9)),
]


@pytest.mark.parametrize("wide", [44, 80, 140])
def test_lines_fit_and_what_is_small_stands_in_one_line(wide: int) -> None:
    lines = lines_of(ROWS, wide)
    assert max(map(len, lines)) <= wide
    text = " ".join(" ".join(lines).split())
    assert "TREATMENT" in text and text.count("A lever with a long name") == 6
    assert text.count("Small") == LARGEST - 6 and "5 other levers" in text and "within noise" in text
    assert head_of(ROWS) == "Misuse deaths, expected: −20 (−21 to −19) (status quo 100; −20%)"


def test_where_there_is_room_numbers_stand_in_columns() -> None:
    head, first, second, *_ = lines_of(ROWS, 100)
    assert head.split() == ["share", "95%", "interval", "of", "all", "alone", "added", "last"]
    assert first.split() == ["TREATMENT", "−20", "−21", "to", "−19", "100%", "−20", "−10"]
    assert second.startswith("  A lever") and len(first.rstrip()) == len(second.rstrip())


def test_levers_that_no_seed_shows_are_said_to_do_nothing() -> None:
    nothing = [row("lever", f"None {k}", 0.0, low=NONE, high=NONE) for k in range(3)]
    (last,) = (line for line in lines_of([*ROWS[:8], *nothing], 100) if "3 other levers" in line)
    assert "no seed differs" in last


def test_where_all_seeds_say_the_same_that_stands_in_place_of_an_interval() -> None:
    alike = {"low": NONE, "high": NONE, "group": ""}
    whole, lever = row("regime", "Everything", -2.0, **alike), row("lever", "Kits", -2.0, **alike)
    assert "−2 (3 equal seeds: no interval)" in head_of([whole, lever]).replace(".0", "")
    (_, line) = lines_of([whole, lever], 120)
    assert "3 equal seeds: no interval" in line
    (_, of_one) = lines_of(
        [row("regime", "All", -2.0, **alike | {"seeds": 1}), row("lever", "Kits", -2.0, **alike | {"seeds": 1})], 120
    )
    assert "interval" not in of_one, "the notes say it once for all"


def test_how_long_it_takes_is_said_once_and_from_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[Progress] = []
    tell = timing(told.append)
    for runs in range(40):  # each takes 3 s, and loading the rules took 50 s before the first
        tell(Progress(10 * runs, 1000, runs, 100, 50.0 * (runs > 0) + 3.0 * runs))
    said = capsys.readouterr().err.splitlines()
    left = 100 - WARM_RUNS - TIMED_RUNS
    assert said == [
        "100 runs are to be made.",
        f"By the time that {TIMED_RUNS} of them took, the {left} left take about {round(3 * left / 60)} min.",
    ]
    assert len(told) == 40


@pytest.mark.slow
def test_a_regime_from_the_command_line_to_its_table_and_again_as_json_with_a_page(
    policysim: Command, tmp_path: Path
) -> None:
    regime, out, page = tmp_path / "mine.toml", tmp_path / "out", tmp_path / "page.md"
    regime.write_text('name = "Mine"\n[levers.stop_and_search]\nchange = 3.0\n[levers.take_home_naloxone]\n')
    arguments = (
        "attribute",
        str(regime),
        *SMALL,
        "--outcome",
        "searches,cost-council",
        "--out",
        str(out),
        "--threads",
        "1",
    )
    said = policysim(*arguments)
    assert said.code == 0, said.err
    assert said.out.startswith("Coventry, 1 year: what each lever of “Mine” brings, against the status quo")
    assert "POLICING: stop and search" in said.out and "All 2 orders were gone through" in said.out
    assert "8 runs are to be made." in said.err and str(out / "attribution.csv") in said.out
    again = policysim(*arguments, "--json", "--page", str(page))
    assert again.code == 0 and again.err == ""
    whole = json.loads(again.out)
    assert {name: whole[name] for name in ("regime", "by", "orders", "all_orders", "interval_over")} == {
        "regime": "mine", "by": "lever-in-group", "orders": 2, "all_orders": True, "interval_over": "seeds",
    }  # fmt: skip
    for outcome in ("searches", "cost_council"):
        found = [one for one in again.rows if one["outcome"] == outcome]
        assert [one["level"] for one in found].count("lever") == 2
        total = sum(one["value"] for one in found if one["level"] == "lever")
        assert total == pytest.approx(found[0]["value"], rel=1e-9)
    text = page.read_text(encoding="utf-8")
    assert "# What each lever of “Mine” brings" in text and "| `take_home_naloxone` |" in text
    pictures = re.findall(r"^!\[Bars of .*: Mine [^\]]*\]\((.*)\)$", text, re.MULTILINE)
    assert pictures == ["page-searches.svg", "page-cost-council.svg"]
    assert all((tmp_path / name).read_text().startswith("<?xml") for name in pictures)
