"""Agreement between coders: the coefficients theme by theme, and what the coders disagree about."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from libreview.findings.coders import Agreement, Disagreement, ThemeAgreement
from libreview.findings.summaries import ThemeRow
from libreview.model import NONE
from libreview.pages.reports.drawing import indented
from libreview.pages.reports.wording import number
from libreview.value import Value
from libreview.words import i18n
from libreview.words.blocks import Block, Cell, Column, Paragraph, Report, Run, Table, Text, text
from libreview.words.cells import Figure
from libreview.words.i18n import Say

__all__ = ["agreement"]

Rows = tuple[list[str], Iterable[Sequence[str | int]]]
_POOLED = "*"
"""What stands for all themes in the first column of the CSV; no theme is called so."""


def agreement(finding: Agreement, language: str) -> Report:
    """Return the report on how far coders agree."""
    say = i18n.language(language)

    def blocks() -> Iterator[Block]:
        caption = say("Agreement between {coders}", coders=", ".join(_name(one, say) for one in finding.coders))
        lines = tuple(_line(row, finding, say) for row in (*finding.rows, finding.pooled))
        yield Table(_columns(finding, say), lines, text(caption), text(_counted(finding, say)))
        yield from _disputes(finding, say)

    def data() -> object:
        return _data(finding)

    def rows() -> Rows:
        head = [
            "theme",
            "units",
            "percent_agreement",
            "cohen_kappa",
            "fleiss_kappa",
            "krippendorff_alpha",
            "prevalence",
        ]
        head += [f"given_{coder}" for coder in finding.coders]
        return head, (
            [
                row.theme.id if row.theme else _POOLED,
                row.units,
                *map(_written, _values(row, finding)),
                *row.given,
            ]
            for row in (*finding.rows, finding.pooled)
        )

    return Report(blocks, data, rows, say("Agreement between coders"), language)


class _Value(Value, frozen=True):
    """A coefficient, None if undefined. ``absent``: it is none at all for so many coders."""

    number: float | None
    decimals: int = 4
    absent: bool = False

    @property
    def rounded(self) -> float | None:
        if self.number is None:
            return None
        scale: int = 10**self.decimals
        return math.floor(self.number * scale + 0.5) / scale + 0.0  # -0.0 is an ordinary zero


def _values(row: ThemeAgreement, finding: Agreement) -> list[_Value]:
    """Return the coefficients of a row: percent agreement, kappas, alpha, prevalence."""
    several = len(finding.coders) > 2  # Cohen's kappa is one of two coders
    percent = None if row.percent is None else row.percent * 100
    return [
        _Value(percent, 2),
        _Value(row.cohen, absent=several),
        _Value(row.fleiss),
        _Value(row.alpha),
        _Value(row.prevalence),
    ]


def _written(value: _Value) -> str:
    """Return a coefficient for CSV; empty where there is none for so many coders."""
    if value.absent or value.number is None:
        return "" if value.absent else "undefined"
    return Figure(f"{value.rounded:.{value.decimals}f}")


def _shown(value: _Value, say: Say) -> str:
    """Return a coefficient with the decimal sign of the language."""
    if value.number is None:
        return say("undefined")
    figure = _written(value) + ("%" if value.decimals == 2 else "")
    return figure if say.code == "en" else figure.replace(".", ",")


def _name(coder: str, say: Say) -> str:
    return coder or say("(unnamed)")


def _columns(finding: Agreement, say: Say) -> tuple[Column, ...]:
    two = len(finding.coders) == 2
    heads = [say("Units"), say("Agreement"), *([say("Cohen κ")] if two else []), say("Fleiss κ")]
    heads += [say("Krippendorff α"), say("Prevalence"), *(_name(coder, say) for coder in finding.coders)]
    return (Column(say("Theme")), *(Column(head, "right") for head in heads))


def _line(row: ThemeAgreement, finding: Agreement, say: Say) -> tuple[Cell, ...]:
    name: Text = (
        indented(ThemeRow(row.theme, 0, row.known), say) if row.theme else text(Run(say("All themes"), ("strong",)))
    )
    values = [_shown(value, say) for value in _values(row, finding) if not value.absent]
    return (name, row.units, *values, *row.given)


def _counted(finding: Agreement, say: Say) -> str:
    """Return what stands below the table: what was counted, and what is undefined."""
    units = number(finding.units, say)
    if finding.unit == "source":
        parts = [say.many("{count} source coded by all", "{count} sources coded by all", finding.units, count=units)]
        unit = say("source")
    else:
        two = say.many(
            "{count} excerpt coded by two or more", "{count} excerpts coded by two or more", finding.units, count=units
        )
        parts = [two]
        if len(finding.coders) > 2:
            parts.append(say("{count} by all", count=number(finding.complete, say)))
        if finding.once:
            parts.append(say("{count} by one only, not counted", count=number(finding.once, say)))
        unit = say("excerpt")
    parts.append(say("{count} with the very same themes", count=number(finding.identical, say)))
    parts.append(say("unit: {unit}", unit=unit))
    note = "; ".join(parts)
    if any(value.number is None and not value.absent for row in finding.rows for value in _values(row, finding)):
        note += ". " + say("Undefined: the codings do not vary, so that there is no chance to compare with")
        if len(finding.coders) > 2 and not finding.complete:
            note += ". " + say("Fleiss' kappa is of units that all of the coders coded, and there is none")
    return note


def _disputes(finding: Agreement, say: Say) -> Iterator[Block]:
    if not finding.disagreements:
        yield Paragraph(text(say("The coders do not disagree anywhere.")))
        return
    columns = (
        Column(say("Place")),
        Column(say("Source") if finding.unit == "source" else say("Excerpt")),
        Column(say("In dispute")),
        *(Column(_name(coder, say)) for coder in finding.coders),
    )
    lines: tuple[tuple[Cell, ...], ...] = tuple(
        (
            str(one.location),
            _named(one),
            _tags(one.themes),
            *("" if given is None else _tags(given or (NONE,)) for given in one.codings),
        )
        for one in finding.disagreements
    )
    yield Table(columns, lines, text(say("Disagreements")))


def _named(one: Disagreement) -> str:
    return f"{one.key} ^{one.id}" if one.id else one.key


def _tags(themes: Iterable[str]) -> str:
    return " ".join(f"#{theme}" for theme in themes)


def _data(finding: Agreement) -> dict[str, object]:
    return {
        "unit": finding.unit,
        "coders": list(finding.coders),
        "n": {
            "units": finding.units,
            "complete": finding.complete,
            "identical": finding.identical,
            "coded_once": finding.once,
        },
        "pooled": _row_data(finding.pooled, finding),
        "themes": [
            {"theme": row.theme.id, "label": row.theme.name("en"), "in_codebook": row.known} | _row_data(row, finding)
            for row in finding.rows
            if row.theme
        ],
        "disagreements": [
            {
                "key": one.key,
                "id": one.id,
                "path": one.location.path,
                "line": one.location.line,
                "themes": list(one.themes),
                "codings": {
                    coder: None if given is None else list(given)
                    for coder, given in zip(finding.coders, one.codings, strict=True)
                },
            }
            for one in finding.disagreements
        ],
    }


def _row_data(row: ThemeAgreement, finding: Agreement) -> dict[str, object]:
    names = ("percent_agreement", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha", "prevalence")
    values = (value.rounded for value in _values(row, finding))
    return {
        "units": row.units,
        **dict(zip(names, values, strict=True)),
        "given": dict(zip(finding.coders, row.given, strict=True)),
    }
