"""Homes and work that services give, work against stigma, services that are trauma-informed."""

from policysim.counts.table.row import flow, stock, told
from policysim.vocabulary.marks import SocialMark, WorkHomeMark
from policysim.vocabulary.stocks import Figure, Stock

ROWS = (
    stock("in_housing_first", "people with a place in Housing First beyond those of today", Stock.HOUSING_FIRST),
    stock("in_supported_homes", "people in supported homes beyond those of today", Stock.SUPPORTED_HOME),
    stock("with_job_support", "people with an employment specialist beyond those of today", Stock.WITH_JOB_SUPPORT),
    flow("given_housing_first", "given a place in Housing First", SocialMark.GIVEN_HOUSING_FIRST),
    flow("given_supported_homes", "given a supported home", SocialMark.GIVEN_SUPPORTED_HOME),
    flow("tenancies_lost", "homes lost that the housing service had given", SocialMark.LOST_TENANCY, unit="homes"),
    flow("moved_on", "moved on from a supported home to one of their own", SocialMark.MOVED_ON),
    flow("recovered_in_homes", "no longer ill, in a supported home", SocialMark.RECOVERED_IN_HOME),
    flow("began_job_support", "taken on by an employment specialist", SocialMark.BEGAN_JOB_SUPPORT),
    flow("supported_jobs", "found work with an employment specialist's help", SocialMark.STARTED_SUPPORTED_WORK, unit="jobs",
         label="Jobs found with an employment specialist"),
    flow("jobs_found", "work found by people without any", WorkHomeMark.FOUND_WORK, unit="jobs", label="Jobs found"),
    told("reached_on_stigma", "residents whom work against stigma reaches, beyond that of today", Figure.REACHED_ON_STIGMA,
         unit="people", mean=True),
    told("trauma_informed_clients", "people in treatment in services that work in a trauma-informed way, beyond those of today",
         Figure.TRAUMA_INFORMED, unit="people", mean=True),
)  # fmt: skip
