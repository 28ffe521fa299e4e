"""The sentences that click says for us (usage, options, wrong use), so that it says them in the user's language.

Click asks gettext by the default domain of the program. They are listed here because nobody else marks them.
"""

from __future__ import annotations

import gettext
import os

from libreview.words.i18n import CATALOGUES, DOMAIN, N_, both

__all__ = ["SENTENCES", "speak"]

SENTENCES = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Show this message and exit."),
    N_("Try '{command} {option}' for help."),
    N_("Error: {message}"),
    N_("Aborted!"),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing command."),
    N_("No such option {name!r}."),
    N_("No such option: {name}"),
    N_("Option {name!r} does not take a value."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("Choose from:\n\t{choices}"),
    both("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    both("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    both("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    both("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
)


def speak(code: str = "") -> None:
    """Let click speak the languages of the environment, or only ``code``, which is the user's own setting."""
    gettext.bindtextdomain(DOMAIN, str(CATALOGUES))
    gettext.textdomain(DOMAIN)
    if code:
        os.environ["LANGUAGE"] = code  # the one way to tell gettext; an editor started from here follows it, too
