"""policysim: an agent-based simulation of drug-policy regimes for England and Wales.

The names below are all that is promised to stay. They are loaded when first used, so that `policysim --help` need not
load the model.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policysim.agents.adult import Adult
    from policysim.agents.dependent_user import DependentUser
    from policysim.agents.young_person import YoungPerson
    from policysim.engine.fields import Field
    from policysim.engine.rules import helper, rule
    from policysim.errors import UserError
    from policysim.experiments.compare import compare
    from policysim.model import DrugPolicyModel
    from policysim.places import find_place
    from policysim.regime import Regime, load_regime, regimes
    from policysim.scenario import Scenario, read_scenario

__version__ = "0.1.0"
__all__ = [
    "Adult",
    "DependentUser",
    "DrugPolicyModel",
    "Field",
    "Regime",
    "Scenario",
    "UserError",
    "YoungPerson",
    "compare",
    "find_place",
    "helper",
    "load_regime",
    "read_scenario",
    "regimes",
    "rule",
]

WHERE = {
    "Adult": "policysim.agents.adult",
    "DependentUser": "policysim.agents.dependent_user",
    "DrugPolicyModel": "policysim.model",
    "Field": "policysim.engine.fields",
    "Regime": "policysim.regime",
    "Scenario": "policysim.scenario",
    "UserError": "policysim.errors",
    "YoungPerson": "policysim.agents.young_person",
    "compare": "policysim.experiments.compare",
    "find_place": "policysim.places",
    "helper": "policysim.engine.rules",
    "load_regime": "policysim.regime",
    "read_scenario": "policysim.scenario",
    "regimes": "policysim.regime",
    "rule": "policysim.engine.rules",
}


def __getattr__(name: str) -> Any:
    """A public name from the module that holds it."""
    if name not in WHERE:
        raise AttributeError(f"module 'policysim' has no attribute {name!r}")
    return getattr(import_module(WHERE[name]), name)


def __dir__() -> list[str]:
    """What is public, whether or not it has been loaded."""
    return [*__all__, "__version__"]
