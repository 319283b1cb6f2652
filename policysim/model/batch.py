"""Runs of `mesa.batch_run` that fail one by one: the others' results are kept."""

from functools import wraps
from typing import Any

from policysim.engine.light_mesa import mesa
from policysim.model.drug_policy_model import DrugPolicyModel


class BatchModel(DrugPolicyModel):
    """A DrugPolicyModel for `mesa.batch_run`, whose results one failing run would otherwise take along.

    A run that raises ends there. Its last row says why in `error` (None in every other row) and has no outcomes; where
    the model could not even be made, it is its only row, and `Step` means nothing. Whatever is raised is kept, rules of
    one's own included; Ctrl-C still ends the batch.
    """

    error: str | None = None
    """Why the run failed."""
    nothing: None = None
    """What a run has to report of the week in which it failed."""

    # From its signature Mesa reads how seeds are passed on.
    @wraps(DrugPolicyModel.__init__)  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().__init__(*args, **kwargs)
            self.datacollector._new_model_reporter("error", "error")
        except Exception as error:  # noqa: BLE001 - arguments and classes of one's own may raise anything
            mesa.Model.__init__(self)
            self.datacollector = mesa.DataCollector({"error": "error"})
            self._fail(error)

    def step(self) -> None:
        """One week, or the end of the run if it raises."""
        try:
            super().step()
        except Exception as error:  # noqa: BLE001 - a rule may raise anything
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self.error, self.running = f"{type(error).__name__}: {error}", False
        told = {"run_seed", "error"}
        collector = self.datacollector
        collector.agent_reporters, collector.agenttype_reporters = {}, {}
        collector.model_reporters = {name: name if name in told else "nothing" for name in collector.model_vars}
        collector.collect(self)
