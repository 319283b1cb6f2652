"""The model: how a place is built and lives a week."""

from policysim.model.arguments import ENGINES
from policysim.model.drug_policy_model import DrugPolicyModel

__all__ = ["ENGINES", "DrugPolicyModel"]
