"""Nobody under 18 is searched: one helper in a version of one's own, mixed into the two roles that may be under 18."""

from policysim import DrugPolicyModel
from policysim.rules import DependentUser, YoungPerson, helper, search_exposure


class NotSearched:
    @helper
    def search_exposure(self, world):
        """As in the model, from 18 on."""
        return 0.0 if self.age < 18 else search_exposure(self, world)


class Young(NotSearched, YoungPerson): ...


class Dependent(NotSearched, DependentUser): ...


if __name__ == "__main__":
    for classes in ([], [Young, Dependent]):
        model = DrugPolicyModel("authority:coventry", people=10_000, years=2, seed=1, people_classes=classes)
        while model.running:
            model.step()
        weekly = model.outcomes.weekly(["Coventry"], model.one_in).query("area == 'all'")
        print(f"{weekly['searches'].sum():,.0f} searches, {weekly['arrests'].sum():,.0f} arrests")
        model.close()
