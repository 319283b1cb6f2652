"""Marks: what a week can leave behind, one enumeration for each part of life, every mark with the words for it.

The marks of one part are powers of two, added up in one field of the person: those of `PoliceMark` in `police_marks`.
A rule leaves one with `self.police_marks |= PoliceMark.SEARCHED`. Each is counted by week, area and group, and told where
a life is told. A part of life can have 31; there can be as many parts as are needed, and whoever brings about something
of its own may declare an enumeration of its own.
"""

from policysim.vocabulary.mark import Mark


class OverdoseMark(Mark):
    """An overdose, and who helped."""

    OVERDOSED = "had an overdose"
    REVERSED_BY_FRIEND = "was revived by someone who was there"
    REVERSED_IN_ROOM = "was revived by staff of a consumption room"
    REVERSED_IN_CUSTODY = "was revived by staff in prison"
    REVERSED_BY_POLICE = "was revived with naloxone by police"
    REVERSED_BY_AMBULANCE = "was saved by the ambulance service"
    USED_OWN_KIT = "their own naloxone kit was used"
    NEEDS_FRIENDS_KIT = "a friend's naloxone kit was used"
    OVERDOSED_ON_OPIOIDS = "overdosed on heroin or another opioid", True
    OVERDOSED_ON_FAKES = "overdosed on benzodiazepines that held an opioid", True
    OVERDOSED_ON_PARTY_DRUGS = "overdosed on party drugs", True


class HarmReductionMark(Mark):
    """Kits and rooms."""

    GOT_KIT = "got a naloxone kit"
    LOST_KIT = "lost their naloxone kit"
    VISITED_ROOM = "used a consumption room"
    GOT_MEANS_OF_SMOKING = "was given foil or a pipe"
    GOT_PEER_KIT = "got a naloxone kit from a peer"
    TRAINED_AROUND = "family or friends were trained to answer an overdose"
    CARRIES_KIT_ANEW = (
        "had no naloxone kit until one was handed over by a peer, by an outreach worker or after a course",
        True,
    )


class UseMark(Mark):
    """Use of the seven substances; a life tells them by substance."""

    FIRST_USE = "used a drug for the first time"
    BECAME_DEPENDENT = "became dependent"
    REMITTED = "dependence ended"
    RELAPSED = "became dependent again"
    USE_CHANGED = "use changed"
    STARTED_INJECTING = "began to inject"
    SMOKES_INSTEAD = "smoked in place of injecting"
    INJECTS_AGAIN = "injected again"


class PoliceMark(Mark):
    """Search, arrest and what police decide."""

    SEARCHED = "searched by police"
    FOUND_WITH_DRUGS = "found with drugs"
    ARRESTED_FOR_DRUGS = "arrested for drugs"
    ARRESTED_OTHERWISE = "arrested for theft"
    TESTED_ON_ARREST = "tested for drugs after arrest"
    TESTED_POSITIVE = "tested positive for drugs after arrest"
    RESOLVED_ON_STREET = "dealt with on the street, no arrest"
    CAUTIONED = "cautioned"
    OFFERED_DIVERSION = "offered diversion in place of arrest"
    DIVERTED = "took part in diversion"
    CHARGED = "charged"
    NO_FURTHER_ACTION = "released, no further action"
    ARRESTED_FOR_TRIGGER = "arrested for theft or robbery"
    RESOLVED_AT_STATION = "given a community resolution after arrest"
    BREACHED_DIVERSION = "did not keep to the diversion agreement"
    COMPLETED_DIVERSION = "completed the diversion agreement"
    DIVERTED_FROM_ARREST = "would have been arrested", True


class SchemeMark(Mark):
    """Schemes of the police beside arrest: contracts, courses, sanctions by steps, management of offenders, lessons."""

    CHARGE_DEFERRED = "charge held back for a contract"
    DEFERRED_FROM_CHARGE = "would have been charged", True
    DEFERRAL_BREACHED = "broke the contract: the case went back to prosecution"
    DEFERRAL_COMPLETED = "kept the contract: no charge"
    CHILD_DIVERTED = "a child was diverted", True
    EDUCATED = "sent to a session of drug education by police"
    DEALT_WITH_BY_STEPS = "dealt with for possession by steps: a course, a caution, a charge"
    TAKEN_ON = "taken on by the board that manages those arrested most"
    LEFT_MANAGEMENT = "withdrew from the offender programme"
    TAUGHT_BY_POLICE = "had a lesson by a police officer on fair treatment and the law"


