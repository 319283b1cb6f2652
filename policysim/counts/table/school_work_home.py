"""School, work and home."""

from policysim.counts.table.row import flow, stock, told
from policysim.vocabulary.marks import SchoolMark, WorkHomeMark
from policysim.vocabulary.stocks import Figure, Stock

ROWS = (
    flow("exclusions", "permanent exclusions from school", SchoolMark.EXCLUDED_FROM_SCHOOL, label="Exclusions from school",
         more_is="worse"),
    flow("pupils_taught_skills", "pupils taught personal and social skills", SchoolMark.TAUGHT_SKILLS),
    flow("pupils_taught_by_scare", "pupils given fear-based talks", SchoolMark.TAUGHT_BY_SCARE),
    flow("suspensions", "suspensions from school", SchoolMark.SUSPENDED, unit="suspensions", more_is="worse"),
    flow("caught_studying", "people caught with drugs at school, college or university", SchoolMark.CAUGHT_AT_SCHOOL,
         SchoolMark.CAUGHT_AT_UNIVERSITY, label="Caught with drugs while studying"),
    flow("exclusions_for_drugs", "permanent exclusions from school for being caught with drugs", SchoolMark.EXCLUDED_FOR_DRUGS,
         label="Exclusions for drugs"),
    flow("expelled_students", "students expelled for being caught with drugs", SchoolMark.EXPELLED_FROM_UNIVERSITY),
    flow("diverted_at_study", "people offered referral and support by school or university in place of punishment",
         SchoolMark.DIVERTED_AT_STUDY, label="Offered referral while studying"),
    flow("pupils_joining_ethos", "pupils whose school began to work on its ethos", SchoolMark.JOINED_ETHOS),
    flow("pupils_told_facts", "pupils given lessons of facts alone", SchoolMark.TOLD_FACTS),
    flow("pupils_hearing_visitors", "pupils who heard former users or police as the only educators",
         SchoolMark.HEARD_VISITORS, label="Pupils hearing former users or police"),
    flow("pupils_peer_mentored", "pupils given a pupil as a mentor without structure", SchoolMark.PEER_MENTORED),
    flow("pupils_given_mentors", "pupils given a trained mentor", SchoolMark.GOT_MENTOR),
    told("pupils_of_trained_staff", "pupils of 12 and 13 whose school has staff trained for its programmes",
         Figure.PUPILS_OF_TRAINED_STAFF, "pupils", mean=True, label="Pupils whose staff are trained"),
    flow("jobs_lost", "jobs lost", WorkHomeMark.LOST_WORK, unit="jobs", more_is="worse"),
    flow("homes_lost", "stable homes lost", WorkHomeMark.LOST_HOME, unit="homes", more_is="worse"),
    stock("homeless_dependent", "people dependent on a substance and without a home", Stock.HOMELESS_DEPENDENT,
          more_is="worse"),
)  # fmt: skip
