"""Screening: which sources are taken into the review and which are left out, why, by whom and when.

Decisions are only ever added: what was decided before stays in the file, and the last decision on a source counts.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from libreview.deeds import collecting, linking
from libreview.model import Change, Decision, Verdict
from libreview.review import Review
from libreview.texts import grids, likeness, screening
from libreview.texts.grids import Grid
from libreview.value import Value
from libreview.words.errors import NotFound, Refused, Wrong
from libreview.words.i18n import N_
from libreview.words.rooms import load

__all__ = ["Screened", "counting", "keys_in", "screen", "selected"]

_SHOWN = 10
_REASONS = 5
_LONGEST = 80
_HEADS = ("key", "keys", "source", "citekey", "citation key", "bibtex key")
"""What the column of the keys may be called."""
_WORKBOOKS = (".xlsx", ".xlsm")
_ROOM = "libreview.disk.workbooks"
"""Needed only for workbooks."""


class Screened(Value, frozen=True):
    """What was decided: on which sources, how many of them were decided otherwise before, which of them excerpts cite.

    ``already`` counts those that were decided so before, on which nothing is written.
    """

    verdict: Verdict
    reason: str
    keys: tuple[str, ...]
    already: int
    turned: int
    cited: tuple[str, ...]


def screen(
    review: Review, keys: Sequence[str], verdict: Verdict, *, reason: str = "", coder: str = ""
) -> tuple[Change, Screened]:
    """Return the change that writes ``verdict`` down for each of the sources ``keys``, and what it says.

    `Wrong` if a source is left out without a ``reason``, `Refused` if the file cannot be added to.
    """
    why, who = " ".join(reason.split()), " ".join((coder or review.user.coder).split())
    if verdict == "exclude" and not why:
        raise _unreasoned(review)
    now = datetime.now().astimezone().date().isoformat()
    names = tuple(dict.fromkeys(keys))
    last = counting(review)
    same = [key for key in names if _says_so(last.get(key), verdict, why, who)]
    new = tuple(key for key in names if key not in frozenset(same))
    turned = sum(key in last and last[key].verdict != verdict for key in new)
    cited = frozenset(review.keys("has:excerpt")) if verdict == "exclude" else frozenset()
    screened = Screened(verdict, why, new, len(same), turned, tuple(key for key in new if key in cited))
    what = f"{verdict} {_named(new)}" + (f": {why}" if why else "")
    if not new:
        return Change((), what), screened
    data = review.read(screening.PATH) if review.exists(screening.PATH) else None
    decisions = [Decision(key, verdict, why, who, now) for key in new]
    change = Change((screening.append(data, decisions),), what)
    if review.linked:
        decided = frozenset(new)
        change = linking.remembering(review, change, (one for one in review.sources() if one.key in decided))
    return change, screened


def _named(keys: Sequence[str]) -> str:
    return " ".join(keys[:3]) + (f" and {len(keys) - 3} more" if len(keys) > 3 else "")


def counting(review: Review) -> dict[str, Decision]:
    """Return the decision that counts for each screened source."""
    renamed = review.former_keys()
    under_present = {one.source: one for one in review.decisions()}
    under_former = {renamed[one.source]: one for one in review.decisions() if one.source in renamed}
    return under_former | under_present


def _says_so(last: Decision | None, verdict: str, reason: str, coder: str) -> bool:
    return last is not None and (last.verdict, last.coder) == (verdict, coder) and reason in ("", last.reason)


def _unreasoned(review: Review) -> Wrong:
    """Return the error that asks for a reason, with those given so far."""
    given = Counter(one.reason for one in review.decisions() if one.verdict == "exclude" and one.reason)
    known = "; ".join(f"{reason} ({n})" for reason, n in given.most_common(_REASONS))
    hint = N_("Reasons so far: {reasons}") if known else N_('For example: --reason "not about cities"')
    return Wrong(N_('Say why it is left out: --reason "..."'), hint, reasons=known)


# Which sources ----------------------------------------------------------------------------------------------------------


def selected(review: Review, query: str) -> tuple[str, ...]:
    """Return the keys of the sources that ``query`` selects; `NotFound` if it selects none."""
    found = tuple(dict.fromkeys(review.keys(query)))
    if not found:
        meant = review.near(query)
        hint, facts = next(iter(meant.sentences), (N_("libreview list tries a query."), {}))
        raise NotFound(N_("No source is selected by: {query}"), hint, meant.terms, query=query, **facts)
    return found


def keys_in(review: Review, path: Path, data: bytes | None = None) -> tuple[str, ...]:
    """Return the keys of the sources that a file names: in its column ``key``, else in its first one, or one a line.

    ``data`` is what was read already, from standard input. `NotFound`, with each key that no source has; `Refused` if
    the file cannot be read or names nothing.
    """
    grid = _grid(path, collecting.bytes_of(path) if data is None else data)
    known, renamed = frozenset(review.source_keys()), review.former_keys()
    found: dict[str, None] = {}
    unknown: dict[str, int] = {}
    for line, key in _column(grid):
        if key in known:
            found[key] = None
        elif key in renamed:
            found[renamed[key]] = None
        else:
            unknown.setdefault(key, line)
    if unknown:
        raise _unknown(unknown, tuple(known), path, len(found) + len(unknown))
    if not found:
        raise Refused(N_("There is no key in {path}"), N_("It has one key a line, or a column called key."), path=path)
    return tuple(found)


def _grid(path: Path, data: bytes) -> Grid:
    if path.suffix.lower() in _WORKBOOKS:
        sheets: tuple[Grid, ...] = load(_ROOM).read(data, str(path))
        return next((grid for grid in sheets if grid.rows), Grid(()))
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):  # another program's own form
        raise Refused(
            N_("{path} cannot be read: of spreadsheets, .xlsx and .csv can"),
            N_("In your spreadsheet: save it as a workbook (.xlsx) or as CSV."),
            path=path,
        )
    return grids.read_csv(data, str(path))


def _column(grid: Grid) -> list[tuple[int, str]]:
    """Return the keys of a table, each with its line."""
    heads = grids.names_of(grid)
    column = next((at for at, name in enumerate(heads) if name in _HEADS), -1)
    rows = enumerate(grid.rows, 1)
    cells = [
        (line, row[max(column, 0)].strip().removeprefix("@"))
        for line, row in rows
        if len(row) > max(column, 0) and (column < 0 or line > grid.head + 1)
    ]
    return [(line, key) for line, key in cells if key]


def _unknown(unknown: dict[str, int], known: Sequence[str], path: Path, total: int) -> NotFound:
    lines = []
    for key, line in list(unknown.items())[:_SHOWN]:
        near = likeness.near(key, known)
        shown = textwrap.shorten(key[:1000], _LONGEST, placeholder=" ...")
        lines.append(f"{path}:{line}  {shown}" + (f" ({', '.join(near)}?)" if near else ""))
    if len(unknown) > _SHOWN:
        lines.append("...")
    return NotFound(
        N_("{n} of {total} keys in {path} belong to no source; nothing was written"), N_("Unknown:\n{lines}"),
        n=len(unknown), total=total, path=path, lines="\n".join(lines),
    )  # fmt: skip
