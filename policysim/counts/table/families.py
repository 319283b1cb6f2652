"""Families: early years, programmes, early help, care proceedings, children in care."""

from policysim.counts.table.row import flow, told
from policysim.vocabulary.marks import FamilyMark
from policysim.vocabulary.stocks import Figure

ROWS = (
    told("pre_school_children", "children at a pre-school that teaches, beyond what every child has",
         Figure.PRE_SCHOOL_CHILDREN, "children", mean=True),
    told("families_supported", "families with a child under ten who go through a parenting programme",
         Figure.FAMILIES_SUPPORTED, "families"),
    told("qualified_workers", "workers with families who are qualified for what they do", Figure.QUALIFIED_WORKERS, "workers",
         mean=True),
    flow("went_to_pre_school", "people who turned ten and had gone to a pre-school that teaches",
         FamilyMark.WENT_TO_PRE_SCHOOL),
    flow("parents_taught", "people who turned ten and whose parents had gone through a programme", FamilyMark.PARENTS_TAUGHT),
    flow("family_programmes", "children of 10 to 15 who went through a programme for families", FamilyMark.FAMILY_PROGRAMME),
    flow("identified", "children named by a board of several services", FamilyMark.IDENTIFIED, noun="children identified early"),
    flow("identified_without_need", "children named by it with nothing of what it looks for",
         FamilyMark.IDENTIFIED_WITHOUT_NEED),
    flow("took_help", "children whose family took up early help", FamilyMark.TOOK_HELP),
    flow("families_helped", "dependent parents whom children's services began to help", FamilyMark.GOT_EARLY_HELP),
    flow("care_proceedings", "dependent parents about whose children care proceedings began", FamilyMark.PROCEEDINGS_BEGAN),
    flow("family_court_cases", "of these, before a family drug court", FamilyMark.FAMILY_COURT,
         noun="parents before a family drug court"),
    flow("families_kept", "care proceedings that ended with the children at home", FamilyMark.CHILDREN_KEPT,
         unit="proceedings"),
    flow("families_parted", "dependent parents whose children were taken into care", FamilyMark.CHILDREN_REMOVED,
         label="Parents whose children were taken into care", more_is="worse"),
    flow("ceased_at_court", "parents whose dependence had ended by the close of a family drug court's case",
         FamilyMark.CEASED_AT_COURT),
    flow("taken_into_care", "children followed here who were taken into care", FamilyMark.TAKEN_INTO_CARE, more_is="worse"),
    flow("lost_a_parent", "people at home whose parent died", FamilyMark.LOST_A_PARENT),
)  # fmt: skip
