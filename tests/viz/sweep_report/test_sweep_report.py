"""The report of a sweep: question, design, differences over all points with both intervals, analyses, failures, commands."""

import math
import re
from dataclasses import replace
from pathlib import Path

import made_up_answers
import numpy as np
import pytest

from policysim.counts.outcomes import COUNTED, OUTCOMES
from policysim.experiments.analysis.estimates import estimate
from policysim.experiments.analysis.numbers import number, signed, span
from policysim.experiments.analysis.sweeps.overall import overall
from policysim.experiments.designs.calibrate import beside
from policysim.experiments.designs.gathered import of_sweep
from policysim.experiments.designs.points import points_of
from policysim.experiments.designs.sweep import points_frame, run_sweep
from policysim.experiments.measures.targeted import of_means
from policysim.scenarios.sweep import Sweep, sweep_from
from policysim.viz.blocks import Code, Report, Table, Text, walk
from policysim.viz.paper.sheet import Sheet
from policysim.viz.pdf import as_pdf
from policysim.viz.screen.page import as_page
from policysim.viz.sweep_report import write_sweep_report
from policysim.viz.sweep_report.fit import SweepFit, fit_blocks, fit_of
from policysim.viz.sweep_report.found import Found
from policysim.viz.sweep_report.sections import report_of, results_table

POINTS, SEEDS = 24, 4
ASKED = {
    "question": "Do kits matter where opioids are more dangerous?", "design": "latin-hypercube", "points": POINTS,
    "scenario": {
        "place": "authority:coventry", "regimes": ["status-quo", "harm-reduction"], "years": 2, "burn_in_years": 0,
        "people": 100, "replicates": SEEDS,
    },
    "vary": {"parameters.fatality_opioid": {}, "levers.take_home_naloxone.kits_per_100": {"low": 5, "high": 60}},
}  # fmt: skip
FAILURE = {"error": "ValueError: too hot", "regime": "harm-reduction", "seed": 1}


def sweep(**changes: object) -> Sweep:
    """The design, as a file would have it."""
    return sweep_from(ASKED | changes)


@pytest.fixture(scope="module")
def found() -> Found:
    """Harm reduction has up to ten fewer deaths than 100, by its kits; one run failed."""
    asked = sweep()
    points = points_frame(asked, points_of(asked)).set_index("point")
    kits = "levers.take_home_naloxone.kits_per_100"
    regimes = {
        "status-quo": lambda at: np.full(len(at), 100.0),
        "harm-reduction": lambda at: 100 - at[kits].to_numpy(float) / 6,
    }
    swept = made_up_answers.swept(points, regimes, SEEDS, noise=0.5, years=2)
    gathered = of_sweep(asked, swept.table, points)
    hashes = {"sweep.toml": "ab" * 32}
    return Found(
        asked, gathered, {"done": 191, "failed": 1}, [FAILURE], {"build": "cafe", "policysim": "0.0.0"}, hashes
    )


@pytest.fixture(scope="module")
def report(found: Found) -> Report:
    return report_of(found)


def test_every_part_is_there(report: Report) -> None:
    ids = [section.id for section in report.sections]
    assert ids == ["answer", "points", "surfaces", "robustness", "precision", "design", "runs", "regimes", "places", "assumed",
                   "limits", "reproduce"]  # fmt: skip
    assert all(section.blocks for section in report.sections)
    assert report.title == ASKED["question"] and report.question.startswith("24 points over fatality opioid")
    assert report.chart is not None and "Harm reduction" in report.chart.alt


def test_numbers_are_those_of_the_runs(found: Found, report: Report) -> None:
    deaths = found.swept.table.groupby(["point", "regime", "replicate"])["expected_deaths"].sum().unstack("regime")
    gaps = (deaths["harm-reduction"] - deaths["status-quo"]).unstack("replicate")
    chance, means = estimate(gaps.mean().tolist()), gaps.mean(axis=1)
    one = next(one for one in overall(found.swept, OUTCOMES["expected_deaths"]) if one.paired)
    assert (one.mean.mean, one.mean.low) == pytest.approx((chance.mean, chance.low))
    assert (one.median, one.least, one.most) == pytest.approx((means.median(), means.min(), means.max()))
    assert one.fewer == sum(estimate(row.tolist()).high < 0 for _, row in gaps.iterrows()) and one.more == 0
    usual, other = results_table(found, "authority:coventry").rows[:2]
    assert usual[1].text == number(deaths["status-quo"].mean())
    assert other[1].text.startswith(signed(chance.mean) + " (") and other[2].text == span(
        chance.low, chance.high, signs=True
    )
    assert [cell.text for cell in other[3:]] == [
        signed(means.median()), span(means.min(), means.max(), signs=True), f"{one.fewer}, 0 of {POINTS}",
    ]  # fmt: skip
    answer = " ".join(report.answer)
    assert f"“Harm reduction”: {signed(means.median())} at the median point" in answer and "4 seeds" in answer
    rows = found.table().set_index(["outcome", "regime"])
    assert rows.at[("expected_deaths", "harm-reduction"), "mean"] == pytest.approx(chance.mean)


