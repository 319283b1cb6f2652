"""Adults who are not dependent; and how anyone begins to use a substance."""

from policysim.agents.drug_use import set_use
from policysim.agents.in_care import InCare
from policysim.agents.person import age_band, pull
from policysim.agents.states import SUBSTANCES, Mark, Substance, Use
from policysim.engine.luck import draw, occurs, spared
from policysim.engine.rules import helper, rule


class Adult(InCare):
    """Someone aged 25 or over who is not dependent."""

    @rule(common=True)
    def start_later(self, here, world, luck):
        """First use after the mid-twenties is rare and follows the same pulls."""
        if not spared(world.weekly_ceiling, luck):
            begin(self, pull(self, world), here, world, luck)


@helper
def begin(self, strength, here, world, luck):
    """First use of one substance not used before: the substances' hazards compete for one draw."""
    band = age_band(self.age, world)
    total = 0 * strength
    for substance in range(SUBSTANCES):
        if self.use[substance] == Use.NEVER:
            total += (
                world.start_rate[substance, band]
                * world.start_sex[substance, self.sex]
                * local_ratio(substance, here)
            )
    total *= strength
    if not occurs(total, luck):
        return
    left = draw(luck) * total
    chosen = 0
    for substance in range(SUBSTANCES):
        if self.use[substance] == Use.NEVER and left >= 0:
            chosen = substance
            left -= (
                world.start_rate[substance, band]
                * world.start_sex[substance, self.sex]
                * local_ratio(substance, here)
                * strength
            )
    set_use(self, chosen, Use.EXPERIMENTING)
    self.marks |= Mark.FIRST_USE


@helper
def local_ratio(substance, here):
    """Heroin and crack begin more often where deprivation is deep (ratio)."""
    if substance == Substance.HEROIN or substance == Substance.CRACK:
        return here.use_ratio
    return 1
