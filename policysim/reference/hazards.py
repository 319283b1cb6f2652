"""Hazards in words: what stands behind a name in the declared transitions."""

PARTS = {
    "pull": "exp(risk_pull * (risk - resilience) - pull_usual)",
    "pull_of_friends": "exp(peer_pull * (peers_using / ties - peers_usual)), of friends whose use is of the same kind",
    "growing": "pull * pull_of_friends * growing_by_age",
    "lethality": "fatality * (1 - saved * room_mortality) / (1 - saved), saved = here.room_share * room_rescue, "
    "of those who inject at liberty",
    "called": "ambulance_called + (1 - ambulance_called) * bystander_calls * trained_around",
    "opioid_hazard": "overdose_rate * street_use * here.potency * here.amount_bought * heeded * "
    "exp(tolerance_effect * max(usual_dose - tolerance, 0) + co_use_effect + injecting_effect * (1 - smoked) + "
    "kit_risk_effect with a kit at hand + induction_effect in the first induction_weeks without a depot)",
    "adulterated_hazard": "here.adulterated_benzodiazepines * use_frequency * overdose_rate * "
    "exp(tolerance_effect * max(adulterant_dose - tolerance, 0)) * heeded, * street_use_in_custody inside",
    "heeded": "exp(alert_attracts - warned_dose) within warned_weeks, * exp(-checked_dose) in a week whose drugs were checked",
    "other_hazard": "sum over other drugs of overdose_rate * how_often, * here.party_strength * heeded for party drugs, "
    "* street_use_in_custody inside, * other_use_in_care",
    "how_often": "use_frequency, but no stimulants in a week in which vouchers were earned",
    "fatality": "(fatality_opioid or fatality_stimulant) * exp(fatality_by_age * (the year of age - reference_age))",
    "chance_of_death": "lethality * (1 - here.room_share * room_rescue) * (1 - seen * helped), where helped = 1 - "
    "(1 - kit_used * naloxone_rescue with a kit at hand) * (1 - called * arrived) and arrived = 1 - "
    "(1 - here.police_naloxone * police_first * naloxone_rescue) * (1 - here.ambulance_rescue * medical_rescue); in custody "
    "* (1 - custody_rescue) in place of rooms, kits and police",
    "chance_of_stimulant_death": "fatality * (1 - seen * medical_rescue), * (1 - custody_rescue) in custody",
    "prescribed_opioids": "prescribed_opioid_rate * max(1 - ((middle of the band of age - prescribed_opioid_peak) / "
    "prescribed_opioid_spread)^2, 0) * here.other_poisoning_ratio, for people who never used heroin",
    "needed_this_week": "the mean of how_often, of heroin and crack, over those that the person is dependent on",
    "asks_relative": "seek_ratio_sex, of women, where lower, nearer to that of men by women_only_effect * here.women_only; of "
    "mothers * exp(-mothers_held_back * (1 - childcare_effect * here.childcare)), of veterans * "
    "exp(-veterans_held_back * (1 - mentor_effect * here.mentored))",
    "held_in_care": "depot_retention under a depot + peer_retention, women_only_retention, mentor_retention in a week with each "
    "+ in a week with a session or of a course of vouchers counselling_retention in agonist treatment, elsewhere the larger of "
    "voucher_retention on a course and counselling_retention_psychosocial with a session for people who use stimulants",
    "held_by_others": "trauma_informed_retention * here.trauma_informed of people with aces_many + wraparound_retention in a "
    "supported home",
    "welcomed": "trauma_informed_asking * here.trauma_informed of people with aces_many",
    "pull_away": "exp(log_pull - pull_in_care), log_pull being that of pull",
    "dropout_by_time": "dropout_half_time / (dropout_half_time + weeks_in_care)",
    "seen": "1 - alone * (1 - bystander_stays * trained_around), where alone is at least alone_without_using_peers for "
    "people with no using_peers, * exp(tenancy_alone) with a tenancy, * (1 - warned_alone) within warned_weeks",
    "search_exposure": "search_ratio_age * search_ratio_sex * search_ratio_ethnicity * "
    "(1 + search_selectivity * carrying)",
    "trigger_hazard": "trigger_arrest_rate * search_ratio_age, * trigger_ratio_child below age_of_adult_court, * "
    "trigger_ratio_cocaine with regular use of party drugs, for "
    "people not dependent on heroin or crack",
    "arrested": "here.arrest_share, * youth_arrest_ratio below age_of_adult_court",
    "before_panel": "here.youth_panel * admits, of those for whom prosecution would be put off (here.youth_outcome_22) "
    "* (1 - here.youth_admission_required * (1 - admits)), but for supply",
    "pursued": "failure_pursued, * youth_arrest_ratio below age_of_adult_court",
    "charged": "charge_share, * youth_charge_ratio below age_of_adult_court",
    "to_custody": "custody_share, * youth_custody_ratio below age_of_adult_court, while prison has room",
    "on_remand": "remand_share, * youth_custody_ratio below age_of_adult_court",
    "heaviness": "(drinking / drinking_reference)^2, of people dependent on alcohol",
    "call_hazard": "drinking_call_rate * heaviness^2, * call_ratio_homeless without a home, * call_ratio_ill",
    "alcohol_death_hazard": "alcohol_death_rate * heaviness * exp(alcohol_death_by_age * (the year of age - "
    "alcohol_death_age)), no higher from that age on",
    "trouble_complying": "1 + (breach_ratio_injured - 1) * (1 - adjusted_supervision for those screened), for people with brain "
    "injury, neurodivergence or aces_many",
    "carrying": "the highest how_often among cannabis, party drugs, heroin and crack",
    "found_with_drugs": "here.search_rate * search_exposure * search_for_drugs * carrying * search_finds"
    " + here.detection_rate * carrying",
}
"""Parts that several hazards are made of; most are helpers of the same name."""
