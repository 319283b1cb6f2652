"""A person: every field of the record with unit and meaning, and the rules that everyone lives by."""

from policysim.engine.fields import Field, Marks, fields_of
from policysim.engine.light_mesa import mesa
from policysim.engine.shown import row_as_card, row_in_words
from policysim.vocabulary.marks import (
    CareMark,
    CustodySuiteMark,
    DrinkingMark,
    ExploitationMark,
    FamilyMark,
    HarmReductionMark,
    InfectionMark,
    JusticeMark,
    KnowledgeMark,
    LifeMark,
    OutreachMark,
    OverdoseMark,
    PoliceMark,
    SchemeMark,
    SchoolMark,
    SocialMark,
    SupervisionMark,
    SupportMark,
    UseMark,
    WorkHomeMark,
    YouthMark,
)  # fmt: skip

OWNED_BY_MESA = frozenset({"model", "unique_id", "pos", "people", "row"})


class Person(mesa.Agent):
    """One resident, or one of a stated number of residents who live the same life."""

    # Who they are
    age = Field("f8", "age", "years", 10, 81)
    band = Field("i1", "five-year band of age, from 10-14 (0) to 75-79 (13)", "", 0, 13)
    sex = Field("i1", "0 a woman, 1 a man", "", 0, 1)
    ethnicity = Field("i1", "broad ethnic group: white, Asian, Black, mixed, other", "", 0, 4)
    neighbourhood = Field("i2", "index of the neighbourhood", "", 0)
    occupation = Field("i1", "school, excluded, student, working, workless", "Occupation", 0, 4)
    housing = Field("i1", "stable, insecure, homeless", "Housing", 0, 2)
    aces = Field("i1", "adverse childhood experiences", "count", 0, 9)
    care_experienced = Field("?", "was in the care of the local authority as a child")
    family_history = Field("?", "a parent was dependent on alcohol or drugs")
    ill = Field("?", "has a mental illness")
    has_children = Field("?", "has dependent children")
    veteran = Field("?", "served in the armed forces")
    brain_injury = Field("?", "has an acquired brain injury")
    neurodivergent = Field("?", "is neurodivergent")
    bereaved_weeks = Field(
        "i2",
        "weeks since a friend died of drug misuse, a parent died or the children were taken; -1 never",
        "weeks",
        -1,
    )

    weeks = Field(
        "i2", "weeks that pass in this turn: 1, and more when those at rest make up for them", "weeks", 1, start=1
    )

    # Coming and going
    present = Field("?", "is alive and in the model now")
    life = Field("i1", "not yet, present, left, dead", "Life", 0, 3)
    cause = Field("i1", "cause of death", "Cause", 0, 4)
    enters = Field("i2", "week of entry; 0 for the first residents", "weeks", 0)
    role = Field("i1", "young person, adult, dependent user; changes take effect next week", "Role", 0, 2)

    # Risk and resilience: two running balances
    risk = Field("f8", "running balance of what pulls towards harm", "standard deviations", -20, 20)
    resilience = Field("f8", "running balance of what holds", "standard deviations", -20, 20)
    risk_at_rest = Field("f4", "where risk settles when nothing else acts", "standard deviations", -20, 20)
    resilience_at_rest = Field("f4", "where resilience settles when nothing else acts", "standard deviations", -20, 20)
    log_pull = Field("f4", "what risk and resilience do to hazards: the exponent of pull", "log ratio")
    lessons = Field("f4", "skills taught at school that are still with the person", "share", 0, 1)
    scare_lessons = Field("f4", "fear-based teaching that is still with the person", "share", 0, 1)
    ethos = Field("f4", "work on the ethos of the person's school, as good as its staff; 0 for none", "share", 0, 1)
    unproven = Field(
        "f4",
        "what talks without evidence gave resilience or took, as far as it is still there",
        "standard deviations",
        -20,
        20,
    )
    told_facts = Field("?", "had lessons about drugs of facts alone")
    heard_visitors = Field("?", "heard former users or police as the only educators")
    peer_mentored = Field("?", "had a pupil as a mentor without structure")
    mentor_weeks = Field("i1", "weeks left with a trained mentor", "weeks", 0)

    # Use
    use = Field("i1", "state of use by substance", "Use", 0, 5, shape=(7,))
    using = Field("i1", "number of substances used now", "count", 0, 7)
    dependent_on = Field("i1", "number of substances the person is dependent on now", "count", 0, 7)
    ever_used = Field("?", "has used any of the substances")
    ever_dependent = Field("?", "has been dependent on any of the substances")
    weeks_since_dependence = Field("i2", "weeks since dependence on heroin or crack last ended", "weeks", 0)
    injects = Field("?", "injects heroin or crack")
    injecting_weeks = Field("i2", "weeks of injecting so far", "weeks", 0)
    street_use = Field("f4", "street opioid use this week, 1 = that of someone dependent and untreated", "share", 0, 1)
    tolerance = Field("f4", "opioid tolerance: trailing exposure, 1 = that of daily use", "share", 0, 1)
    alone = Field("f4", "share of occasions on which the person uses alone", "share", 0, 1)
    naloxone = Field("?", "carries a naloxone kit")
    would_have_died = Field("?", "would have died this week had no friend's kit been at hand")
    needles = Field("?", "has as many clean needles as they need this week")
    has_foil = Field("?", "was given foil or pipes this week, to smoke from on some occasions in place of injecting")
    hiv = Field("?", "lives with HIV")
    hepatitis_c = Field("?", "has chronic hepatitis C")
    hepatitis_c_ever = Field("?", "has had hepatitis C, cured or not")
    chronic_weeks = Field("i2", "weeks of chronic hepatitis C so far, over all infections", "weeks", 0)
    awaits_antivirals = Field("?", "was found to have hepatitis C and waits for antivirals")

    # Drinking
    drinking_usual = Field(
        "f4", "severity that dependence on alcohol comes to without help, by the questionnaire SADQ", "points", 0, 60
    )
    drinking = Field(
        "f4", "severity of dependence on alcohol now: under 16 mild, over 30 severe; 0 for none", "points", 0, 60
    )
    drink_calls = Field("f4", "calls of police or ambulance for drink, as far as the year remembers", "count", 0)
    keyworker = Field("?", "an outreach worker for drinkers with complex needs holds the case")

    # Standing with services
    outreach_trust = Field("f4", "trust in an outreach worker with lived experience, fading", "share", 0, 1)
    trained_around = Field(
        "f4", "share of family and friends trained to answer an overdose, as far as they remember", "share", 0, 1
    )
    care = Field("i1", "none, waiting, or which treatment", "Care", 0, 9)
    weeks_waiting = Field("i2", "weeks on the waiting list", "weeks", 0)
    weeks_in_care = Field("i2", "weeks since this kind of treatment began", "weeks", 0)
    weeks_in_episode = Field("i2", "weeks since treatment began, moves from one kind to another included", "weeks", 0)
    weeks_since_care = Field("i2", "weeks since leaving treatment; -1 never treated", "weeks", -1)
    last_presentation = Field("i2", "week of the last new presentation; far in the past if none", "weeks")
    taper_weeks_left = Field("i2", "weeks until a planned reduction of the dose ends; 0 if there is none", "weeks", 0)
    on_top = Field("?", "uses street opioids on top of the prescription")
    agonist_episodes = Field("i1", "episodes of agonist treatment so far", "count", 0)
    referred = Field("f4", "standing offer of treatment from police, court or prison, fading", "share", 0, 1)
    depot_weeks = Field("i1", "weeks for which a depot of buprenorphine goes on working; 0 without one", "weeks", 0)
    voucher_weeks = Field(
        "i2", "weeks left of a course of vouchers; 0 none in this treatment so far, -1 one is over", "weeks", -1
    )
    group_weeks = Field("i2", "weeks that the person will go on going to a recovery group", "weeks", 0)
    stigma = Field("f4", "shame and expected judgement", "standard deviations", 0, 20)
    fear = Field("f4", "fear of being found out and punished", "standard deviations", 0, 20)

    # Standing with the law
    justice = Field("i1", "free, community order, custody, licence, deferred sentence, halfway house", "Justice", 0, 5)
    charge = Field("i1", "what the person stands charged with", "Charge", 0, 5)
    weeks_charged = Field("i2", "weeks since the charge", "weeks", 0)
    weeks_left = Field("i2", "weeks left of custody, order or licence", "weeks", 0)
    weeks_since_release = Field("i2", "weeks since release; -1 never imprisoned", "weeks", -1)
    prison_agonist = Field("?", "has agonist treatment in prison")
    remanded = Field("?", "is in custody because a court has yet to hear the case")
    cautions = Field("i1", "cautions on file, as far as they are counted", "count", 0)
    convictions = Field("i1", "convictions, as far as they are counted", "count", 0)
    diversions = Field("i1", "diversions attended, as far as they are counted", "count", 0)
    weeks_since_diversion = Field("i2", "weeks since a diversion in place of an arrest; -1 never", "weeks", -1)
    contract_weeks = Field(
        "i2", "weeks left of a diversion agreement or of a contract that defers a charge", "weeks", 0
    )
    deferred = Field("i1", "the charge held back while a contract runs or a panel decides", "Charge", 0, 4)
    possessions = Field("i1", "times found in possession, as far as they are counted", "count", 0)
    managed_weeks = Field("i2", "weeks left on the programme for those arrested most", "weeks", 0)
    offending_level = Field("f4", "acquisitive offending relative to the mean of people alike", "ratio", 0)
    trust = Field(
        "f4", "trust in the police relative to somebody without contact, fading", "standard deviations", -20, 20
    )
    taught_by_police = Field("?", "had the lessons that police give in class")

    youth = Field("i1", "standing with the youth justice service; none from eighteen on", "YouthCase", 0, 4)
    diverted_as = Field(
        "i1", "how the last diversion from an arrest or a charge was made: as an adult, as a child", "DivertedAs", 0, 2
    )

    # Supply
    exploited = Field("?", "carries and sells for those who run a supply line")
    once_exploited = Field("?", "was drawn into a supply line at some time, and is known to those who run it")
    warned_weeks = Field("i1", "weeks left in which a warning about what is sold is heeded", "weeks", 0)
    checked = Field("?", "takes less or none of this week's drugs, which were checked")
    case_weeks = Field("i2", "weeks left with a caseworker met in police custody", "weeks", 0)
    screened = Field("?", "was screened for brain injury and trauma in police custody")
    requirement = Field(
        "i1", "treatment that an order requires: none, drug, alcohol, mental health", "Requirement", 0, 3
    )
    requirement_weeks = Field("i2", "weeks left of that requirement", "weeks", 0)
    mind_treated = Field("?", "is in the mental-health treatment that an order requires")
    review = Field("i1", "seen by the same judge: not, after an intensive order, before sentence", "Review", 0, 2)
    review_weeks = Field("i2", "weeks since the judge's reviews began", "weeks", 0)
    home_before = Field("i1", "home before the halfway house", "Housing", 0, 2)
    in_place = Field("?", "serves a sentence to prison in a halfway house, or what was left of it in prison")

    # Family
    family_case = Field("i1", "standing of a parent with children's services and the family court", "FamilyCase", 0, 5)
    family_supported = Field("?", "went through a programme for families")
    identified = Field("?", "was named by the board that identifies children early")
    # Homes and work that services give
    tenancy = Field("i1", "home that a housing service gives", "Tenancy", 0, 2)
    home_before_tenancy = Field(
        "i1", "home before the housing service gave one; stable if it gave none", "Housing", 0, 2
    )
    job_support_weeks = Field(
        "i1", "weeks left with an employment specialist; 0 none so far, -1 they are over", "weeks", -1, 127
    )

    # Ties, as they stood at the week's start
    ties = Field("i1", "friends and household members in the model", "count", 0)
    peers_using = Field(
        "i1", "how many of them use now: drugs, heroin or crack, alcohol harmfully", "count", 0, shape=(3,)
    )
    using_peers = Field("i1", "people with whom the person uses heroin or crack", "count", 0, 4)
    peers_with_naloxone = Field("i1", "how many of those carry naloxone and are at liberty", "count", 0, 4)

    # This week
    overdose_marks = Marks(OverdoseMark)
    harm_reduction_marks = Marks(HarmReductionMark)
    outreach_marks = Marks(OutreachMark)
    use_marks = Marks(UseMark)
    drinking_marks = Marks(DrinkingMark)
    police_marks = Marks(PoliceMark)
    scheme_marks = Marks(SchemeMark)
    custody_suite_marks = Marks(CustodySuiteMark)
    justice_marks = Marks(JusticeMark)
    supervision_marks = Marks(SupervisionMark)
    care_marks = Marks(CareMark)
    support_marks = Marks(SupportMark)
    school_marks = Marks(SchoolMark)
    work_home_marks = Marks(WorkHomeMark)
    infection_marks = Marks(InfectionMark)
    exploitation_marks = Marks(ExploitationMark)
    knowledge_marks = Marks(KnowledgeMark)
    family_marks = Marks(FamilyMark)
    social_marks = Marks(SocialMark)
    youth_marks = Marks(YouthMark)
    life_marks = Marks(LifeMark)
    expected_death = Field("f4", "probability of dying of drug misuse this week", "probability", 0, 1, weekly=True)
    expected_offences = Field("f4", "acquisitive offences expected this week", "count", 0, weekly=True)

    def __init__(self, model, people, row):
        super().__init__(model)
        self.people, self.row = people, row
        self.unique_id = int(row)

    def __reduce__(self):
        """A person goes with the model, as the row that they are of its people."""
        return type(self.model).person, (self.model, self.row)

    def __repr__(self):
        fields = fields_of([type(self)])
        kinds = {name: getattr(field, "marks", field.states) for name, field in fields.items()}
        return row_in_words(type(self).__name__, self.row, self.people[self.row], kinds)

    __str__ = __repr__  # Mesa has words of its own

    def _repr_html_(self):
        """For a notebook: every state, and every other field that is not 0, with unit and meaning."""
        return row_as_card(type(self).__name__, self.row, self.people[self.row], fields_of([type(self)]))

    def __setattr__(self, name, value):
        if name not in OWNED_BY_MESA and not name.startswith("_") and not hasattr(type(self), name):
            raise AttributeError(
                f"a person has no field {name!r}; declare it beside the rule that owns it with Field(...)"
            )
        super().__setattr__(name, value)
