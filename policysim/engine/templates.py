"""The text around the rules: how a week, an institution's decisions and a division are written, and compiled."""

import ast

# How the compiled functions are compiled. Calls between them, and counting the references to arrays that none of them
# makes or frees, would cost more than the rules themselves: one function of a week, without Numba's runtime. Nobody
# calls those within it from outside, so that they need no wrappers, which take longer to compile than short rules do.
INLINE = "@njit(forceinline=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)"
KEPT = INLINE.replace(")", ", cache=True)")
CALLED = KEPT.replace("forceinline=True, ", "")  # by the week once for each person, so that a call costs little
OUTER = "@njit(nogil=True, cache=True, _nrt=False, no_cfunc_wrapper=True)"
WHOLE = "int64"
"""By which a number is handed on as one of many: Numba compiles a function anew for each number that it is told of."""
BLOCK = 64  # as many as a word has bits
"""People whose common draws are made together: few enough for the fastest cache, enough to work side by side."""

PASS = '''
BLOCK = {block}
HERE_READ, HERE_EXACT, WORLD_READ = {here_read!r}, {here_exact!r}, {world_read!r}
FORESEEN = {foreseen!r}


{outer}
def live(
    people, places, around, world, wakes, since, bars, own_bars, rest_stocks, rest_sums, ahead, keys, week, edges, first, last,
    may_rest, marked, followed, counts, stocks, sums{noted}
):
    """Chunks first..last of the people live one week; each person writes only their own row and columns.

    Stocks and sums are those of the thread.
    """
    luck = luck_of_a_thread()
    luck.week = week
    the_world = world[0]{note}
    chunk, found, kept, turn = first, 0, 0, 0
    end, upcoming = edges[last], uint64(0)
    for start in range(edges[first] - BLOCK, end, BLOCK):
        due, words = upcoming, ahead[turn]
        # Who lives in the next block is looked up before this one lives, so that their records are there by then.
        turn, ahead_of, upcoming = 1 - turn, start + BLOCK, uint64(0)
        coming, living = ahead[turn], min(BLOCK, end - ahead_of)
        if living > 0:
{draws}
            upcoming = find_due(people, coming, living, ahead_of, week, wakes, bars, own_bars)
        while due != 0:
            k = first_bit(due)
            due &= due - uint64(1)
            i = start + k
            while i >= edges[chunk + 1]:
                counts[chunk, 0], counts[chunk, 1] = found, kept
                chunk, found, kept = chunk + 1, 0, 0
            person = people[i]
            if not person.present:
                wakes[i], bars[i], own_bars[i] = GONE, uint64(0), uint64(0)
                continue
            luck.person = i{note_person}
            here = places[person.neighbourhood]
            if wakes[i] != AWAKE:
                count_one(person, here, rest_stocks, rest_sums, int64(-1))
                wakes[i] = AWAKE
{make_up}
{clear}
            role = person.role
{lived}
            rests = False
            if ({marks}) != 0:
                marked[edges[chunk] + found] = i
                found += 1
{settle}
            if rests:
                count_one(person, here, rest_stocks, rest_sums, int64(1))
            elif count_one(person, here, stocks, sums, int64(1)):
                followed[edges[chunk] + kept] = i
                kept += 1
    counts[chunk, 0], counts[chunk, 1] = found, kept
'''

SETTLE = """            elif may_rest and person.present:
                role, weeks, nearby = person.role, 0, around[person.neighbourhood]
{roles}
                if weeks > 0:
                    rests = True
                    wakes[i], since[i] = min(week + 1 + weeks, GONE - 1), week
"""
"""Who lived a week without a mark may go to rest, by the rules of next week's role."""

MAKE_UP = "                pass_time(person, here, the_world, luck, week - 1 - since[i])"

PASS_TIME = '''{kept}
def pass_time(person, here, the_world, luck, weeks):
    """Weeks at rest are made up for by the rules that count time."""
    if weeks > 0:
        person.weeks = weeks
        role = person.role
{dispatch}
        person.weeks = 1
'''

CATCH_UP = '''{outer}
def catch_up(people, places, world, wakes, since, bars, own_bars, rest_stocks, rest_sums, week, rows, wake):
    """These people at rest live as long as everyone else has; if `wake`, they rest no longer."""
    luck = luck_of_a_thread()
    the_world = world[0]
    for k in range(rows.size):
        i = rows[k]
        person = people[i]
        here = places[person.neighbourhood]
        pass_time(person, here, the_world, luck, week - since[i])
        since[i] = week
        if wake and wakes[i] != AWAKE:
            count_one(person, here, rest_stocks, rest_sums, int64(-1))
            wakes[i] = AWAKE
'''

WAKE_CONCERNED = '''{outer}
def wake_concerned(people, wakes, rows, changed):
    """Of these people at rest those live the coming week whom one of the rules concerns that `changed` names where they live."""
    for k in range(rows.size):
        i = rows[k]
        person = people[i]
        rules = changed[person.neighbourhood]
        if rules != 0 and DUE < wakes[i] < GONE:
            role, concerned = person.role, True
{dispatch}
            if concerned:
                wakes[i] = DUE
'''


COUNT_ONE = '''{counter} = anew({counter})


{kept}
def count_one(person, here, stocks, sums, one):
    """One person is counted, or no longer counted."""
    return {counter}(person, here, stocks, sums, one)
'''


DECISION = '''
{outer}
def decide_{name}(people, places, world, key, week, rows, choices{noted}):
    """An institution's decision on these people, in person order."""
    luck = luck_of_a_thread()
    luck.week, luck.key = week, key{note}
    for k in range(rows.size):
        person = people[rows[k]]
        luck.person, luck.draws, luck.lot = rows[k], 0, NO_LOT{note_person}
{taken}
'''

NOTES = {
    "noted": ", notes", "note": "; noted = notes[0]", "note_person": "; noted.person = luck.person", "passed": ", noted",
}  # fmt: skip
"""What debug code has in these places of the templates, and usual code has not."""


DIVISIONS = {ast.Div: ("/", ""), ast.FloorDiv: ("//", "_whole"), ast.Mod: ("%", "_rest")}
DIVISION = """{inline}
def {name}(a, b):
    if b == 0:
        raise ZeroDivisionError("division by zero")
    return a {sign} b


"""
"""Numba's own error does not say where it was; this one does, by the name of the function, and costs nothing more."""