class JusticeMark(Mark):
    """Courts, prison and probation."""

    CONVICTED = "convicted in court"
    COMMUNITY_ORDER = "given a community order"
    REQUIREMENT = "the order requires treatment"
    IMPRISONED = "sent to prison"
    RELEASED = "released from prison on licence"
    RECALLED = "recalled to prison"
    DRUG_OFFENCE_DISPOSED = "a drug offence was concluded", True
    REMANDED = "held in prison until the court hearing"
    RELEASED_BY_COURT = "released from prison by the court"
    RELEASED_EARLY = "released some weeks early: prisons were full"
    RELEASED_TREATED = "left prison in agonist treatment", True
    CHILD_SENTENCED = "a child was sentenced", True
    DIED_IN_CUSTODY = "died of drug misuse in custody", True
    HANDED_OVER = "was handed over to a treatment service at the gate"
    KIT_AT_RELEASE = "left prison with a naloxone kit"


class CustodySuiteMark(Mark):
    """Drug workers in police custody."""

    TESTED_AWAY = "tested outside the area they live in: the referral was lost"
    TAKEN_UP = "taken up by a caseworker in police custody"
    ENGAGED = "spoke with a drug or alcohol worker in police custody"
    SCREENED = "screened for brain injury and trauma in police custody"


class SupervisionMark(Mark):
    """Treatment requirements, reviews before the same judge, and halfway houses."""

    DRUG_REQUIREMENT = "the order requires drug treatment", True
    ALCOHOL_REQUIREMENT = "the order requires alcohol treatment", True
    MENTAL_HEALTH_REQUIREMENT = "the order requires mental-health treatment", True
    COMPLETED_REQUIREMENT = "completed what the order required"
    BREACHED_REQUIREMENT = "did not keep to what the order required: back to court"
    MENTAL_HEALTH_TREATED = "began mental-health treatment that the order requires"
    GIVEN_INTENSIVE_ORDER = "given an order with monthly reviews in place of prison"
    DEFERRED = "the sentence was put off for a drug court"
    DRAWN_IN = "would have had neither prison nor an order", True
    REVIEWED = "seen by the judge for review"
    SANCTIONED = "held for some days by the judge for not keeping to treatment"
    FAILED_REVIEW = "sent back for sentence by the reviewing judge"
    DISMISSED = "the case was dismissed: no conviction"
    ENTERED_HOUSE = "moved to a halfway house after prison"
    HOUSED_IN_PLACE = "sent to a halfway house in place of prison"
    LEFT_HOUSE = "left the halfway house"
    ADJUSTED = "a requirement or licence was adjusted to what screening found", True


class CareMark(Mark):
    """Asking for treatment, entering, leaving."""

    ASKED_FOR_TREATMENT = "asked for treatment, now waiting"
    GAVE_UP_WAITING = "stopped waiting for treatment"
    ENTERED_TREATMENT = "began treatment"
    NEW_PRESENTATION = "counted as new to treatment this year", True
    COMPLETED_TREATMENT = "completed treatment"
    DROPPED_OUT = "left treatment before its end"
    LEFT_TREATMENT_FOR_PRISON = "treatment in the community ended with prison"
    RETAINED_12_WEEKS = "twelve weeks in treatment"
    PRESENTED_OPIATE = "counted as treated for opiates", True
    PRESENTED_NON_OPIATE = "counted as treated for other drugs", True
    PRESENTED_NON_OPIATE_AND_ALCOHOL = "counted as treated for other drugs and alcohol", True
    PRESENTED_ALCOHOL = "counted as treated for alcohol", True
    MOVED_TREATMENT = "moved to another treatment"
    PRESENTED_UNDER_18 = "counted as new to treatment under 18", True
    BEGAN_DETOXIFICATION = "began to come off opioids on a ward"
    DETOXIFIED = "came off opioids on a ward"
    JOINED_COMMUNITY = "joined a therapeutic community"


