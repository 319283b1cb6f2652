"""What a model shows of itself in a notebook."""

from typing import TYPE_CHECKING

from policysim.counts.outcomes import Shown, headlines
from policysim.vocabulary.cards import card
from policysim.vocabulary.time import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from policysim.model.drug_policy_model import DrugPolicyModel


def model_card(model: "DrugPolicyModel") -> str:
    """Where, under what and how far it is; what has happened since the regimes parted, scaled to residents."""
    there = int(model.records["present"].sum())
    rows = [
        ("regime", model.regime.name),
        ("people", f"{there:,} now, each for {model.one_in:,.4g} residents"),
        ("week", _week(model)),
        ("seed", str(model.run_seed)),
        ("engine", model.engine_name),
    ]
    if model.people_classes:
        rows.append(("rules of your own", ", ".join(kind.__name__ for kind in model.people_classes)))
    notes = ["What has happened is scaled to residents: an estimate of a simulation."] if model.week_of_run > 0 else []
    return card(f"Model: {model.place.name}", [*rows, *_so_far(model)], notes=notes)


def _week(model: "DrugPolicyModel") -> str:
    if model.week_of_run < 0:
        return f"{model.week} of {model.burn_in_weeks} of burn-in"
    years = (model.last_week - model.burn_in_weeks) // WEEKS_PER_YEAR
    return f"{model.week_of_run} of {model.last_week - model.burn_in_weeks} ({years} year{'s' * (years > 1)})"


def _so_far(model: "DrugPolicyModel") -> list[tuple[str, str]]:
    """Each headline that is a count, over the weeks of the run."""
    if model.week_of_run <= 0:
        return []
    areas = [authority.name for authority in model.place.authorities]
    weekly = model.outcomes.weekly(areas, model.one_in, first_week=model.burn_in_weeks)
    run = weekly[weekly["area"] == "all"]
    shown = [each for each in headlines(Shown.MESA) if not each.stock and each.id in run]
    return [(each.label, f"{run[each.id].sum():,.3g} so far") for each in shown]
