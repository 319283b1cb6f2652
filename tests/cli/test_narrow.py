"""What is listed in a narrow window, and counts of one thing in sentences."""

import pytest

from policysim.cli import terminal
from policysim.reference import listings
from policysim.reference.checking import check_file


@pytest.mark.parametrize("columns", [50, 80, 120])
def test_a_narrow_window_breaks_no_id(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """Where the columns have no room beside one another they stand beneath the id."""
    monkeypatch.setenv("COLUMNS", str(columns))
    rows = listings.levers()
    terminal.print_rows(rows, ("id", "group", "title", "path", "lawful", "payer", "process"))
    out = capsys.readouterr().out
    assert {row["id"] for row in rows} <= set(out.split())
    assert {row["process"] for row in rows} <= set(out.split())
    assert max(map(len, out.splitlines())) <= columns


def test_places_take_three_lines_each_at_most(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    rows = listings.places()
    terminal.print_rows(rows, ("id", "name", "kind", "nation", "residents_10_64", "authorities", "neighbourhoods"))
    lines = capsys.readouterr().out.splitlines()
    assert {row["id"] for row in rows} <= set(lines) and max(map(len, lines)) <= 80
    assert len(lines) <= 3 * len(rows)


def test_one_of_a_thing_is_said_as_one(tmp_path) -> None:
    scenario, regime = tmp_path / "small.toml", tmp_path / "my-kits.toml"
    regime.write_text('name = "Kits"\nsummary = "One lever."\n[levers.take_home_naloxone]\n')
    scenario.write_text(
        'place = "authority:rutland"\nregimes = ["my-kits.toml"]\nyears = 1\nreplicates = 1\npeople = 300\n'
    )
    assert check_file(regime).endswith("with 1 lever.")
    assert "1 regime, 1 year, 1 replicate, one" in check_file(scenario)


def test_pounds_are_written_out_and_no_small_number_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_rows(
        [{"cost": 9_352_711.6, "saved": -8.009e6, "few": 4.125e-7, "people": 12_345}],
        ("cost", "saved", "few", "people"),
    )
    out = capsys.readouterr().out.split()
    assert {"9,353,000", "-8,009,000", "4.125e-07", "12,345"} <= set(out)
