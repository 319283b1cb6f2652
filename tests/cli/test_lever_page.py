"""The page of a lever: everything that a commissioner asks is on it, in any window."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from policysim.cli.lever_page import print_page
from policysim.evidence.documents import documents
from policysim.levers.catalogue import LEVERS
from policysim.levers.lever import Lever
from policysim.reference import listings
from policysim.reference.levers import lever_row

ROOT = Path(__file__).resolve().parents[2]


def page(name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int = 110) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    print_page(lever_row(LEVERS[name]))
    return capsys.readouterr().out


@pytest.mark.parametrize("columns", [60, 80, 110, 200])
@pytest.mark.parametrize("name", LEVERS)
def test_a_page_is_as_wide_as_the_window_and_no_wider_than_is_read(
    name: str, columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = max(page(name, capsys, monkeypatch, columns).splitlines(), key=len)
    assert len(longest) <= min(columns, 110) or " " not in longest.strip(), longest


@pytest.mark.parametrize("name", LEVERS)
def test_a_page_says_all_that_a_commissioner_asks(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lever, told = LEVERS[name], " ".join(page(name, capsys, monkeypatch).split())
    row = lever_row(lever)
    for text in (lever.title, lever.id, lever.outcome, lever.process, lever.payer, lever.caution, *lever.evidence):
        assert text.rstrip(".") in told, text
    for setting, said in row["settings"].items():
        assert f" {setting} " in told and said["unit"] in told
        assert said["meaning"].split(":")[0][1:] in told
    for key, one in zip(lever.sources, row["documents"], strict=True):
        assert one["title"] and f"{key}: {one['title']}" in told
    for figure in row["figures"]:
        assert figure["status"] in told and figure["source"].split()[0] in told
    for regime in row["regimes"]:
        assert regime["name"] in told
    assert f"£{row['unit_cost']['value']:,.10g}" in told and row["unit_cost"]["quality"] in told
    assert f"{row['unit_cost']['low']:,.10g}" in told


def test_a_page_says_what_is_scaled_and_every_purse_that_pays(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = " ".join(page("qualified_staff", capsys, monkeypatch).split())
    for name in LEVERS["qualified_staff"].scales:
        assert f"{LEVERS[name].title} ({name})" in staff
    assert "when this is pulled alone it is not expected to change" in staff
    pot = " ".join(page("joined_up_funding", capsys, monkeypatch).split())
    assert "What it scales" not in pot and "the police, nhs and justice purses pay" in pot


@pytest.mark.parametrize("name", LEVERS)
def test_no_figure_ends_in_a_colon_with_nothing_after_it(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = " ".join(page(name, capsys, monkeypatch).partition("\nEvidence\n")[2].split())
    for figure in lever_row(LEVERS[name])["figures"]:
        found = f"{figure['value']} {figure['unit']}".replace("direction", "").split()
        quantity = " ".join(figure["quantity"].split())
        assert quantity in told and (f"{quantity}: {found[0]}" in told if found else f"{quantity}:" not in told)


def test_the_interval_of_a_figure_stands_beside_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "0.54 (0.39 to 0.76) aRR" in page("take_home_naloxone", capsys, monkeypatch)


def test_every_figure_of_a_lever_is_one_of_the_evidence() -> None:
    for row in listings.levers():
        assert [one["id"] for one in row["figures"]] == row["evidence"], row["id"]


def test_the_documents_are_called_as_in_the_page_about_them() -> None:
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    found = re.findall(r"^## (\S+)\n\n\*(.+?)\.\*", text, re.MULTILINE | re.DOTALL)
    assert {key: " ".join(title.split()) for key, title in found} == documents()
    assert files("policysim.configs.evidence").joinpath("documents.csv").is_file()


@pytest.mark.parametrize("name", LEVERS)
def test_documented_settings_are_settings_of_their_own(name: str) -> None:
    """And at them, or at the usual ones, a lever is pulled at all: no setting that moves it stands where it moves nothing."""
    lever = LEVERS[name]
    made = lever(**lever.documented)
    own = {key: field for key, field in lever.model_fields.items() if key not in Lever.model_fields}
    assert set(lever.documented) <= set(own)
    nulls = [(field.json_schema_extra or {})["null"] for field in own.values()]  # type: ignore[index,call-overload]
    still = [null is not None and getattr(made, key) == null for key, null in zip(own, nulls, strict=True)]
    assert not own or not all(still)
