"""With a friend in treatment a young person begins to use half as often: a count of friends, and one decision changed."""

from policysim import DrugPolicyModel
from policysim.rules import Care, Friends, YoungPerson, begin, helper


class Steadied(YoungPerson):
    friends_in_care = Friends(lambda friend: friend.care >= Care.AGONIST)

    @helper
    def begin(self, ratio, here, world, luck):
        """As in the model, at half the hazard with a friend in treatment."""
        begin(self, 0.5 * ratio if self.friends_in_care > 0 else ratio, here, world, luck)


if __name__ == "__main__":
    for classes in ([], [Steadied]):
        model = DrugPolicyModel("authority:coventry", people=10_000, years=5, seed=1, people_classes=classes)
        while model.running:
            model.step()
        weekly = model.outcomes.weekly(["Coventry"], model.one_in).query("area == 'all'")
        print(f"{weekly['first_use'].sum():,.0f} first uses in five years; few have a friend in treatment")
        model.close()
