# ruff: noqa: ARG002 (click calls these methods with arguments of its own)
"""What commands share: the session, their form of help, and the options that mean the same everywhere."""

from __future__ import annotations

import functools
import os
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import click
from click.shell_completion import CompletionItem

from libreview.cli import asking, borrowed, printing
from libreview.disk import settings
from libreview.model import Change, Excerpt, Source, Theme
from libreview.review import Review
from libreview.value import Value
from libreview.words.errors import NoChoice, NotFound, ReviewError, Wrong
from libreview.words.i18n import LANGUAGES, N_, Say, language, preferred
from libreview.words.rooms import load

__all__ = [
    "INPUT_FILE",
    "REF",
    "THEME",
    "Command",
    "Group",
    "Output",
    "Session",
    "Writing",
    "command",
    "group",
    "option",
    "pass_session",
    "query_argument",
    "report_language",
    "under",
    "with_output",
    "with_rows",
    "with_selection",
    "with_writing",
]

_NAMING = "libreview.deeds.naming"
_LAUNCHING = "libreview.disk.launching"
_HISTORY = "libreview.pages.reports.history"
"""Needed by some commands only; ``list`` and ``search`` must start quickly."""

_WARNINGS = {
    "rebuilt": N_("The index was damaged and has been rebuilt."),
    "memory": N_("The cache folder cannot be written; the index is made anew for each command."),
    "recovered": N_("A change that had been interrupted was finished."),
    "waiting": N_("Waiting for another writer ..."),
    "overlaid": N_(
        "A change waits to be finished, and this folder cannot be written: it is shown as if it were finished."
    ),
    "foreign": N_("The journal in .libreview was not made by you on this machine; it is left alone: libreview recover"),
    "unfinished": N_("A change was begun and could not be finished: libreview recover"),
}


def interface() -> Say:
    """Return the language of the interface: the user's own setting, else the environment's."""
    wanted = settings.of_user().language
    borrowed.speak(wanted)
    return language(wanted or preferred(dict(os.environ)))


class Output(Value, frozen=True):
    """Where an answer goes and in which form: ``form`` is a row of RENDERERS or empty, ``file`` a place or empty."""

    form: str = ""
    file: str = ""

    @property
    def json(self) -> bool:
        return self.form == "json" or (not self.form and self.file.lower().endswith(".json"))


class Writing(Value, frozen=True):
    """How a change is made: only shown (``dry_run``), and how many seconds to wait for another writer."""

    dry_run: bool = False
    timeout: float = 10.0


