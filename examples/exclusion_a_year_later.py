"""Schools exclude a year after they decide to: the helper that excludes notes the week, and a rule waits for it."""

from policysim import DrugPolicyModel
from policysim.rules import DependentUser, Field, YoungPerson, be_excluded, helper, rule


class Warned:
    weeks_to_exclusion = Field("i2", "weeks until an exclusion that is decided", "weeks", 0)

    @helper
    def be_excluded(self):
        """Decided now, in place of excluding now."""
        if self.weeks_to_exclusion == 0:
            self.weeks_to_exclusion = 52

    @rule
    def wait_for_exclusion(self, here, world, luck):
        """Here the name means what this file imports: the model's own."""
        if self.weeks_to_exclusion == 0:
            return
        self.weeks_to_exclusion -= 1
        if self.weeks_to_exclusion == 0 and self.age < world.leaving_age:
            be_excluded(self)


class Pupil(Warned, YoungPerson): ...


class DependentPupil(Warned, DependentUser): ...


if __name__ == "__main__":
    for classes in ([], [Pupil, DependentPupil]):
        model = DrugPolicyModel("authority:coventry", people=100_000, years=2, seed=1, people_classes=classes)
        while model.running:
            model.step()
        weekly = model.outcomes.weekly(["Coventry"], model.one_in).query("area == 'all'")
        print(", ".join(f"year {year + 1}: {part.sum():,.0f} exclusions"
                        for year in range(2) for part in [weekly["exclusions"].iloc[52 * year : 52 * year + 52]]))  # fmt: skip
        model.close()