def test_what_varies_what_failed_and_how_to_do_it_again_are_told(report: Report) -> None:
    by_id = {section.id: section for section in report.sections}
    varied = next(block for block in by_id["design"].blocks if isinstance(block, Table))
    assert [row[0].under[0] for row in varied.rows] == list(ASKED["vary"]) and varied.rows[1][1].text == "5 to 60"
    assert [row[0].under[1:] for row in varied.rows] == [("probability",), ("kits a year per 100",)]
    page = as_page(report)
    assert "Of 192 runs that the design asks for 191 are there, 1 failed" in page and "ValueError: too hot" in page
    codes = [block.text for block in walk(by_id["reproduce"].blocks) if isinstance(block, Code)]
    assert codes[0].startswith("policysim sweep sweep.toml --out ") and codes[1] == f"{'ab' * 32}  sweep.toml"
    assert sweep_from(made_again(codes[2])) == sweep()


def made_again(text: str) -> dict:
    """A design's file as it is read."""
    import tomllib

    return tomllib.loads(text)


@pytest.mark.slow
def test_the_page_is_one_file_and_the_paper_has_the_same_bytes_each_time(
    found: Found, report: Report, monkeypatch
) -> None:
    page = as_page(report)
    assert not re.search(r'(?:src|href)="(?!data:image/svg|#)', page) and "<script" not in page
    assert all(f'href="#{section.id}"' in page for section in report.sections)
    lines: list[str] = []
    text = Sheet.text
    monkeypatch.setattr(Sheet, "text", lambda self, x, y, line: lines.append(line) or text(self, x, y, line))
    written = as_pdf(report)
    assert written == as_pdf(report_of(found)) and written.startswith(b"%PDF") and b"/URI" not in written
    assert all(section.title in " ".join(lines) for section in report.sections)
    assert "Harm reduction" in " ".join(lines) and not any(math.isnan(len(line)) for line in lines)


@pytest.mark.slow
@pytest.mark.filterwarnings("error")
def test_a_real_sweep_is_reported_where_it_lies(tmp_path: Path) -> None:
    small = ASKED["scenario"] | {"years": 1, "replicates": 2, "regimes": ["status-quo", "diversion"]}
    asked = sweep(scenario=small, points=2, vary={"parameters.fatality_opioid": {}})
    run_sweep(asked, tmp_path / "sweep", workers=1)
    where, found = write_sweep_report(str(tmp_path / "sweep"))
    page = Path(where).read_text(encoding="utf-8")
    assert found.states == {"done": 8} and "Of 8 runs that the design asks for 8 are there." in page
    assert Path(where).with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    assert all(f"{mark}  {name}" in page for name, mark in found.hashes.items()) and len(found.hashes) == 4
    fitted = fit_of(found, "authority:coventry")
    assert fitted is not None and len(fitted.held) > 10 and fitted.unseen > 10
    assert_beside_calibration(found, fitted)
    assert f"Of {len(fitted.held)} published figures that these runs of Coventry can be held against" in page
    assert "how well the model fits this place in particular is not known" in page
    there, _ = write_sweep_report(str(tmp_path / "sweep"), tmp_path / "mine.html", pdf=False)
    assert Path(there).read_text(encoding="utf-8") == page and not (tmp_path / "mine.pdf").exists()


def assert_beside_calibration(found: Found, fitted: SweepFit) -> None:
    """Each figure is looked at as `policysim calibration` looks at it."""
    table = found.swept.table
    runs = table[(table["regime"] == "status-quo") & (table["point"] == 1)].groupby("replicate")
    measures = [of_means(years[list(COUNTED)].mean().to_dict()) for _, years in runs]
    for one in fitted.held:
        row = beside(one.target, measures)
        assert row["model"] == pytest.approx(one.at[1]) and (row["verdict"] == "pass") == one.met[1]


def test_without_a_status_quo_it_is_said_that_nothing_is_known_of_the_fit(found: Found) -> None:
    table = found.swept.table
    others = replace(found, swept=replace(found.swept, table=table[table["regime"] != "status-quo"]))
    (said,) = fit_blocks(others, "authority:coventry")
    assert isinstance(said, Text) and "The status quo of Coventry is not among these runs" in said.text
