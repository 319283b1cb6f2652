"""policysim: an agent-based simulation of drug-policy regimes for England and Wales.

The names below are loaded when they are first used, so that `policysim --help` need not load the model.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policysim.errors import UserError
    from policysim.experiments.compare import Comparison, compare
    from policysim.model import DrugPolicyModel
    from policysim.regime import Regime
    from policysim.scenario import Scenario, read_scenario

__version__ = "0.1.0"
__all__ = ["Comparison", "DrugPolicyModel", "Regime", "Scenario", "UserError", "compare", "read_scenario"]

WHERE = {
    "Comparison": "policysim.experiments.compare",
    "DrugPolicyModel": "policysim.model",
    "Regime": "policysim.regime",
    "Scenario": "policysim.scenario",
    "UserError": "policysim.errors",
    "compare": "policysim.experiments.compare",
    "read_scenario": "policysim.scenario",
}


def __getattr__(name: str) -> Any:
    """A public name from the module that holds it."""
    if name not in WHERE:
        raise AttributeError(f"module 'policysim' has no attribute {name!r}")
    return getattr(import_module(WHERE[name]), name)


def __dir__() -> list[str]:
    """What is public, whether or not it has been loaded."""
    return [*__all__, "__version__"]
