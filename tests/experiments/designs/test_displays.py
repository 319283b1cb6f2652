"""What results show of themselves in a notebook: what was found, how far it is, and where the rest lies."""

from pathlib import Path

import made_up_results
import made_up_sweep
import pytest
from made_up_sweep import made_up

from policysim import plot
from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.compare import summarise, totals
from policysim.experiments.designs.compare import Comparison
from policysim.experiments.designs.function import as_function
from policysim.experiments.designs.gathered import gathered_in
from policysim.experiments.designs.sweep import run_sweep
from policysim.experiments.running.plan import runs_of
from policysim.viz.sweep_analyses import Asked, analyses


def test_a_comparison_shows_the_table_that_is_read_first(tmp_path: Path) -> None:
    of = made_up_results.scenario()
    weeks = made_up_results.weekly(of)
    weeks = weeks[weeks["area"] == "all"]
    runs = [(run, weeks[(weeks["regime"] == run.regime) & (weeks["seed"] == run.seed)]) for run in runs_of(of)]
    html = Comparison(of, tmp_path / "<out>", summarise(totals(runs)))._repr_html_()
    assert "West Midlands, 2 years from 2025: the status quo" in html and '<th scope="col"' in html
    assert "Arrests" in html and "Harm reduction" in html and "&lt;out&gt; lies the rest" in html
    assert len(html) < 20_000


def test_a_comparison_whose_folder_was_given_away_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of = made_up_results.scenario(budgets="status-quo")
    made_up_results.write_results(tmp_path)
    comparison = Comparison(of, tmp_path, made_up_results.weekly(of))
    monkeypatch.setattr(Comparison, "headlines", lambda self: self.weekly)
    assert "holds another comparison by now" in comparison._repr_html_()


def test_a_sweep_that_was_run_shows_how_far_it_is_and_its_analyses_show_their_charts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up(monkeypatch.setattr)
    sweep = made_up_sweep.sweep()
    part = run_sweep(sweep, tmp_path, workers=1, part=(1, 2))
    assert "16 runs asked for" in part._repr_html_() and ">left<" in part._repr_html_()
    done = run_sweep(sweep, tmp_path, workers=1)
    assert ">left<" not in done._repr_html_() and ">16<" in done._repr_html_()
    (found,) = analyses(gathered_in(done.folder), "differences", Asked(OUTCOMES["expected_deaths"]))
    html = found._repr_html_()
    assert found.title in html and 'src="data:image/svg+xml;base64,' in html and '<img alt="' in html


def test_a_function_shows_what_goes_in_and_what_comes_out() -> None:
    scenario = made_up_sweep.sweep().scenario
    vary = {"parameters.fatality_opioid": {}, "readings.naloxone_and_risk": ["no-more-risk", "more-risk"]}
    html = as_function(scenario, vary)._repr_html_()
    assert "Function of Rutland" in html and "0.024 to 0.08" in html and "gives expected_deaths" in html


def test_a_chart_of_a_comparison_takes_one_line(tmp_path: Path) -> None:
    made_up_results.write_results(tmp_path)
    of = made_up_results.scenario()
    found = Comparison(of, tmp_path, made_up_results.weekly(of))
    html = plot(found)._repr_html_()
    assert 'src="data:image/svg+xml;base64,' in html and 'alt="Dots with 95% intervals' in html
    yearly = plot(found, "arrests")
    assert "Overdoses" not in yearly.alt
    yearly.save(tmp_path / "arrests.svg")
    assert (tmp_path / "arrests.svg").read_text().startswith("<?xml")
    for call, said in (
        (lambda: plot(found, "arests"), "did you mean 'arrests'"),
        (lambda: plot(tmp_path), "plot draws a Comparison"),  # type: ignore[arg-type]
        (lambda: yearly.save(tmp_path / "arrests.docx"), "a chart is written as .svg, .png, .pdf"),
    ):
        with pytest.raises(UserError, match=said):
            call()
