"""The model: how a place is built and lives a week."""

from policysim.engine.loading import without_looking_for_garbage

with without_looking_for_garbage():
    from policysim.model.drug_policy_model import DrugPolicyModel

__all__ = ["DrugPolicyModel"]
