"""The text around the rules: how a week, an institution's decisions and a division are written, and compiled."""

import ast

# How the compiled functions are compiled. Calls between them, and counting the references to arrays that none of them
# makes or frees, would cost more than the rules themselves: one function of a week, without Numba's runtime. Nobody
# calls those within it from outside, so that they need no wrappers, which take longer to compile than short rules do.
INLINE = "@njit(forceinline=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)"
KEPT = INLINE.replace(")", ", cache=True)")
OUTER = "@njit(nogil=True, cache=True, _nrt=False, no_cfunc_wrapper=True)"
BLOCK = 64
"""People whose common draws are made together: few enough for the fastest cache, enough to work side by side."""

PASS = '''
COMMON_RULES = {common}
BLOCK = {block}
{counter} = anew({counter})


{outer}
def live(
    people, places, world, drawn, keys, week, edges, first, last, marked, followed, counts, stocks, sums{noted}
):
    """Chunks first..last of the people live one week; each person writes only their own row."""
    luck = luck_of_a_thread()
    luck.week = week
    the_world = world[0]{note}
    for chunk in range(first, last):
        found = 0
        kept = 0
        for start in range(edges[chunk], edges[chunk + 1], BLOCK):
            living = min(BLOCK, edges[chunk + 1] - start)
{draws}
            for k in range(living):
                i = start + k
                person = people[i]
                if not person.present:
                    continue
                luck.person = i{note_person}
{clear}
                here = places[person.neighbourhood]
                role = person.role
{dispatch}
                if ({marks}) != 0:
                    marked[edges[chunk] + found] = i
                    found += 1
                if {counter}(person, here.area, chunk, stocks, sums):
                    followed[edges[chunk] + kept] = i
                    kept += 1
        counts[chunk, 0] = found
        counts[chunk, 1] = kept
'''


DECISION = '''
{outer}
def decide_{name}(people, places, world, key, week, rows, choices{noted}):
    """An institution's decision on these people, in person order."""
    luck = luck_of_a_thread()
    luck.week, luck.key = week, key{note}
    for k in range(rows.size):
        person = people[rows[k]]
        luck.person, luck.draws, luck.ahead = rows[k], 0, 0{note_person}
        {written}(person, places[person.neighbourhood], world[0], luck, choices[k]{passed})
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
