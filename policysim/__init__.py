"""policysim: an agent-based simulation of drug-policy regimes for England and Wales.

The names in `WHERE` are all that is promised to stay; whoever writes rules, levers or institutions finds more in
`policysim.rules`. They are loaded when first used, so that `policysim --help` need not load the model.
"""

# ruff: noqa: F401 - what is imported for type checkers is shown by the table below

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policysim.agents.roles import Adult, DependentUser, YoungPerson
    from policysim.engine.fields import Field
    from policysim.engine.rules import helper, rule
    from policysim.errors import UserError
    from policysim.experiments.designs.compare import compare, load_results
    from policysim.experiments.designs.function import as_function
    from policysim.experiments.designs.sweep import run_sweep
    from policysim.model import DrugPolicyModel
    from policysim.scenarios.regime import Regime, load_regime, regimes
    from policysim.scenarios.scenario import Scenario, read_scenario
    from policysim.scenarios.sweep import Sweep, read_sweep
    from policysim.viz.plots import plot
    from policysim.world.places import find_place

__version__ = "0.1.0"
WHERE: dict[str, str] = {
    "Adult": "policysim.agents.roles",
    "DependentUser": "policysim.agents.roles",
    "DrugPolicyModel": "policysim.model",
    "Field": "policysim.engine.fields",
    "Regime": "policysim.scenarios.regime",
    "Scenario": "policysim.scenarios.scenario",
    "Sweep": "policysim.scenarios.sweep",
    "UserError": "policysim.errors",
    "YoungPerson": "policysim.agents.roles",
    "as_function": "policysim.experiments.designs.function",
    "compare": "policysim.experiments.designs.compare",
    "find_place": "policysim.world.places",
    "helper": "policysim.engine.rules",
    "load_regime": "policysim.scenarios.regime",
    "load_results": "policysim.experiments.designs.compare",
    "plot": "policysim.viz.plots",
    "read_scenario": "policysim.scenarios.scenario",
    "read_sweep": "policysim.scenarios.sweep",
    "regimes": "policysim.scenarios.regime",
    "rule": "policysim.engine.rules",
    "run_sweep": "policysim.experiments.designs.sweep",
}
"""Every public name and the module or room that shows it: the one table of what is promised."""
__all__ = sorted(WHERE)


def __getattr__(name: str) -> Any:
    """A public name from the module that holds it."""
    if name not in WHERE:
        raise AttributeError(f"module 'policysim' has no attribute {name!r}")
    return getattr(import_module(WHERE[name]), name)


def __dir__() -> list[str]:
    """What is public, whether or not it has been loaded."""
    return [*__all__, "__version__"]
