"""Strong batches, warnings of them, and drugs that are checked.

Directions are tested over eight paired seeds at |t| > 3.5: with no effect at all, once in a hundred tests.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from busy_place import flow
from paired import paired, standard_errors
from small_worlds import BUSY, after, model, regime, weekly

from policysim.agents.institutions.early_warning import OVERDOSES
from policysim.agents.institutions.market import BATCHES
from policysim.agents.people.knowledge import bring, not_as_sold
from policysim.evidence.registry import registry
from policysim.model import DrugPolicyModel
from policysim.model.building import python_views
from policysim.vocabulary.marks import KnowledgeMark, OverdoseMark
from policysim.vocabulary.states import SUBSTANCES, Substance, Use
from policysim.vocabulary.stocks import Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR

# Batches come all the time and are very strong; none of the other kinds.
BATCHES_COME: dict[str, float] = {
    **BUSY, "batch_rate": 10, "batch_weeks": 6, "batch_potency": 4, "fake_batch_rate": 0, "party_batch_rate": 0,
}  # fmt: skip
TOWN: dict[str, Any] = {"place": "authority:coventry", "people": 500, "beyond_ranges": True}


@pytest.fixture
def someone() -> Iterator[tuple]:
    """A person, and what they read of here and world."""
    made = model(people=100, engine="python")
    here, world = python_views(made)
    yield made.person(0), here[made.people["neighbourhood"][0]], world
    made.close()


def told(made: DrugPolicyModel, name: str) -> np.ndarray:
    return weekly(made)[name].to_numpy()


# ---------------------------------------------------------------- batches


@pytest.mark.parametrize(
    ("kind", "field", "usual", "batch"),
    [
        ("heroin", "potency", 1.0, 2.0),
        ("fake", "adulterated_benzodiazepines", 0.0, 0.1),
        ("party", "party_strength", 1.0, 1.5),
    ],
)
def test_each_kind_of_batch_comes_is_sold_out_and_goes_in_its_own_place(kind, field, usual, batch):
    made = model(people=300, parameters={"batch_rate": 0, "fake_batch_rate": 0, "party_batch_rate": 0})
    made.step()
    made.market.memory[f"{kind}_weeks_left"][0] = 3
    seen = []
    for _ in range(4):
        made.step()
        seen.append(made.places[field][made.areas_of[0]].max())
    assert seen == [batch, batch, usual, usual]
    assert made.places[field][made.areas_of[1]].max() == usual


def strength(made: DrugPolicyModel) -> np.ndarray:
    made.step()
    return np.array([made.places[name].max() for name in ("potency", "adulterated_benzodiazepines", "party_strength")])


def test_persistent_adulteration_is_there_every_week():
    none = {"batch_rate": 0, "fake_batch_rate": 0, "party_batch_rate": 0}
    nitazenes = {**none, "adulterated_heroin": 0.1, "adulterant_potency": 4, "adulterated_benzodiazepines": 0.1}
    assert strength(model(parameters=none)) == pytest.approx([1, 0, 1])
    assert strength(model(parameters=nitazenes)) == pytest.approx([1.3, 0.1, 1])


@pytest.mark.slow
def test_fake_benzodiazepines_kill_people_who_never_used_heroin_and_naloxone_works_on_them():
    world = {
        **BUSY, "ocu_per_1000": 1, "adulterated_benzodiazepines": 0.5, "start_level[benzodiazepines]": 0.5,
        "escalation_rate[benzodiazepines]": 8, "overdose_rate[benzodiazepines]": 0, "batch_rate": 0,
    }  # fmt: skip
    worlds = {0.5: world, 0.0: {**world, "adulterated_benzodiazepines": 0}}
    opiate = {
        share: sum(told(after(40, **TOWN, seed=seed, parameters=p), "opiate_deaths").sum() for seed in (1, 2))
        for share, p in worlds.items()
    }
    assert opiate[0.5] > opiate[0.0]


# ---------------------------------------------------------------- warnings


NO_BATCHES = {"batch_rate": 0, "fake_batch_rate": 0, "party_batch_rate": 0}


def noticed(sign: str, kind: int, **parameters: float) -> list[bool]:
    """Which batches are noticed within a month where all three are sold and there are many signs of one kind of drug."""
    made = model(**{**TOWN, "people": 100, "engine": "python", "parameters": {**NO_BATCHES, **parameters}})
    signs = {"overdoses": np.zeros((len(BATCHES), 1)), "samples": np.zeros((len(BATCHES), 1))}
    signs[sign][kind] = 1e6
    made.early_warning.counted = lambda marks: signs["overdoses" if marks is OVERDOSES else "samples"]
    for batch in BATCHES:
        made.market.memory[f"{batch}_weeks_left"][0] = 60
    for week in range(4):
        made.early_warning.notice(week, lag=3)
    made.close()
    return made.early_warning.memory["known"][:, 0].tolist()


@pytest.mark.parametrize("kind", range(len(BATCHES)))
@pytest.mark.parametrize("sign", ["overdoses", "samples"])
def test_a_batch_is_noticed_by_signs_of_its_own_kind_alone(sign, kind):
    assert noticed(sign, kind) == [k == kind for k in range(len(BATCHES))]
    none = {"noticed_by_overdose": 0} if sign == "overdoses" else {"noticed_by_sample": 0}
    assert not any(noticed(sign, kind, **none))


def test_samples_of_party_drugs_alone_notice_a_party_batch_and_never_one_of_heroin():
    """Where every sample is of party drugs and nobody overdoses is no sign of the others."""
    numbers = {
        **BUSY, **NO_BATCHES, "checking_reach_opioids": 0, "noticed_by_overdose": 0, "noticed_by_sample": 0.5,
        "samples_per_session": 20_000,
    }  # fmt: skip
    levers = regime(drug_checking={"ramp_weeks": 0})
    made = model(**{**TOWN, "people": 300, "engine": "python", "regime": levers, "parameters": numbers})
    for batch in BATCHES:
        made.market.memory[f"{batch}_weeks_left"][0] = 60
    for _ in range(6):
        made.step()
    made.close()
    assert told(made, "drugs_checked").sum() > 0
    assert made.early_warning.memory["known"][:, 0].tolist() == [False, False, True]


def test_a_check_in_the_week_of_a_batch_finds_more(someone):
    person, here, world = someone
    person.knowledge_marks = 0
    usual = world.missold_share

    def found(substance: Substance, **fields: float) -> tuple[float, int]:
        """The chance that what is checked is not as sold, and what was brought."""
        for each in range(SUBSTANCES):
            person.use[each] = Use.NEVER
        person.use[substance], person.knowledge_marks = Use.REGULAR, 0
        before = {name: getattr(here, name) for name in fields}
        for name, value in fields.items():
            setattr(here, name, value)
        chance = not_as_sold(person, here, world)
        for name, value in before.items():
            setattr(here, name, value)
        bring(person)
        return chance, person.knowledge_marks - KnowledgeMark.HAD_DRUGS_CHECKED

    party, heroin, fakes = Substance.PARTY, Substance.HEROIN, Substance.BENZODIAZEPINES
    batch = {"party_strength": 1.5, "potency": 4.0, "adulterated_benzodiazepines": 0.9}
    assert found(party) == (usual, KnowledgeMark.CHECKED_PARTY_DRUGS)
    assert found(heroin) == (usual, KnowledgeMark.CHECKED_OPIOIDS)
    assert found(fakes) == (usual, KnowledgeMark.CHECKED_BENZODIAZEPINES)
    assert [found(one, **batch)[0] for one in (party, heroin, fakes)] == pytest.approx([1 / 3, 3 / 4, 0.9])
    assert found(party, potency=4.0)[0] == found(heroin, party_strength=1.5)[0] == usual, "of another kind"


def test_an_overdose_is_known_by_the_kind_of_drug():
    made = after(20, **TOWN, parameters={**BUSY, **NO_BATCHES, "adulterated_benzodiazepines": 0.5})
    kinds = (OverdoseMark.OVERDOSED_ON_OPIOIDS, OverdoseMark.OVERDOSED_ON_FAKES, OverdoseMark.OVERDOSED_ON_PARTY_DRUGS)
    seen = [flow(made, kind) for kind in kinds]
    assert min(seen) > 0 and sum(seen) < flow(made, OverdoseMark.OVERDOSED), "crack is of no batch"
    none = after(20, **TOWN, parameters={**BUSY, **NO_BATCHES, "overdose_rate[party]": 0})
    assert flow(none, kinds[1]) == flow(none, kinds[2]) == 0 < flow(none, kinds[0])


def test_a_wider_warning_is_paid_for_and_not_given_without_money():
    def system(sooner: float, reach: float, **arguments: Any) -> tuple[float, float, float]:
        """Residents watched for, in shares of all; the reach of a warning; the weeks until one."""
        levers = regime(early_warning={"sooner": sooner, "reach_share": reach, "ramp_weeks": 0})
        made = model(**{**TOWN, "people": 100, "engine": "python", "regime": levers, **arguments})
        made.early_warning.memory["standing"][:] = 9
        made.market.memory["party_weeks_left"][:] = 9
        made.early_warning.counted = lambda marks: np.full((len(BATCHES), 1), 1e6)
        made.step()
        made.close()
        watched = made.early_warning.watched_closely() / made.place.population
        return watched, made.places["warning_opioids"].max(), made.early_warning.memory["due"][2, 0] + 1

    usual = registry()["warning_reach"].value
    assert system(0.0, usual) == pytest.approx((0, usual, 3)), "as today"
    assert system(0.0, 0.6) == pytest.approx(((0.6 - usual) / (1 - usual), 0.6, 3))
    assert system(0.67, 0.6)[0] == pytest.approx(0.67), "the more of the two"
    assert system(0.67, 0.6)[2] < 3
    broke = system(0.67, 0.6, budgets={"council": 0.0})
    assert broke[1:] == pytest.approx((usual, 3)), "what is as today goes on"
    assert system(0.0, 0.05, budgets={"council": 0.0})[:2] == pytest.approx((0, 0.05))


def test_a_warning_follows_the_lag_and_none_is_given_of_a_batch_that_is_gone():
    def weeks_of_warning(weeks_left: int, lag: float) -> list[int]:
        numbers = {
            **BUSY,
            "batch_rate": 0,
            "fake_batch_rate": 0,
            "party_batch_rate": 0,
            "warning_lag": lag,
            "warning_weeks": 2,
        }
        made = model(**TOWN, parameters=numbers)
        made.step()
        made.market.memory["heroin_weeks_left"][0] = weeks_left
        made.early_warning.memory["known"][BATCHES.index("heroin"), 0] = True
        made.early_warning.memory["due"][BATCHES.index("heroin"), 0] = round(lag)
        told_in = []
        for week in range(8):
            made.step()
            if made.places["warning_opioids"].max() > 0:
                told_in.append(week)
        return told_in

    assert weeks_of_warning(20, 3) == [3, 4]
    assert weeks_of_warning(20, 1) == [1, 2]
    assert weeks_of_warning(3, 5) == []


@pytest.mark.slow
def test_a_batch_raises_overdoses_and_a_warning_lowers_them():
    none = {**BATCHES_COME, "batch_rate": 0}
    overdoses = [
        [told(after(20, **TOWN, seed=seed, parameters=p), "overdoses").sum() for p in (none, BATCHES_COME)]
        for seed in range(1, 3)
    ]
    assert all(batches > 1.3 * usual for usual, batches in overdoses)
    warned = {**BATCHES_COME, "warned_dose": 1.5, "noticed_by_overdose": 1}
    levers: dict[str, dict] = {"early_warning": {"sooner": 1.0, "reach_share": 1.0}}
    found = paired(levers, ("overdoses", "people_warned"), weeks=20, parameters=warned, **TOWN)
    assert standard_errors(found["people_warned"]) > 3.5 and standard_errors(found["overdoses"]) < -3.5


@pytest.mark.slow
def test_a_warning_without_effect_is_told_and_moves_nothing_and_one_that_attracts_does_harm():
    null = {**BATCHES_COME, "warned_dose": 0, "warned_alone": 0, "noticed_by_overdose": 1}
    levers: dict[str, dict] = {"early_warning": {"sooner": 1.0, "reach_share": 1.0}}
    arguments: dict[str, Any] = {**TOWN, "weeks": 20}
    found = paired(levers, ("people_warned", "overdoses", "deaths"), seeds=range(1, 3), parameters=null, **arguments)
    assert (found["people_warned"] > 0).all()
    assert not found["overdoses"].any() and not found["deaths"].any()
    found = paired(levers, ("overdoses",), parameters={**null, "alert_attracts": 1.5}, **arguments)
    assert standard_errors(found["overdoses"]) > 3.5


# ---------------------------------------------------------------- checking


@pytest.mark.slow
def test_checks_and_warnings_at_their_usual_numbers_reach_people_and_avert_about_no_deaths():
    """What is checked is a small part of what is used, and batches are rare; four seeds, some 35 deaths a year."""
    levers: dict[str, dict] = {"drug_checking": {}, "early_warning": {}}
    outcomes = ("drugs_checked", "expected_deaths", "checks_heeded", "deaths")
    found = paired(levers, outcomes, seeds=range(1, 5), weeks=40, place="authority:coventry", people=2500)
    assert (found["drugs_checked"] > 0).all()
    assert -1 < found["expected_deaths"].mean() <= 0
    assert found["checks_heeded"].sum() < 0.6 * found["drugs_checked"].sum()


@pytest.mark.slow
def test_whoever_heeds_a_check_overdoses_less_that_week_unless_a_check_has_no_effect():
    many = {
        **BUSY, "samples_per_session": 10_000, "ocu_per_1000": 5, "disposed_if_missold": 1, "less_if_as_sold": 1,
        "checked_dose": 2, "batch_rate": 0,
    }  # fmt: skip
    levers: dict[str, dict] = {"drug_checking": {"night_sessions": 75.0}}
    found = paired(levers, ("overdoses",), weeks=20, parameters=many, **TOWN)
    assert standard_errors(found["overdoses"]) < -3.5
    found = paired(
        levers,
        ("drugs_checked", "overdoses"),
        seeds=range(1, 3),
        weeks=8,
        parameters={**many, "checked_dose": 0},
        **TOWN,
    )
    assert (found["drugs_checked"] > 0).all() and not found["overdoses"].any()


def test_a_session_takes_so_many_samples_and_sessions_follow_residents():
    """Whatever the number of authorities, and no more people are reached than there are samples for."""

    def service(place: str, night: float, festivals: float = 0.0) -> tuple[float, float, float]:
        """Sessions, samples that people bring in a week at most, what a year costs, all for every 100,000 residents."""
        levers = regime(drug_checking={"night_sessions": night, "festival_sessions": festivals, "ramp_weeks": 0})
        made = model(place=place, people=600, engine="python", regime=levers)
        made.step()
        made.step()  # by the users counted in the first week
        made.close()
        hundred = made.place.population / 100_000
        users = np.array([each.stock(Stock.USING_CLASS_A) for each in made.checking]) * made.one_in
        rates = np.array([made.places["checking_rate"][each.neighbourhoods].max() for each in made.checking])
        sessions = sum(each.night_sessions() for each in made.checking)
        cost = sum(each.amount(one) for each in made.checking for one in each.costs) * WEEKS_PER_YEAR
        return sessions / hundred, (rates * users).sum() / hundred, cost / hundred

    birmingham, kent = (service(place, 10.0, 0.4) for place in ("authority:birmingham", "county:kent"))
    assert birmingham[::2] == pytest.approx(kent[::2])
    assert birmingham[0] == pytest.approx(10) and birmingham[2] == pytest.approx(10 * 4000 + 0.4 * 15_000)
    assert birmingham[1] == pytest.approx((10 * 30 + 0.4 * 247) / WEEKS_PER_YEAR, rel=0.1)
    assert service("authority:birmingham", 20.0)[1] == pytest.approx(2 * 10 * 30 / WEEKS_PER_YEAR, rel=0.1)


def test_bristol_has_the_monthly_service_that_it_has_and_other_places_none():
    bristol, birmingham = (model(place=f"authority:{name}", people=50) for name in ("bristol", "birmingham"))
    assert bristol.checking[0].night_sessions() == pytest.approx(12, abs=0.1)
    assert birmingham.checking[0].night_sessions() == 0


def test_where_the_purse_is_empty_nothing_is_checked():
    levers = regime(drug_checking={"night_sessions": 75, "ramp_weeks": 0})
    made = after(6, **TOWN, regime=levers, budgets={"council": 0.0}, parameters={"samples_per_session": 5000})
    assert told(made, "drugs_checked").sum() == 0
