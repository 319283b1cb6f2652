"""What each purpose asks for where nobody says otherwise: settings of a scenario in place of its own defaults."""

from typing import Any

from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scales import (
    ATTRIBUTION_ONE_IN,
    CALIBRATION_ONE_IN,
    FACE_VALIDITY_ONE_IN,
    NETWORK_ONE_IN,
    SENSITIVITY_ONE_IN,
    STEP_ONE_IN,
    TRACE_ONE_IN,
)

Usual = dict[str, Any]

TRACE: Usual = {"regimes": [STATUS_QUO, "harm-reduction"], "one_in": TRACE_ONE_IN}
"""One simulated life, side by side."""

BESIDE_RULES: Usual = {"regimes": [STATUS_QUO]}
"""Rules of one's own beside the stock rules."""

FIRST_LOOK: Usual = {"people": 10_000, "years": 5, "replicates": 5}
"""What they change, at a first look."""

STEP: Usual = {"regimes": [STATUS_QUO], "one_in": STEP_ONE_IN, "replicates": 1, "years": 1, "burn_in_years": 0}
"""One person's week, rule by rule."""

EFFECTS: Usual = {"regimes": [STATUS_QUO], "years": 10, "replicates": 10}
"""Each lever alone against the status quo."""
MOST_YEARS = 40
"""Years that a run of a scenario has at most."""
MOST_SEEDS = 10_000
"""Seeds that it has at most."""
HORIZONS = (5, 10, 25)
"""The years after which that is read; beyond ten only of levers that act on children."""

ATTRIBUTION: Usual = {"regimes": [STATUS_QUO], "one_in": ATTRIBUTION_ONE_IN, "years": 5}
"""A regime's difference shared out among its levers."""

CALIBRATION: Usual = {
    "regimes": [STATUS_QUO], "one_in": CALIBRATION_ONE_IN, "replicates": 20, "burn_in_years": 5, "years": 3,
}  # fmt: skip
"""The model beside published figures."""

SENSITIVITY: Usual = {
    "regimes": [STATUS_QUO, "enforcement-only", "harm-reduction"], "one_in": SENSITIVITY_ONE_IN, "years": 3,
    "burn_in_years": 1,
}  # fmt: skip
"""A screening of every uncertain number."""

FACE_VALIDITY: Usual = {"regimes": [STATUS_QUO], "one_in": FACE_VALIDITY_ONE_IN, "replicates": 1}
"""Plots to judge by eye."""

NETWORK: Usual = {"regimes": [STATUS_QUO], "one_in": NETWORK_ONE_IN, "replicates": 1, "years": 1, "burn_in_years": 0}
"""Ties at the start, before anybody has lived a week."""

EXPORT: Usual = {"regimes": [STATUS_QUO], "one_in": NETWORK_ONE_IN, "replicates": 1}
"""People or network of one run, for other programs."""
