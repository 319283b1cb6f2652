"""What services give beside a place in treatment, and recovery groups."""

from policysim.counts.table.row import flow
from policysim.vocabulary.marks import SupportMark

ROWS = (
    flow("counselling_sessions", "sessions with a counsellor", SupportMark.COUNSELLED, unit="sessions"),
    flow("voucher_weeks", "weeks on a course of vouchers", SupportMark.ON_VOUCHERS, unit="weeks"),
    flow("peer_support_weeks", "weeks of support by a peer", SupportMark.PEER_SUPPORTED, unit="weeks"),
    flow("women_only_weeks", "weeks in treatment where only women are", SupportMark.WOMEN_ONLY, unit="weeks"),
    flow("veteran_mentor_weeks", "weeks of mentoring by another veteran", SupportMark.MENTORED, unit="weeks"),
    flow("depot_weeks_given", "weeks in treatment under a depot", SupportMark.ON_DEPOT, unit="weeks"),
    flow("joined_group", "joined a recovery group", SupportMark.JOINED_GROUP),
    flow("rewarded_weeks", "weeks without stimulants for which vouchers were earned", SupportMark.REWARDED, unit="weeks"),
)  # fmt: skip
