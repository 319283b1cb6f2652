"""Hepatitis C and HIV: caught, found, cured, died of; how drugs are taken."""

from policysim.counts.table.row import flow, stock
from policysim.vocabulary.marks import HarmReductionMark, InfectionMark, UseMark
from policysim.vocabulary.stocks import Stock

ROWS = (
    flow("new_hepatitis_c", "infections with hepatitis C, whether or not they become chronic",
         InfectionMark.CAUGHT_HEPATITIS_C, unit="infections", label="New hepatitis C infections", more_is="worse"),
    flow("hepatitis_c_again", "infections with hepatitis C of people who had had it before", InfectionMark.REINFECTED,
         unit="infections"),
    flow("hepatitis_c_cleared", "infections with hepatitis C that cleared without treatment",
         InfectionMark.CLEARED_HEPATITIS_C, unit="infections"),
    flow("new_hiv", "infections with HIV by shared equipment", InfectionMark.CAUGHT_HIV, unit="infections",
         label="New HIV infections", more_is="worse"),
    flow("hepatitis_c_tests", "tests for hepatitis C of people who inject or have it",
         InfectionMark.TESTED_FOR_HEPATITIS_C, unit="tests"),
    flow("hepatitis_c_found", "people found to have hepatitis C", InfectionMark.FOUND_HEPATITIS_C),
    flow("antiviral_courses", "courses of antivirals for hepatitis C", InfectionMark.TOOK_ANTIVIRALS, unit="courses"),
    flow("hepatitis_c_cured", "people cured of hepatitis C by antivirals", InfectionMark.CURED_OF_HEPATITIS_C),
    flow("liver_deaths", "deaths of liver disease after hepatitis C, among the deaths by other causes",
         InfectionMark.DIED_OF_LIVER_DISEASE, unit="deaths", label="Liver deaths after hepatitis C", more_is="worse"),
    flow("means_of_smoking", "weeks for which someone who injects was given foil or a pipe",
         HarmReductionMark.GOT_MEANS_OF_SMOKING, unit="person-weeks"),
    flow("smoke_instead", "changes from injecting to smoking", UseMark.SMOKES_INSTEAD, unit="changes"),
    flow("inject_again", "returns to injecting without an end of dependence between", UseMark.INJECTS_AGAIN,
         unit="changes"),
    stock("hepatitis_c", "people living with chronic hepatitis C", Stock.HEPATITIS_C, more_is="worse"),
    stock("injecting_hepatitis_c", "people who inject and have chronic hepatitis C", Stock.INJECTING_HEPATITIS_C),
    stock("injecting_hiv", "people who inject and live with HIV", Stock.INJECTING_HIV),
    stock("awaiting_antivirals", "people found to have hepatitis C who wait for antivirals",
          Stock.AWAITING_ANTIVIRALS),
)  # fmt: skip
