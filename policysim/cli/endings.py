"""How the command ends: its exit codes, and a stop from outside that has something to say."""

FAILED, WRONG, STOPPED = 1, 2, 130
"""Some runs failed; something the user can put right; stopped with Ctrl-C (after another
signal it is 128 and the signal's number: 143 for TERM, 129 for HUP). 0 is done."""


class StoppedError(Exception):
    """Stopped with Ctrl-C or another signal; says what is kept.

    (The command line would end a KeyboardInterrupt without a word.)
    """
