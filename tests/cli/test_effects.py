"""The command `policysim effects`, from its arguments to what it prints."""

from pathlib import Path

import pytest
from command_line import Command

from policysim.cli.effects_table import lines_of
from policysim.experiments.analysis.effects import Row

SMALL = ("authority:coventry", "--people", "300", "--years", "1", "--burn-in-years", "0", "--replicates", "2")
NONE = float("nan")


def row(outcome: str, **changes: object) -> Row:
    said = {
        "lever": "take_home_naloxone", "group": "harm reduction", "outcome": outcome, "unit": "deaths", "difference": -3.0,
        "low": -5.0, "high": -1.0, "published": NONE, "published_low": NONE, "published_high": NONE, "cost": 200_000.0,
        "years": 5, "title": "Take-home naloxone", "role": "purpose", "expected": "falls", "payer": "council",
        "status_quo": 100.0, "seeds": 3, "evidence": (), "population": "", "carried": "", "why_none": "", "scales": (),
    }  # fmt: skip
    return Row(**said | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("wide", [60, 80, 110])
def test_lines_fit_and_the_published_effect_stands_beside_or_beneath(wide: int) -> None:
    rows = [row("kits_given"), row("expected_deaths", published=-4.0, published_low=-6.0, published_high=-2.0)]
    lines = lines_of(rows, wide)
    assert lines[0].startswith("Take-home naloxone") and max(map(len, lines)) <= wide
    told = " ".join(" ".join(lines).split())
    assert "the council purse spends £200,000 more" in told
    assert "Misuse deaths, expected −3.0 −5.0 to −1.0 published −4.0 (−6.0 to −2.0)" in told


def test_what_no_seed_changed_is_said_to_be_so() -> None:
    lines = lines_of([row("deaths", difference=0.0, low=NONE, high=NONE, cost=NONE)], 80)
    assert "no seed differs" in lines[1] and "purse" not in lines[0]


@pytest.mark.slow
def test_one_lever_from_the_command_line_to_its_table_and_again_as_json(policysim: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = policysim(
        "effects", *SMALL, "--lever", "take-home-naloxone,scare_tactics", "--out", str(out), "--threads", "1"
    )
    assert said.code == 0, said.err
    assert "Take-home naloxone (take_home_naloxone, harm reduction)" in said.out and "Kits given" not in said.err
    assert str(out / "effects.csv") in said.out and (out / "effects.csv").exists()
    again = policysim(
        "effects", *SMALL, "--lever", "take_home_naloxone", "--lever", "scare_tactics", "--out", str(out), "--json",
        "--page", str(tmp_path / "page.md"),
    )  # fmt: skip
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "## Harm reduction" in page and "## Prevention" in page and "Coventry, 1 year after" in page
    assert [line.split(" | ")[0] for line in page.splitlines() if line.startswith("| `")] == [
        "| `take_home_naloxone`", "| `scare_tactics`", "| `take_home_naloxone`", "| `scare_tactics`",
    ], "in its group, and beside what is published"  # fmt: skip
    rows = again.rows
    assert [one["outcome"] for one in rows if one["lever"] == "scare_tactics"][:2] == [
        "pupils_taught_by_scare",
        "first_use",
    ]
    assert all(one["published"] is None and one["why_none"] for one in rows)
    assert {"population", "evidence", "carried", "holds_nothing", "status_quo"} <= rows[0].keys()


@pytest.mark.slow
def test_horizons_are_read_from_one_run_and_each_has_its_table(policysim: Command, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    small = [word for word in SMALL if word not in ("--years", "1")]
    both = ("effects", *small, "--lever", "take_home_naloxone,scare_tactics", "--horizons", "2,1", "--out", out)
    said = policysim(*both, "--threads", "1")
    assert said.code == 0, said.err
    titles = [line for line in said.out.splitlines() if "each lever alone" in line]
    assert [title.partition(", ")[2].partition(":")[0] for title in titles] == ["1 year", "2 years"]
    assert "cannot be foreseen" not in said.out, "that is said of 25 years"
    rows = policysim(*both, "--json").rows
    assert {one["years"] for one in rows} == {1, 2}
    kits = {one["years"]: one for one in rows if one["outcome"] == "kits_given"}
    assert kits[2]["status_quo"] > kits[1]["status_quo"], "what is counted goes on"


@pytest.mark.parametrize("given", ["0", "5,ten", "41", ",", "-5", "2.5"])
def test_horizons_that_are_none_are_told_in_one_sentence(policysim: Command, given: str) -> None:
    said = policysim("effects", *SMALL, f"--horizons={given}")
    assert said.code == 2 and len(said.err.strip().splitlines()) == 1
    assert "--horizons takes years from 1 to 40 with commas, as in 5,10,25, not" in said.err
