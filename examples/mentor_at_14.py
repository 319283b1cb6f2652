"""One pupil in ten meets a mentor at 14 and then begins to use a third less often: a field and a rule of one's own."""

from policysim import DrugPolicyModel
from policysim.rules import Field, Occupation, YoungPerson, begin, happens, helper, rule


class Mentored(YoungPerson):
    asked = Field("?", "was a pupil of 14, and met a mentor or not")
    has_mentor = Field("?", "has a mentor from 14 on")

    @rule
    def meet_mentor(self, here, world, luck):
        """Once, as a pupil of 14."""
        if self.asked or self.occupation != Occupation.SCHOOL:
            return
        if 14 <= self.age < 15:
            self.asked = True
            self.has_mentor = happens(0.1, luck)

    @helper
    def begin(self, ratio, here, world, luck):
        """As in the model, a third less often with a mentor."""
        begin(self, 0.67 * ratio if self.has_mentor else ratio, here, world, luck)


if __name__ == "__main__":
    model = DrugPolicyModel("authority:coventry", people=10_000, years=5, seed=1, people_classes=[Mentored])
    while model.running:
        model.step()
    people = model.look()
    young = people[people["present"] & people["asked"]]
    for mentored in (True, False):
        those = young[young["has_mentor"] == mentored]
        print(
            f"{'with' if mentored else 'without'} a mentor: {those['ever_used'].mean():.1%} of {those.size} have used a drug"
        )
    model.close()
