"""policysim: an agent-based simulation of drug-policy regimes for England and Wales."""

from policysim.errors import UserError
from policysim.model import DrugPolicyModel

__version__ = "0.1.0"
__all__ = ["DrugPolicyModel", "UserError"]