class Session:
    """One run of the program: its language, whether a person sits before it, and its review."""

    def __init__(self) -> None:
        self._review: Review | None = None
        self.patience: float | None = None
        """How many seconds to wait for another writer; None: the command only reads."""

    @functools.cached_property
    def say(self) -> Say:
        return interface()

    @property
    def interactive(self) -> bool:
        """Whether questions may be asked."""
        return asking.possible()

    @property
    def dry_run(self) -> bool:
        """Whether the command was asked to write nothing at all: what it names is not even remembered."""
        return bool(click.get_current_context().params.get("dry_run"))

    @property
    def has_review(self) -> bool:
        """Whether the working directory lies in a review."""
        return settings.find_root(Path.cwd()) is not None

    @property
    def review(self) -> Review:
        """The review, opened once and closed at the end."""
        if self._review is None:
            context = click.get_current_context().find_root()
            self._review = context.with_resource(Review.open(warn=self.warn, patience=self.patience))
        return self._review

    def warn(self, what: str) -> None:
        printing.remark(self.say(_WARNINGS.get(what, what)))

    def source(self, ref: str, *, echo: bool = True) -> Source:
        """Return the source that REF names, say on stderr which it is, and remember it for ``.``."""
        naming = load(_NAMING)
        try:
            found: Source = naming.source(self.review, ref, interactive=self.interactive)
        except naming.Ambiguous as several:
            found = self.review.source(self._chosen(several, self._source_line))
        if echo:
            printing.remark(printing.source_line(found, self.review.settings.language))
        if not self.dry_run:
            self.review.remember(source=found.key)
        return found

    def either(self, ref: str, *, echo: bool = True) -> Source | Excerpt:
        """Return the source or excerpt that REF names; a source is said and remembered as `source` does."""
        if load(_NAMING).is_excerpt(self.review, ref):
            return self.excerpt(ref)
        return self.source(ref, echo=echo)

    def excerpt(self, ref: str) -> Excerpt:
        """Return the excerpt that REF (``^id``) names."""
        try:
            found: Excerpt = load(_NAMING).excerpt(self.review, ref)
        except load(_NAMING).Ambiguous as several:
            found = self.review.excerpt(self._chosen(several, self._excerpt_line))
        return found

    def theme(self, name: str) -> Theme:
        """Return the theme that ``name`` (id, alias, unique beginning, label) names."""
        found: Theme = load(_NAMING).theme(self.review, name)
        return found

    def _chosen(self, several: NotFound, line: Callable[[str], str]) -> str:
        """Return which of the names in ``several`` the person takes; nobody there: raise it."""
        if not self.interactive:
            raise several
        return asking.choose(self.say, [line(name) for name in several.near], several.near)

    def _source_line(self, key: str) -> str:
        return printing.source_line(self.review.source(key), self.review.settings.language)

    def _excerpt_line(self, id: str) -> str:
        excerpt = self.review.excerpt(id)
        return f"^{id} · {' '.join(excerpt.keys)} · {textwrap.shorten(excerpt.text[:1000], 60, placeholder=' ...')}"

    def inside(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Return paths, given from where the program was started, as the review knows them; `NotFound` for what is not there."""
        root = self.review.root.resolve()
        linked = {place.resolve(): shown for shown, place in self.review.linked.items()}
        found = []
        for path in paths:
            if library := linked.get(Path(path).expanduser().resolve()):
                found.append(library)
                continue
            places = [Path(path).resolve(), (root / path).resolve()]
            place = next((one for one in places if one.exists() and one.is_relative_to(root)), None)
            if place is None:
                raise NotFound(N_("There is no {path} in the review"), path=path)
            found.append(place.relative_to(root).as_posix())
        return tuple(found)

    @contextmanager
    def changing(self, writing: Writing) -> Iterator[Review]:
        """Give the review, locked while the ``with`` block reads, computes and applies; not locked for a dry run."""
        review = self.review
        if writing.dry_run:
            yield review
            return
        with review.writing(writing.timeout, lambda: printing.remark(self.say("Waiting for another writer ..."))):
            yield review

    def apply(self, change: Change, writing: Writing, **more: Any) -> bool:  # noqa: ANN401 (handed on to Review.apply)
        """Carry ``change`` out and return True; for a dry run print what it would change and return False."""
        if writing.dry_run:
            printing.difference(self.review.diff(change), self.say)
        elif change.edits:
            self.review.apply(change, **more)
        return not writing.dry_run

    def skip(self, steps: int, writing: Writing) -> None:
        """Let the ``steps`` newest changes stay for good, and say which."""
        skipped = load(_HISTORY).skipped
        if writing.dry_run:
            done = [one for one in self.review.log() if one.state == "done"]
            for one in done[:steps]:
                printing.remark(self.say("then: {what}", what=skipped(one, self.say)))
            return
        with self.changing(writing):
            for _ in range(steps):
                printing.answer(skipped(self.review.skip(), self.say))

    def go(self, kind: Literal["undo", "redo"], steps: int, writing: Writing) -> int:
        """Take ``steps`` changes back or do them again, say of each what it did, and return the exit status."""
        review = self.review
        if writing.dry_run:
            printing.difference(review.reversal(kind, steps), self.say)
            return 0
        taken = load(_HISTORY).taken
        status = 0
        with self.changing(writing):
            for _ in range(steps):
                step = review.undo() if kind == "undo" else review.redo()
                for line in taken(step, kind, self.say):
                    printing.answer(line)
                status |= bool(step.left)
        return int(status)


pass_session = click.make_pass_decorator(Session, ensure=True)


# Help that opens with an example and speaks the user's language ------------------------------------------------------


class _Explained(click.Command):
    """A command whose help opens with an example. Sentences are translated when they are shown."""

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), **more: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **more)
        self.examples = tuple(examples)

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:  # noqa: ANN401 (handed on to click)
        with suppress(ReviewError):  # whoever needs the settings tells what is wrong with them
            interface()  # click, too, complains in the user's language
        return super().make_context(*arguments, **more)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        say = interface()
        helping = self.get_help_option(ctx)
        if helping is not None:  # click words it once and keeps it
            helping.help = say(N_("Show this message and exit."))
        if self.examples:
            with formatter.section(say("Examples") if len(self.examples) > 1 else say("Example")):
                for example in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")
            formatter.write_paragraph()
        super().format_help(ctx, formatter)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        say = interface()
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(self.help or ""))

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence, or what stands in it before a colon."""
        return re.split(r"[.:](?: |$)", interface()(self.help or "").split("\n")[0], maxsplit=1)[0]


class Command(_Explained):
    """A command of libreview."""


class Group(_Explained, click.Group):
    """A command that has commands of its own."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            say = interface()
            ctx.fail(say('There is no command "{name}". There are: {names}', name=name, names=", ".join(self.commands)))
        return super().resolve_command(ctx, args)


class _Option(click.Option):
    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        if record is None or not self.help:
            return record
        return record[0], record[1].replace(self.help, interface()(self.help))


_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
option = functools.partial(click.option, cls=_Option)
"""As `click.option`, with its help translated."""


def command(name: str, *, help: str, examples: Sequence[str]) -> Callable[[Callable[..., Any]], Command]:
    """Return the decorator that makes a function a command; ``help`` is translated, ``examples`` are not."""
    return click.command(name, cls=Command, help=help, examples=examples)


def group(name: str, *, help: str, examples: Sequence[str]) -> Callable[[Callable[..., Any]], Group]:
    """Return the decorator that makes a function a group of commands; add to it with `under`."""
    return click.group(name, cls=Group, help=help, examples=examples)


def under(parent: Group, name: str, *, help: str, examples: Sequence[str]) -> Callable[[Callable[..., Any]], Command]:
    """Return the decorator that makes a function a command of the group ``parent``."""

    def decorate(function: Callable[..., Any]) -> Command:
        made = command(name, help=help, examples=examples)(function)
        parent.add_command(made)
        return made

    return decorate


# Options that many commands have -------------------------------------------------------------------------------------


def with_output(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--format``, ``--json`` and ``-o``, and hand it an `Output` as ``output``."""

    @option(
        "--format",
        "form",
        metavar="FORMAT",
        help=N_("The form of the answer: terminal, plain, tsv, md, html, json, csv, xlsx, docx, ..."),
    )
    @option("--json", "as_json", is_flag=True, help=N_("JSON for scripts; the same as --format json."))
    @option("-o", "--output", "file", metavar="FILE", type=click.Path(allow_dash=True),
            help=N_("Write to FILE; its suffix chooses the form."))  # fmt: skip
    @functools.wraps(function)
    def wrapper(*arguments: Any, form: str | None, as_json: bool, file: str | None, **more: Any) -> Any:  # noqa: ANN401
        return function(*arguments, output=Output("json" if as_json else form or "", file or ""), **more)

    return wrapper


def with_rows(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command what `with_output` does, and ``--excel`` and ``--raw`` for its rows as CSV."""

    @with_output
    @option(
        "--excel",
        is_flag=True,
        help=N_("CSV that Excel opens by itself: marked as UTF-8, with semicolons and decimal commas."),
    )
    @option(
        "--raw",
        is_flag=True,
        help=N_("CSV for R: text as it is, without the apostrophe that keeps it from being a formula."),
    )
    @functools.wraps(function)
    def wrapper(*arguments: Any, output: Output, excel: bool, raw: bool, **more: Any) -> Any:  # noqa: ANN401
        return function(*arguments, output=_as_csv(output, excel, raw), **more)

    return wrapper


def _as_csv(output: Output, excel: bool, raw: bool) -> Output:
    """Return ``output`` in the kind of CSV that was asked for. `Wrong` if it is to be something else."""
    if not (excel or raw):
        return output
    if excel and raw:
        raise Wrong(N_("--excel and --raw exclude each other"), N_("--excel is for Excel, --raw for R."))
    asked = output.form.strip().lower().lstrip(".") or Path(output.file).suffix.lower().lstrip(".")
    if asked not in ("", "csv"):
        raise Wrong(
            N_("--excel and --raw are kinds of CSV, not of {form}"),
            N_("Write -o FILE.csv, or leave them out."),
            form=asked,
        )
    return Output("csv-excel" if excel else "csv-raw", output.file)


def with_selection(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--all`` and ``--language``, and hand them on as ``everything`` and ``language`` (of the report)."""

    @option("--all", "everything", is_flag=True, help=N_("Count sources that are not in the review, too."))
    @option(
        "--language", metavar="LANGUAGE", help=N_("The language of the report: en or id; without it, the review's.")
    )
    @functools.wraps(function)
    def wrapper(session: Session, *arguments: Any, language: str | None, **more: Any) -> Any:  # noqa: ANN401
        tongue = report_language(language or "") or session.review.settings.language
        return function(session, *arguments, language=tongue, **more)

    return wrapper


def report_language(code: str) -> str:
    """Return ``code`` if reports can be in that language (or if it is empty); `NoChoice` otherwise."""
    if code and language(code).code != code.replace("-", "_").split("_")[0].lower():
        raise NoChoice(
            N_('There is no language "{name}"'),
            N_("Reports are in: {names}"),
            name=code,
            names=", ".join(LANGUAGES),
        )
    return code


def with_writing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--dry-run`` and ``--lock-timeout``, and hand it a `Writing` as ``writing``."""

    @option("--dry-run", is_flag=True, help=N_("Show what would change and write nothing."))
    @option("--lock-timeout", "timeout", type=click.FloatRange(min=0), default=10.0, metavar="SECONDS",
            help=N_("How long to wait for another writer (10)."))  # fmt: skip
    @functools.wraps(function)
    def wrapper(*arguments: Any, dry_run: bool, timeout: float, **more: Any) -> Any:  # noqa: ANN401
        click.get_current_context().ensure_object(Session).patience = None if dry_run else timeout
        return function(*arguments, writing=Writing(dry_run, timeout), **more)

    return wrapper


def _completed(find: Callable[[Review], Sequence[str]], incomplete: str, mark: str = "") -> list[CompletionItem]:
    try:
        with Review.open() as review:
            return [CompletionItem(mark + name) for name in find(review) if name.startswith(incomplete)]
    except (ReviewError, OSError):
        return []


class _Ref(click.ParamType[str]):
    """A source (key, beginning of a key, words of author, title and year, number of the last list, ``.``) or ``^id``."""

    name = "ref"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        if incomplete.startswith("^"):
            return _completed(lambda review: sorted(review.excerpt_ids()), incomplete[1:], "^")
        return _completed(Review.source_keys, incomplete)


class _ThemeName(click.ParamType[str]):
    """The name of a theme."""

    name = "theme"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _completed(lambda review: tuple(review.codebook.themes), incomplete)


class _InputFile(click.ParamType[Path]):
    """A file that is there to be read. A Windows path is told how it is called here."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ANN401
        path = Path(value).expanduser()
        if path.is_file():
            return path
        if path.is_dir():
            raise NotFound(N_("{path} is a folder, not a file"), path=value)
        if re.match(r"[A-Za-z]:", str(value)):
            raise NotFound(
                N_("There is no file {path}"),
                N_("Here that Windows path is written {mounted}"),
                path=value,
                mounted=load(_LAUNCHING).mounted(str(value))
                if "\\" in str(value)
                else f"/mnt/{str(value)[0].lower()}/...",
            )
        raise NotFound(N_("There is no file {path}"), path=value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(incomplete, type="file")]


REF = _Ref()
THEME = _ThemeName()
INPUT_FILE = _InputFile()


def query_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``[QUERY]...`` and hand it as one text ``query``."""

    @click.argument("words", nargs=-1, metavar="[QUERY]...")
    @functools.wraps(function)
    def wrapper(*arguments: Any, words: tuple[str, ...], **more: Any) -> Any:  # noqa: ANN401
        return function(*arguments, query=" ".join(words), **more)

    return wrapper
