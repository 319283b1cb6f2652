"""Diversion of under-18s by the panel: fewer children in court, some drawn in, as far as workers go; and the null.

What rises or falls is tested over eight pairs of runs at |t| > 3.5, which without an effect happens once in a hundred times.
"""

import numpy as np
import pytest
from paired import paired, standard_errors

PLACE = {
    "place": "authority:birmingham", "people": 3000, "years": 1, "beyond_ranges": True,
    "parameters": {"trigger_ratio_child": 10, "trigger_arrest_rate[men]": 0.01, "search_ratio_age[15-19]": 10,
                   "youth_charge_ratio": 1, "arrests_capacity_per_1000": 100, "cases_per_1000": 300, "hearing_weeks": 2,
                   "youth_cases": 10_000, "panel_cases": 100_000},
}  # fmt: skip
"""More children are arrested than in life, so that a small place has enough of them; the service has time for all."""
PANEL = {"youth_diversion": {"offered": 0.12, "education": 0.0, "panel": 1.0, "outcome_22": 1.0, "cases": 0.0}}
OUTCOMES = (
    "children_sentenced", "panels_from_charge", "drawn_before_panel", "youth_outcome_22", "youth_cautions", "charges",
    "youth_programmes", "on_youth_programme", "deferrals", "cost_council", "children_supervised",
    "sent_from_charge",
)  # fmt: skip


def changed(
    panel: dict | None = None, seeds: range = range(1, 9), null_effects: bool = False, **numbers: float
) -> dict:
    """What the panel changes, with other settings and numbers."""
    settings = {"youth_diversion": {**PANEL["youth_diversion"], **(panel or {})}}
    parameters = {**PLACE["parameters"], **numbers}
    return paired(settings, OUTCOMES, seeds, 40, **{**PLACE, "parameters": parameters}, null_effects=null_effects)


@pytest.fixture(scope="module")
def moved() -> dict[str, np.ndarray]:
    return changed()


def test_charges_go_before_the_panel_and_fewer_children_are_sentenced(moved):
    assert (moved["panels_from_charge"] > 0).all() and (moved["youth_outcome_22"] > 0).all()
    assert standard_errors(moved["children_sentenced"]) < -3.5 and standard_errors(moved["charges"]) < -3.5
    assert standard_errors(moved["cost_council"]) > 3.5, "workers cost more than the orders that they save"
    assert not moved["deferrals"].any(), "adults' contracts are another scheme"


def test_some_are_drawn_in_who_would_have_been_let_go_and_none_without_net_widening(moved):
    assert standard_errors(moved["drawn_before_panel"]) > 3.5
    none = changed(seeds=range(1, 4), net_widening=0.0)
    assert not none["drawn_before_panel"].any() and (none["panels_from_charge"] > 0).all()


def test_without_outcome_22_the_panel_cautions_those_who_admit(moved):
    formal = changed({"outcome_22": 0.0}, seeds=range(1, 5))
    assert formal["youth_cautions"].mean() > 0 > moved["youth_cautions"].mean()
    assert 0 < formal["panels_from_charge"].mean() < 0.85 * moved["panels_from_charge"][:4].mean(), (
        "an admission is asked for"
    )


def test_workers_who_hold_all_they_can_bind_the_panel_and_more_of_them_free_it(moved):
    """A service without workers, and the same with the few that the lever adds."""
    few = changed(seeds=range(1, 5), youth_cases=0.0)
    more = changed({"cases": 100.0}, seeds=range(1, 5), youth_cases=0.0)
    assert not few["panels_from_charge"].any() and not few["youth_programmes"].any()
    assert few["panels_from_charge"].sum() < more["panels_from_charge"].sum() < moved["panels_from_charge"][:4].sum()


def test_a_panel_without_time_leaves_charges_to_the_court(moved):
    shut = changed(seeds=range(1, 5), panel_cases=0.0)
    assert shut["sent_from_charge"].sum() > 4 * shut["panels_from_charge"].sum(), "they were sent there"
    few = shut["youth_programmes"].sum() / moved["youth_programmes"][:4].sum()
    assert few < 0.25, "but for the first case of all it has no time"


def test_settings_at_their_null_values_change_nothing():
    nothing = changed(
        {"panel": 0.0, "outcome_22": 0.0}, seeds=range(1, 3), diversion_offer=0.12, admission_required=0.0
    )
    assert {name for name in OUTCOMES if nothing[name].any()} == set()
