"""The model: how a place is built and lives a week."""

from policysim.model.drug_policy_model import DrugPolicyModel

__all__ = ["DrugPolicyModel"]