class SupportMark(Mark):
    """What services give beside a place, week by week; and recovery groups."""

    COUNSELLED = "had a session with a counsellor", True
    REWARDED = "earned vouchers by a week without stimulants", True
    PEER_SUPPORTED = "was supported by a peer", True
    WOMEN_ONLY = "was seen where only women are", True
    MENTORED = "was mentored by another veteran", True
    ON_DEPOT = "had a depot that was working", True
    JOINED_GROUP = "joined a recovery group"
    ON_VOUCHERS = "was on a course of vouchers", True


class SchoolMark(Mark):
    """School."""

    EXCLUDED_FROM_SCHOOL = "excluded from school"
    TAUGHT_SKILLS = "had lessons in personal and social skills"
    TAUGHT_BY_SCARE = "had a talk that warned of drugs"
    SUSPENDED = "suspended from school for some days"
    CAUGHT_AT_SCHOOL = "caught with drugs at school"
    EXCLUDED_FOR_DRUGS = "excluded for drugs", True
    CAUGHT_AT_UNIVERSITY = "caught with drugs at university"
    EXPELLED_FROM_UNIVERSITY = "expelled from university"
    DIVERTED_AT_STUDY = "offered referral and support by school or university in place of punishment"
    JOINED_ETHOS = "their school began to work on its ethos"
    TOLD_FACTS = "had a lesson of facts about drugs alone"
    HEARD_VISITORS = "heard former users or police talk about drugs at school"
    PEER_MENTORED = "was given a pupil as a mentor, without structure"
    GOT_MENTOR = "was given a trained mentor"


class WorkHomeMark(Mark):
    """Work and home."""

    LOST_WORK = "lost their job"
    LOST_HOME = "lost their stable home"
    FOUND_WORK = "found work"


class ExploitationMark(Mark):
    """Children and young people whom those who run supply lines use to carry and sell, and adults who sell."""

    EXPLOITED = "was drawn into carrying drugs for a supply line"
    SAFEGUARDED = "was brought out of a supply line by safeguarding"
    LEFT_LINE = "came out of a supply line"
    ARRESTED_ON_LINE = "was arrested while carrying for a supply line"
    CAUGHT_SELLING = "was arrested for supply by more operations than the usual"


class KnowledgeMark(Mark):
    """What somebody came to know of what is sold."""

    HAD_DRUGS_CHECKED = "had drugs checked"
    MISSOLD = "the checked drugs were not what they were sold as"
    HEEDED_CHECK = "took less or none of the checked drugs"
    WARNED = "was warned of a strong batch"
    CHECKED_OPIOIDS = "had heroin checked", True
    CHECKED_BENZODIAZEPINES = "had benzodiazepines checked", True
    CHECKED_PARTY_DRUGS = "had party drugs checked", True


class DrinkingMark(Mark):
    """What heavy drinking brings."""

    CALLED_FOR_DRINK = "police or an ambulance were called: drink"
    ARRESTED_FOR_DRINK = "arrested: drunk and disorderly, or violent in drink"
    DIED_OF_ALCOHOL = "died of a disease that alcohol alone causes"
    GOT_KEYWORKER = "an outreach worker took them on"
    LEFT_KEYWORKER = "no longer seen by the outreach worker"


class OutreachMark(Mark):
    """Workers with lived experience who look for people whom services do not know."""

    MET_OUTREACH = "was met by an outreach worker with lived experience"
    GOT_OUTREACH_KIT = "got a naloxone kit from an outreach worker"


class FamilyMark(Mark):
    """Childhood, parents, and what children's services and the family court do."""

    WENT_TO_PRE_SCHOOL = "had gone to a pre-school that teaches letters and numbers"
    PARENTS_TAUGHT = "parents had had a parenting programme before the tenth birthday"
    FAMILY_PROGRAMME = "went through a programme for families with a parent"
    IDENTIFIED = "was named by a board of several services as in need of early help"
    IDENTIFIED_WITHOUT_NEED = "was named by the board with nothing of what it looks for", True
    TOOK_HELP = "took up early help"
    GOT_EARLY_HELP = "children's services began to help the family"
    PROCEEDINGS_BEGAN = "care proceedings began about the children"
    FAMILY_COURT = "the care proceedings were before a family drug court"
    CHILDREN_KEPT = "care proceedings ended with the children at home"
    CHILDREN_REMOVED = "the children were taken into care"
    CEASED_AT_COURT = "dependence had ended when the family drug court closed the case", True
    TAKEN_INTO_CARE = "was taken into care"
    LOST_A_PARENT = "a parent died"


