"""Money: purses that run dry, what partners put together, what a commissioner moves. What purses spend stands in `outcomes`."""

from policysim.counts.table.row import told
from policysim.vocabulary.purses import DRY, PURSES
from policysim.vocabulary.stocks import Figure

ROWS = (
    *(
        told(f"weeks_dry_{name}", f"weeks in which the {name} purse could not pay for all that was asked", DRY[name], "weeks",
             label=f"Weeks dry, {name} purse")
        for name in PURSES
    ),
    told("pooled", "put together by police, NHS and justice", Figure.POOLED, "pounds", label="Money put together"),
    told("pool_spent", "of this spent on people in treatment and on support", Figure.POOL_SPENT, "pounds",
         label="Money put together and spent", noun="money put together and spent"),
    told("moved_from_enforcement", "police money moved from searches and arrests to diversion and treatment",
         Figure.MOVED_FROM_ENFORCEMENT, "pounds", label="Moved from enforcement", noun="money moved from enforcement"),
)  # fmt: skip
