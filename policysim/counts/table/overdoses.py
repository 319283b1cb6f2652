"""Overdoses, who helped, and what services hand out against harm."""

from policysim.counts.table.row import flow, stock
from policysim.vocabulary.marks import HarmReductionMark, JusticeMark, OverdoseMark
from policysim.vocabulary.stocks import Stock

ROWS = (
    flow("overdoses", "people who overdosed in a week, fatal or not", OverdoseMark.OVERDOSED, unit="overdoses",
         label="Overdoses, fatal or not", noun="overdoses", more_is="worse"),
    flow("reversed_by_friends", "overdoses reversed by someone present with a kit", OverdoseMark.REVERSED_BY_FRIEND,
         unit="overdoses"),
    flow("reversed_in_rooms", "overdoses reversed by staff of a consumption room", OverdoseMark.REVERSED_IN_ROOM,
         unit="overdoses"),
    flow("reversed_in_custody", "overdoses reversed by staff in prison", OverdoseMark.REVERSED_IN_CUSTODY,
         unit="overdoses"),
    flow("reversed_by_police", "overdoses reversed by police", OverdoseMark.REVERSED_BY_POLICE, unit="overdoses"),
    flow("reversed_by_ambulance", "overdoses reversed by ambulance or hospital", OverdoseMark.REVERSED_BY_AMBULANCE,
         unit="overdoses"),
    flow("kits_given", "take-home naloxone kits given", HarmReductionMark.GOT_KIT,
         JusticeMark.KIT_AT_RELEASE, unit="kits"),
    flow("room_visitors", "weeks in which someone visited a consumption room", HarmReductionMark.VISITED_ROOM,
         unit="person-weeks"),
    flow("kits_used", "kits used", OverdoseMark.USED_OWN_KIT, OverdoseMark.NEEDS_FRIENDS_KIT, unit="kits",
         label="Naloxone kits used"),
    stock("injecting", "people who inject", Stock.INJECTING),
    stock("well_supplied", "people who inject with enough clean equipment", Stock.NEEDLES),
    stock("carrying_naloxone", "people who carry a naloxone kit", Stock.WITH_KIT),
)  # fmt: skip