class LifeMark(Mark):
    """Death, and leaving at the upper age."""

    DIED_OF_MISUSE = "died of an overdose"
    DIED_WITH_OPIATE = "an opioid was named on the death certificate", True
    DIED_WITH_COCAINE = "cocaine was named on the death certificate", True
    DIED_WITH_HEROIN = "heroin or morphine was named on the death certificate", True
    DIED_WITH_OTHER_OPIOID = "another opioid was named on the death certificate, and not heroin or morphine", True
    DIED_WITH_BENZODIAZEPINE = "a benzodiazepine was named on the death certificate", True
    DIED_OTHER_POISONING = "died of a poisoning not counted as drug misuse"
    DIED_BY_SUICIDE = "died by suicide"
    DIED_OTHERWISE = "died of illness or injury"
    DIED_INTENTIONALLY = "the overdose was intended"
    LEFT = "passed the age up to which people are followed"


class YouthMark(Mark):
    """Youth justice: the panel, programmes in place of a charge, orders and custody of children."""

    BEFORE_PANEL = "the case went to the panel of the youth justice service"
    PANEL_DECIDED = "the panel decided", True
    WOULD_BE_CHARGED = "would have been charged, as a child", True
    WOULD_BE_LET_GO = "would have been let go", True
    TO_BE_CAUTIONED = "may be cautioned by the panel", True
    OUTCOME_22 = "prosecution was put off, with a programme and no caution"
    YOUTH_CAUTIONED = "a child was cautioned", True
    CONDITIONALLY_CAUTIONED = "the caution has conditions"
    BEGAN_PROGRAMME = "began a programme of the youth justice service"
    KEPT_PROGRAMME = "kept to the programme: the case is closed"
    BROKE_PROGRAMME = "broke off the programme: the case went back to prosecution"
    REFERRAL_ORDER = "the order is a referral order"
    REHABILITATION_ORDER = "the order is a youth rehabilitation order"
    SENT_TO_YOUTH_CUSTODY = "held in a place for children"
    GREW_UP_INSIDE = "turned eighteen in custody and was moved to prison"
    SETTLED_FROM_CHARGE = "was settled in place of a charge", True
    GREW_UP = "turned eighteen under youth justice: adult services took over"


class InfectionMark(Mark):
    """Hepatitis C and HIV."""

    CAUGHT_HEPATITIS_C = "was infected with hepatitis C"
    REINFECTED = "had had hepatitis C before", True
    CLEARED_HEPATITIS_C = "cleared hepatitis C without treatment"
    CAUGHT_HIV = "was infected with HIV"
    TESTED_FOR_HEPATITIS_C = "was tested for hepatitis C"
    FOUND_HEPATITIS_C = "was found to have hepatitis C"
    TOOK_ANTIVIRALS = "took antivirals for hepatitis C"
    CURED_OF_HEPATITIS_C = "was cured of hepatitis C"
    DIED_OF_LIVER_DISEASE = "liver disease after hepatitis C was the cause of death", True


class SocialMark(Mark):
    """Homes that a housing service gives and helps to keep, and help to find work beside treatment."""

    GIVEN_HOUSING_FIRST = "was given a place in Housing First"
    GIVEN_SUPPORTED_HOME = "was given a supported home"
    LOST_TENANCY = "lost the home that the housing service had given"
    MOVED_ON = "moved on from a supported home to one of their own"
    RECOVERED_IN_HOME = "was no longer ill, in a supported home"
    BEGAN_JOB_SUPPORT = "was taken on by an employment specialist"
    STARTED_SUPPORTED_WORK = "found work with an employment specialist's help"


PARTS: tuple[type[Mark], ...] = (
    OverdoseMark, HarmReductionMark, OutreachMark, UseMark, DrinkingMark, PoliceMark, CustodySuiteMark, SchemeMark,
    JusticeMark, SupervisionMark, CareMark, SupportMark, SchoolMark, WorkHomeMark, YouthMark, InfectionMark, ExploitationMark,
    KnowledgeMark, FamilyMark, SocialMark,
    LifeMark,
)  # fmt: skip
"""The shipped enumerations, in the order in which a week is told: as it happens, an end last."""
MARKS: tuple[Mark, ...] = tuple(mark for part in PARTS for mark in part)
