# ruff: noqa: ARG002 (click calls these methods with arguments of its own)
"""The command line: a table of commands, each loaded when it is called, and the one place where errors are told.

``--help`` and ``--version`` load click and this table, nothing else of libreview's upper floors.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from gettext import gettext
from typing import Any, NamedTuple, NoReturn, cast

import click
from click.shell_completion import CompletionItem

from libreview import __version__
from libreview.cli import borrowed
from libreview.words.errors import ReviewError
from libreview.words.i18n import N_, Say, language, preferred
from libreview.words.rooms import load
from libreview.words.safe import safe, safe_line

__all__ = ["COMMANDS", "STEPS", "Face", "Row", "face", "main"]


class Row(NamedTuple):
    """A command: its module in this package, one line of help, its step of the method; whether it is an everyday one."""

    module: str
    help: str
    step: str
    everyday: bool = False


STEPS = {
    "begin": N_("Begin"),
    "collect": N_("Collect"),
    "arrange": N_("Arrange"),
    "analyse": N_("Interpret and analyse"),
    "report": N_("Report"),
    "keep": N_("Keep"),
}

COMMANDS = {
    "init": Row("init", N_("Make a review in a folder"), "begin"),
    "config": Row("config", N_("Show and change settings"), "begin"),
    "completion": Row("completion", N_("Let the shell complete commands, keys and themes"), "begin"),
    "add": Row("add", N_("Add a source"), "collect", everyday=True),
    "import": Row(
        "importing",
        N_("Import sources from exports of every kind, and projects of NVivo, ATLAS.ti, ..."),
        "collect",
        everyday=True,
    ),
    "imports": Row("imports", N_("What was imported when, from where, with which search"), "collect"),
    "link": Row("link", N_("Read a library outside of the review along, such as Zotero's"), "collect"),
    "list": Row("list", N_("List sources"), "collect", everyday=True),
    "show": Row("show", N_("Show a source or an excerpt with all that belongs to it"), "collect", everyday=True),
    "open": Row("open", N_("Open the attachment, address or note card of a source"), "collect"),
    "edit": Row("edit", N_("Open the entry, note or codebook in your editor"), "collect"),
    "rekey": Row("rekey", N_("Give a source another key"), "collect"),
    "remove": Row("remove", N_("Take sources out of the review"), "collect"),
    "dedupe": Row("dedupe", N_("Find sources that are one publication"), "collect"),
    "merge": Row("merge", N_("Make several sources one"), "collect"),
    "include": Row("include", N_("Take sources into the review"), "collect"),
    "exclude": Row("exclude", N_("Leave sources out of the review, and say why"), "collect"),
    "note": Row("note", N_("Write the annotation of a source"), "arrange"),
    "tag": Row("tag", N_("Take an excerpt, or give excerpts themes"), "arrange", everyday=True),
    "untag": Row("untag", N_("Take themes away from an excerpt"), "arrange"),
    "code": Row("code", N_("Go through excerpts and give them themes"), "arrange", everyday=True),
    "themes": Row("themes", N_("The codebook: list, add, rename, merge and split themes"), "arrange"),
    "summary": Row("summary", N_("What the sources say, theme by theme"), "analyse", everyday=True),
    "table": Row("table", N_("Frequencies and matrices of themes and sources"), "analyse"),
    "describe": Row("describe", N_("The tables in words: paragraphs for the thesis"), "analyse"),
    "agreement": Row("agreement", N_("How far coders agree, theme by theme"), "analyse"),
    "search": Row("search", N_("Find words in sources, excerpts and notes"), "analyse"),
    "export": Row(
        "export", N_("Write the bibliography, the sources, the codings or the codebook"), "report", everyday=True
    ),
    "render": Row("render", N_("Write a chapter with its citations and bibliography"), "report"),
    "cite": Row("cite", N_("Show how a source is cited"), "report"),
    "styles": Row("styles", N_("Find citation styles"), "report"),
    "check": Row("check", N_("Say what is wrong in the files, and where"), "keep"),
    "undo": Row("undo", N_("Take the last changes back"), "keep"),
    "redo": Row("redo", N_("Do again what was taken back"), "keep"),
    "log": Row("log", N_("What was changed, when, and in which files"), "keep"),
    "recover": Row("recover", N_("Finish or give up a change that was interrupted"), "keep"),
}
"""Every command, in the order of the method."""

_STATUS = "libreview.cli.status"
_LIKENESS = "libreview.texts.likeness"
_SETTINGS = "libreview.disk.settings"

_EXAMPLE = "libreview init skripsi && cd skripsi && libreview import ~/library.bib"


class Face(click.Group):
    """The group of all commands. It knows them from the table and loads one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        row = COMMANDS.get(cmd_name)
        return cast("click.Command", load(f"libreview.cli.{row.module}").command) if row else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name not in COMMANDS and not name.startswith("-"):
            say = _say()
            near = load(_LIKENESS).near(name, COMMANDS)
            words = say('There is no command "{name}".', name=safe_line(name))
            if near:
                words += " " + say("Did you mean {names}?", names=", ".join(near))
            ctx.fail(words)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the names that begin so, without loading a command."""
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        say = language(preferred(dict(os.environ)))
        return [
            CompletionItem(name, help=say(row.help)) for name, row in COMMANDS.items() if name.startswith(incomplete)
        ]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        say = language(preferred(dict(os.environ)))
        formatter.write_text(say("Literature review from the terminal: sources, excerpts, themes, on plain files."))
        with formatter.section(say("Example")):
            formatter.write_text(_EXAMPLE)
        formatter.write_paragraph()
        self.format_usage(ctx, formatter)
        with formatter.section(say("Every day")):
            formatter.write_dl([(name, say(row.help)) for name, row in COMMANDS.items() if row.everyday])
        for step, title in STEPS.items():
            rows = [(name, say(row.help)) for name, row in COMMANDS.items() if row.step == step and not row.everyday]
            if rows:
                with formatter.section(say(title)):
                    formatter.write_dl(rows)
        self.format_options(ctx, formatter)
        formatter.write_paragraph()
        formatter.write_text(say("Every command explains itself: libreview COMMAND --help"))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        say = language(preferred(dict(os.environ)))
        records = [record for param in self.get_params(ctx) if (record := param.get_help_record(ctx)) is not None]
        with formatter.section(say("Options")):
            formatter.write_dl([(names, say(text)) for names, text in records])

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **more: Any) -> NoReturn:  # type: ignore[override]  # noqa: ANN401
        """Run a command and leave with its status: 0 fine, 1 refused, 2 usage, 75 lock held, 130 interrupted."""
        more["standalone_mode"] = False
        try:
            status = super().main(args, prog_name or "libreview", **more)
            sys.exit(status if isinstance(status, int) else 0)
        except ReviewError as error:
            _tell(error)
            sys.exit(error.status)
        except click.UsageError as error:
            _tell_usage(error)
            sys.exit(error.exit_code)
        except click.ClickException as error:
            said = io.StringIO()
            error.show(said)
            click.echo(safe(said.getvalue()), err=True, nl=False)
            sys.exit(error.exit_code)
        except click.Abort as stop:
            why = stop.__cause__ or stop.__context__  # click hides its own, but keeps it as the context
            sys.exit(130 if isinstance(why, KeyboardInterrupt) else 1)
        except Exception as error:
            if os.environ.get("LIBREVIEW_DEBUG"):
                raise
            _tell_unexpected(error)
            sys.exit(1)


def _say() -> Say:
    """Return the language of the interface: the user's own setting, else the environment's."""
    try:
        wanted = load(_SETTINGS).of_user().language
    except ReviewError:
        wanted = ""
    borrowed.speak(wanted)
    return language(wanted or preferred(dict(os.environ)))


def _tell(error: ReviewError) -> None:
    """Print an error on one line (a query's with its place below), then what it may have meant and what to do."""
    say = _say()
    words, *place = say(error.sentence).split("\n")
    click.echo(f"libreview: {safe_line(words.format(**error.facts) if error.facts else words)}", err=True)
    for line in place:  # spaces count here: a caret stands under the word that is wrong
        click.echo("  " + safe(line.format(**error.facts)).replace("\n", " "), err=True)
    near = error.near
    if near:
        click.echo("  " + safe_line(say("Did you mean {names}?", names=", ".join(near))), err=True)
    if error.hint:
        for line in say(error.hint, **error.facts).splitlines():
            click.echo(f"  {safe_line(line)}", err=True)


def _tell_usage(error: click.UsageError) -> None:
    """Print a wrong use as any other error, then how the command is used."""
    click.echo(f"libreview: {safe_line(error.format_message())}", err=True)
    if error.ctx is not None:
        usage = error.ctx.command.collect_usage_pieces(error.ctx)
        click.echo("  " + " ".join([gettext("Usage:"), error.ctx.command_path, *usage]), err=True)
        option = error.ctx.help_option_names[-1]
        hint = gettext("Try '{command} {option}' for help.").format(command=error.ctx.command_path, option=option)
        click.echo("  " + hint, err=True)


def _tell_unexpected(error: Exception) -> None:
    say = _say()
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"libreview: {safe_line(place + error.strerror)}", err=True)
        return
    words = say("internal error: {error}", error=safe_line(f"{type(error).__name__}: {error}")[:500])
    click.echo(f"libreview: {words}", err=True)
    click.echo(
        "  " + say("Please report it, with what LIBREVIEW_DEBUG=1 prints. Your files are as they were."), err=True
    )


@click.command(cls=Face, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name="libreview", message="%(prog)s %(version)s",
                      help=N_("Show the version and exit."))  # fmt: skip
@click.option("-C", "--folder", metavar="FOLDER", help=N_("Work as if started in FOLDER."))
@click.pass_context
def face(context: click.Context, folder: str | None) -> None:
    """Run a command, or without one say what is here."""
    if folder is not None:
        context.with_resource(contextlib.chdir(folder))
    if context.invoked_subcommand is None:
        context.invoke(load(_STATUS).command)


def main() -> NoReturn:
    """Run the program."""
    borrowed.speak()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        face.main(prog_name="libreview")
    except SystemExit as end:
        _leave(end.code if isinstance(end.code, int) else 0)


def _leave(status: int) -> NoReturn:
    """End the process. All is closed and written; to free ten thousand values one by one would take longer than a list."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody reads any more
        status = status or 1
    os._exit(status)
