"""The command `policysim`: the door to everything. A command loads what it needs when called; nothing imports this.

Each family of commands is a module that lists its own in `COMMANDS`, in the order of the help. Results go to standard
output, everything else to standard error. Exit codes: 0 done, 1 some runs failed, 2 something the user can put right
(one line says what), 130 stopped with Ctrl-C, 143 and 129 with the signals TERM and HUP.
"""

import errno
import os
import re
import sys
import warnings
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Annotated, Any

import typer

from policysim.cli import (
    analysing,
    attributing,
    comparing,
    exercises,
    exporting,
    judging,
    lives,
    looking_up,
    page,
    results_table,
    rulebook,
    sweeping,
    terminal,
)
from policysim.cli.endings import STOPPED, WRONG, StoppedError
from policysim.errors import NotCompiledError, UserError
from policysim.interrupts import RememberingHandler, ignore_more, remembered

FAMILIES = (
    comparing,
    attributing,
    sweeping,
    results_table,
    analysing,
    lives,
    exporting,
    page,
    looking_up,
    rulebook,
    exercises,
    judging,
)
NOT_WHOLE, NO_NUMBER = (
    re.compile(rf"(Input should be a valid|Unable to parse input string as an?) {kind}.*", re.DOTALL)
    for kind in ("integer", "number")
)
UNCOMPILED = (
    "'policysim step', 'policysim rules diff' and 'policysim compare --rules' run it uncompiled with --engine python"
)
LOST_OUTPUT = (errno.EPIPE, errno.ENOSPC, errno.EFBIG, errno.EDQUOT)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(asked: bool) -> None:
    if asked:
        from policysim import __version__

        print(f"policysim {__version__}")
        raise typer.Exit


@app.callback()
def policysim(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What drug-policy regimes do to drug use, offending, enforcement and health in places of England and Wales.

    \b
    Start with:
      policysim compare west-midlands       five regimes over ten years, side by side
      policysim trace --pick diverging --regimes status-quo,harm-reduction
                                            one simulated life under two regimes
      policysim app                         the same in a page on this machine

    Everything that is counted is an estimate of a simulation. It explores policies in the aggregate and says nothing
    about any one person.
    """


def _with_its_ways(command: Callable[..., None]) -> Callable[..., None]:
    """The command; where it has no --engine, what cannot be compiled is told with the commands that have it."""
    if "engine" in signature(command).parameters:
        return command

    @wraps(command)
    def told(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except NotCompiledError as error:
            raise UserError(f"{error.fault} ({UNCOMPILED})") from None

    return told


for family in FAMILIES:
    for command, line in family.COMMANDS.items():
        app.command(short_help=line)(_with_its_ways(command))


def main() -> None:
    """Run the command line; what a user can put right is one sentence, never a traceback."""
    warnings.showwarning = lambda message, *_, **__: terminal.say(f"policysim: {message}")
    sys.exit(_run())


def _run() -> int:
    said: type[Exception] = next(k for k in typer.BadParameter.__mro__ if k.__name__ == "ClickException")
    stopped = RememberingHandler()
    try:
        with remembered() as stopped:
            code = app(standalone_mode=False)
        if code == STOPPED:  # the library ends a KeyboardInterrupt so
            raise KeyboardInterrupt
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except StoppedError as stop:
        ignore_more()
        terminal.say(str(stop))
        return stopped.exit_code
    except UserError as error:
        terminal.say(f"policysim: {error.at_the_prompt}")
        return WRONG
    except said as error:  # a command, option or value that the command line itself does not know
        return _usage(error)
    except (KeyboardInterrupt, typer.Abort):
        ignore_more()
        terminal.say("Stopped.")
        return stopped.exit_code
    except OSError as error:
        return _output_lost(error)


def _usage(error: Any) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.ctx.get_help())
        return 0
    message = NOT_WHOLE.sub("must be a whole number", error.format_message())
    message = NO_NUMBER.sub("must be a number", message).rstrip(".")
    command = error.ctx.command_path if getattr(error, "ctx", None) else "policysim"
    terminal.say(f"policysim: {message} ('{command} --help' says what it takes).")
    return WRONG


def _output_lost(error: OSError) -> int:
    """What was printed could not be: a closed pipe ends quietly, a full disk says so."""
    if error.errno not in LOST_OUTPUT:
        raise error
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more to fail on at the end
    if not isinstance(error, BrokenPipeError):
        terminal.say(f"policysim: the output cannot be written: {(error.strerror or str(error)).lower()}")
    return WRONG


if __name__ == "__main__":
    main()
