"""School, work and home."""

from policysim.counts.table.row import flow, stock
from policysim.vocabulary.marks import SchoolMark, WorkHomeMark
from policysim.vocabulary.stocks import Stock

ROWS = (
    flow("exclusions", "permanent exclusions from school", SchoolMark.EXCLUDED_FROM_SCHOOL, label="Exclusions from school",
         more_is="worse"),
    flow("pupils_taught_skills", "pupils taught personal and social skills", SchoolMark.TAUGHT_SKILLS),
    flow("pupils_taught_by_scare", "pupils given fear-based talks", SchoolMark.TAUGHT_BY_SCARE),
    flow("jobs_lost", "jobs lost", WorkHomeMark.LOST_WORK, unit="jobs", more_is="worse"),
    flow("homes_lost", "stable homes lost", WorkHomeMark.LOST_HOME, unit="homes", more_is="worse"),
    stock("homeless_dependent", "people dependent on a substance and without a home", Stock.HOMELESS_DEPENDENT,
          more_is="worse"),
)  # fmt: skip
