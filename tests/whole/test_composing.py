"""Extensions compose: the classes of all examples, together in one model, one comparison, one sweep."""

from pathlib import Path
from shutil import copy

import pandas as pd
import pytest
from small_worlds import BUSY, differing

from policysim import DrugPolicyModel, compare, load_results, plot, read_scenario, run_sweep
from policysim.agents.roles import ROLES
from policysim.reference.checking import people_and_levers_in, people_in
from policysim.scenarios.sweep import sweep_from

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.py"))
OWN = ["overdosed_again", "began_gas", "gas_harms", "overdosed_lately", "using_gas"]
SCENARIO = """
place = "authority:city-of-london"
people = 150
years = 1
burn_in_years = 0
replicates = 2
regimes = ["status-quo"]
beyond_ranges = true
people_classes = ["together.py:YoungTogether", "together.py:AdultTogether", "together.py:DependentTogether"]
"""
HERE = {
    "place": "authority:city-of-london",
    "people": 150,
    "years": 1,
    "seed": 3,
    "parameters": BUSY,
    "beyond_ranges": True,
}


def together(folder: Path) -> Path:
    """A file in which one class for each role derives from those of all examples, which lie beside it."""
    lines, bases = [], {role: [] for role in ROLES}
    for file in [Path(copy(each, folder)) for each in EXAMPLES]:
        for kind in people_and_levers_in(file)[0]:
            name = f"{file.stem}_{kind.__name__}"
            lines.append(f"from {file.stem} import {kind.__name__} as {name}")
            next(those for role, those in bases.items() if issubclass(kind, role)).append(name)
    called = {role: f"{role.__name__.removesuffix('Person').removesuffix('User')}Together" for role in ROLES}
    lines += [f"class {called[role]}({', '.join(those)}): ..." for role, those in bases.items()]
    file = folder / "together.py"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    found = tmp_path_factory.mktemp("together")
    together(found)
    return found


@pytest.mark.slow
def test_all_examples_live_together_in_both_engines_and_when_saved(folder: Path):
    kinds = people_in(folder / "together.py")
    kinds = [kind for kind in kinds if kind.__name__.endswith("Together")]
    compiled, python = (
        DrugPolicyModel(**HERE, people_classes=kinds, engine=engine) for engine in ("compiled", "python")
    )
    for made in (compiled, python):
        made.people["gas"][::3] = 1  # so that much happens in a few weeks
    for week in range(8):
        for made in (compiled, python):
            made.step()
        if week == 4:
            compiled.save(folder / "saved")
    again = DrugPolicyModel.load(folder / "saved")
    while again.week < compiled.week:
        again.step()
    areas = [authority.name for authority in compiled.place.authorities]
    weekly = compiled.outcomes.weekly(areas, 1.0)
    assert set(OWN) <= set(weekly.columns) and weekly[["using_gas", "overdosed_again", "overdosed_lately"]].sum().all()
    for other in (python, again):
        assert differing(compiled.look(), other.look()) == []
        pd.testing.assert_frame_equal(weekly, other.outcomes.weekly(areas, 1.0), check_exact=True)


@pytest.mark.slow
def test_all_examples_in_one_scenario_s_file_and_one_point_of_a_sweep(folder: Path):
    (folder / "all.toml").write_text(SCENARIO, encoding="utf-8")
    asked = read_scenario(folder / "all.toml")
    found = compare(asked, out=folder / "results", threads=1)
    assert set(OWN) <= set(found.summary["outcome"])
    assert load_results(folder / "results").summary.equals(found.summary)
    assert "nitrous oxide" in plot(found, "began_gas").alt
    sweep = {"question": "?", "design": "factorial", "scenario": asked.written, "vary": {"place": [asked.place]}}
    swept = run_sweep(sweep_from(sweep), str(folder / "swept"), workers=1).table(OWN)
    by_name = found.summary.set_index("outcome")["mean"]
    assert [swept[name].mean() for name in OWN] == pytest.approx([by_name[name] for name in OWN]) and len(swept) == 2
