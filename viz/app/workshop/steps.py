"""The steps of a round, how long each is planned to take, and what the facilitator is told of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One step: its name, minutes planned, what to say and do, and what to watch out for."""

    name: str
    minutes: int
    say: tuple[str, ...]
    watch: tuple[str, ...]


STEPS = (
    Step(
        "Predict", 15,
        ("Read out what the regime does. Ask everybody to write down three numbers before anybody speaks.",
         "Then take the numbers in: from devices, or called out and typed here, not on the projector.",
         "Say that nobody is asked to be right: the guesses show what people in the room expect, and why."),
        ("Whoever speaks first pulls the others: write first, speak after.",
         "A guess of 0 is a guess. Nobody has to give one."),
    ),
    Step(
        "Choose", 20,
        ("Give the room a budget in millions of pounds a year. In groups of five: which regimes would you run, and why?",
         "Tick what the room agrees on; the regime of the guesses always stays."),
        ("Where only a run can tell what a lever costs, no figure stands. That is no zero.",
         "Who pays is often not who gains: ask each group which purse it had in mind."),
    ),
    Step(
        "Run", 5,
        ("Press Run once. While it computes, ask what would have to be true for the guesses to come out.",
         "Go on as soon as all runs are in."),
        ("“Fastest” is for practice: its intervals are wide. Take “Quick look” where the room will quote a number.",),
    ),
    Step(
        "Discuss", 30,
        ("Open the guesses. Read each result out with both intervals before anybody compares it with a guess.",
         "Take one question at a time from the list; give the quietest table the first word."),
        ("A simulation that differs from a guess is no verdict on whoever guessed: either may be wrong.",
         "Deaths are people. Somebody here may have lost one: say the help lines, and that leaving the room is fine.",
         "If a real case or a named person comes up, stop it kindly: nothing here may be used about a person."),
    ),
)  # fmt: skip

QUIZ = Step(
    "Quiz", 15,
    ("Say that a regime is hidden, and that the curves are all the room has. Let pairs agree on what they see before they pick.",
     "Give hints one at a time, and ask after each who would change their pick, and why.",
     "Reveal when most have picked. Read out what gave it away before anybody explains."),
    ("The point is what a regime does to many things at once, and not who knew it. The room has a score, nobody in it.",
     "Where two regimes cannot be told apart, both picks were good readings: say so.",
     "Whoever opens Compare on their own device can look it up. That is no harm."),
)  # fmt: skip
"""In place of a step, as long as a quiz is open."""

QUESTIONS = (
    "Which result surprised you most, and what did you expect instead? What experience lies behind that?",
    "How far does chance alone reach, and how far what nobody knows? Would you decide the same at both ends?",
    "Who gains and who pays? Which of the purses is in this room?",
    "Who is not counted here, or not in the room, and what would they say?",
    "What would have to be true in your place for this to come out otherwise?",
    "What would you want to know before acting, and who could find out?",
)
"""To talk about, without blame."""
