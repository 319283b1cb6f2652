"""How the command ends: its exit codes, and a stop with Ctrl-C that has something to say."""

FAILED, WRONG, STOPPED = 1, 2, 130
"""Some runs failed; something the user can put right; stopped with Ctrl-C. 0 is done."""


class StoppedError(Exception):
    """Stopped with Ctrl-C; says what is kept. (The command line would end a KeyboardInterrupt without a word.)"""
