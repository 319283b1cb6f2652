"""Which lot of a person's week each of the common rules begins with (see `policysim/engine/luck.py`)."""

from enum import IntEnum


class Lot(IntEnum):
    """One lot for each rule that most people meet every week; rules that nobody meets both of may have the same."""

    WORK_AND_HOME = 0
    DEATH = 1
    POLICE = 2
    FIRST_USE = 3
    SCHOOL = 4
    OVERDOSE = 5
    SEEKING_HELP = 6
