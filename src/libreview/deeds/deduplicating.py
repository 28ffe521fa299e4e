"""Which sources may be one publication, in the review or in a table of records, and which a person said are not.

``sources/duplicates.toml`` keeps what was said, a line for each: ``"hartono2018 hartono2019" = { coder = "nadia" }``. Each
line is read by itself, so that a broken one does not lose the others.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from libreview.findings import duplicates
from libreview.findings.duplicates import Found, Group
from libreview.model import Change, Create, Edit, Source
from libreview.review import Review
from libreview.texts import toml
from libreview.value import Value
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["PATH", "Said", "among", "fullest", "in_file", "in_review", "not_the_same", "said"]

PATH = "sources/duplicates.toml"
_HEAD = (
    b"# Sources that a person looked at and said are different works; they are not proposed as duplicates again.\n\n"
)
_ABSTRACT = 320
"""Letters of an abstract that are kept: its beginning is compared."""
_LONGEST_FIELD = 1 << 24
_SNIFFED = 1 << 16


class Said(Value, frozen=True):
    """What was said to be different: pairs of keys, and the numbers of the lines that cannot be read."""

    pairs: frozenset[frozenset[str]] = frozenset()
    broken: tuple[int, ...] = ()


# A table of records ---------------------------------------------------------------------------------------------------


def in_file(path: Path) -> Found:
    """Return the groups among the records of a CSV file with columns as ID, title, author, year, journal, doi, ...

    Raises `Refused` if it is no such table.
    """
    return duplicates.find(_records(path))


def _records(path: Path) -> Iterator[duplicates.Record]:
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        with path.open(encoding=_encoding(path), errors="replace", newline="") as file:
            first = file.readline()
            separator = max(",;\t", key=first.count)
            file.seek(0)
            rows = csv.reader(file, delimiter=separator)
            head = [name.strip().lower() for name in next(rows, [])]
            _check(head, path)
            at = next((head.index(name) for name in ("id", "key") if name in head), -1)
            for number, row in enumerate(rows, 1):
                if row:
                    yield _record(head, row, at, number)
    except csv.Error as error:
        raise Refused(
            N_("{path} cannot be read: {reason}"),
            N_("Save it again as CSV in your spreadsheet."),
            path=path,
            reason=str(error),
        ) from error


def _record(head: Sequence[str], row: Sequence[str], at: int, number: int) -> duplicates.Record:
    fields = dict(zip(head, row, strict=False))
    if "abstract" in fields:
        fields["abstract"] = fields["abstract"][:_ABSTRACT]
    key = row[at].strip() if 0 <= at < len(row) else ""
    return duplicates.record_of(key or str(number), fields)


def _encoding(path: Path) -> str:
    """Return how the letters of a file are written, by its beginning: UTF-8, UTF-16 with a mark, else Windows' Latin."""
    with path.open("rb") as file:
        start = file.read(_SNIFFED)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        start[: start.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _check(head: Sequence[str], path: Path) -> None:
    if "title" not in head and "doi" not in head:
        raise Refused(
            N_("{path} is no table of records: it has neither a column title nor a column doi"),
            N_(
                "Its first line names the columns: ID, author, title, year, journal, volume, number, pages, abstract, doi, isbn."
            ),
            path=path,
        )


# The review -----------------------------------------------------------------------------------------------------------


def in_review(review: Review) -> Found:
    """Return the groups among the sources of the review, without what was said to be different."""
    beyond = review.linked  # nothing there can be merged
    own = (source for source in review.sources() if source.location.path not in beyond)
    known = {source.key: source for source in own}  # a key that stands twice is a problem of its own
    return duplicates.find((_of(source) for source in known.values()), _asked(review))


def among(review: Review, new: Sequence[duplicates.Record], known: Sequence[duplicates.Record]) -> Found:
    """Return which of ``new`` may be one work with ``known`` sources of the review or with each other."""
    return duplicates.find([*new, *known], _asked(review), frozenset(one.key for one in new))


def _of(source: Source) -> duplicates.Record:
    return duplicates.record_of(source.key, {**source.plain, "type": source.type})


def _asked(review: Review) -> frozenset[frozenset[str]]:
    """Return the pairs that were said to be different, under the keys that the sources have now."""
    pairs = said(review).pairs
    if not pairs:
        return frozenset()
    now = review.former_keys()
    return frozenset(frozenset(now.get(key, key) for key in pair) for pair in pairs)


def said(review: Review) -> Said:
    """Return what was said to be different."""
    if not review.exists(PATH):
        return Said()
    pairs: set[frozenset[str]] = set()
    broken: list[int] = []
    for number, line in enumerate(review.read(PATH).splitlines(), 1):
        if not line.strip() or line.lstrip().startswith(b"#"):
            continue
        try:
            names = list(toml.read(line))
        except ValueError:
            broken.append(number)
            continue
        for name in names:
            pairs.update(map(frozenset, combinations(dict.fromkeys(name.split()), 2)))
    return Said(frozenset(pairs), tuple(broken))


def not_the_same(review: Review, parts: Sequence[Sequence[str]], coder: str = "") -> Change:
    """Return the change that keeps that sources are different works: those of one part from those of every other.

    What is in one part may be one work, and is asked about again.
    """
    who = f" coder = {toml.string(coder)} " if coder else ""
    if all(len(part) == 1 for part in parts):
        said = [" ".join(part[0] for part in parts)]
    else:
        said = [f"{a} {b}" for one, other in combinations(parts, 2) for a in one for b in other]
    lines = "".join(f"{toml.string(keys)} = {{{who}}}\n" for keys in said).encode()
    summary = f"not the same: {' '.join(key for part in parts for key in part)}"
    if not review.exists(PATH):
        return Change((Create(PATH, _HEAD + lines),), summary)
    data = review.read(PATH)
    if data and not data.endswith(b"\n"):
        lines = b"\n" + lines
    return Change((Edit(PATH, len(data), len(data), b"", lines),), summary)


def fullest(sources: Mapping[str, Source], group: Group) -> tuple[str, ...]:
    """Return the keys of a group, that of the source first of which most is known."""

    def known(key: str) -> tuple[int, int, str]:
        fields = sources[key].plain
        return (-len(fields), -sum(map(len, fields.values())), key)

    return tuple(sorted(group.keys, key=known))
