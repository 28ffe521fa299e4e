"""``libreview table``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import click

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, option, pass_session, query_argument, with_rows, with_selection
from libreview.deeds import tabulating
from libreview.pages.reports import tables, turning
from libreview.words.blocks import Report
from libreview.words.errors import Wrong
from libreview.words.i18n import N_, Say
from libreview.words.rooms import load

_TERMINAL = "libreview.pages.render.terminal"
"""Needed here only where a table finds no room on one."""

_TURNABLE = ("matrix", "concept-matrix", "timeline", "synthesis")


class _Made(Protocol):
    """Makes the table with these choices, on its side if it is ``turned``."""

    def __call__(self, choices: Mapping[str, object], *, turned: bool) -> Report: ...


def _names(_: click.Context, __: click.Parameter, given: str | None) -> list[str] | None:
    """Return the names in a list with commas; None if the option was not given."""
    return None if given is None else [one.strip() for one in given.split(",") if one.strip()]


@options.command(
    "table",
    help=N_(
        "Print a table: frequency (excerpts and sources per theme), matrix (themes by sources or, with --by, by what the "
        "sources are), concept-matrix (which theme in which source, Webster and Watson 2002), sources (a row per source: "
        "its note card, themes and excerpts), synthesis (the synthesis matrix, matriks penelitian terdahulu: a row per "
        "source, the fields of its note card as columns), co-occurrence (themes by themes, with Jaccard), timeline "
        "(themes by years), saturation (the themes that each further source adds), gaps (what is thin or missing), "
        "contradictions (the excerpts that comments set against each other) or screening (how many sources were included, "
        "and excluded for which reason). QUERY selects what is counted."
    ),
    examples=["libreview table frequency --depth 1", "libreview table matrix --by decade --cells column%",
              "libreview table co-occurrence --unit source year:2010.. -o together.csv",
              "libreview table synthesis --fields aim,method,result -o synthesis.docx"],
)  # fmt: skip
@click.argument("name", metavar="NAME")
@query_argument
@option("--fields", metavar="A,B,...", callback=_names,
        help=N_("The columns of synthesis: fields of the note cards (without it, all that they have); of sources: fields of "
                "the bibliography, too (without it, type and language)."))  # fmt: skip
@option("--by", metavar="FIELD", help=N_("The columns of matrix: source, year, decade, type, language, keywords or any field "
                                         "of the bibliography; of synthesis: fields or theme."))  # fmt: skip
@option("--cells", metavar="CELLS", help=N_("What stands in the cells of matrix: count, presence, row%, column% or total%."))  # fmt: skip
@option("--unit", metavar="UNIT", help=N_("What co-occurrence counts: excerpt, note or source."))
@option("--period", metavar="YEARS", type=click.IntRange(1, 1000),
        help=N_("The years of a column of timeline; without it, 1."))  # fmt: skip
@option("--fewer-than", metavar="N", type=click.IntRange(1),
        help=N_("gaps names themes with fewer sources than this; without it, 3."))  # fmt: skip
@option("--depth", metavar="N", type=click.IntRange(1),
        help=N_("Count so many levels of themes: deeper ones count for the theme above them."))  # fmt: skip
@option("--transpose", is_flag=True, help=N_("Turn matrix, concept-matrix, timeline or synthesis on its side."))
@with_rows
@pass_session
@with_selection
def command(
    session: Session, name: str, query: str, transpose: bool, everything: bool, language: str, output: Output,
    **choices: object,
) -> None:  # fmt: skip
    """Print a table."""
    name = tabulating.table_name(name)

    def made(choices: Mapping[str, object], *, turned: bool) -> Report:
        finding = tabulating.table(session.review, name, query, everything=everything, choices=choices)
        report = tables.tabulated(finding, language)
        return turning.transposed(_turnable(report, name)) if turned else report

    def narrow() -> str:
        return _helping(session.say, name, made, choices, turned=transpose)

    printing.report(made(choices, turned=transpose), output.form, output.file, review=session.review, say=session.say,
                    narrow=narrow)  # fmt: skip
    printing.near(session.review, query, session.say)


def _helping(say: Say, name: str, made: _Made, choices: Mapping[str, object], *, turned: bool) -> str:
    """Return what would let a table that is too wide find room: options that were not given and do help."""
    width, fits = printing.width(), load(_TERMINAL).fits
    top = {**choices, "depth": 1}
    can_turn = name in _TURNABLE and not turned
    can_fold = "depth" in tabulating.CHOICES.get(name, ()) and choices.get("depth") != 1
    turns = can_turn and fits(made(choices, turned=True), width)
    folds = can_fold and fits(made(top, turned=turned), width)
    if turns and folds:
        return say("{width} columns: use --transpose or --depth 1", width=width)
    if turns or folds:
        return say("{width} columns: use {option}", width=width, option="--transpose" if turns else "--depth 1")
    if can_turn and can_fold and fits(made(top, turned=True), width):
        return say("{width} columns: use --transpose and --depth 1", width=width)
    return ""


def _turnable(report: Report, name: str) -> Report:
    """Return ``report`` if the table ``name`` has two sides; `Wrong` otherwise."""
    if name not in _TURNABLE:
        raise Wrong(
            N_("--{option} does not go with the table {name}"),
            N_("It goes with: {names}"),
            option="transpose",
            name=name,
            names=", ".join(_TURNABLE),
        )
    return report
