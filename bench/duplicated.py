"""A made-up export with known duplicates: the same paper as several databases have it, and papers that only look the same.

``records(count, seed)`` gives the rows, about a quarter of which are copies, and the groups of keys that are one paper.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

__all__ = ["records"]

Row = dict[str, str]

_STARTS = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "sch",
    "st",
    "t",
    "tr",
    "v",
    "w",
    "z",
]
_VOWELS = ["a", "e", "i", "o", "u", "au", "ei", "ie"]
_ENDS = ["n", "r", "s", "t", "l", "m", "nd", "rt", "ck", "ng", "x", "ll"]
_FIELDS = [
    "Annals",
    "Archives",
    "Bulletin",
    "Journal",
    "International-Journal",
    "European-Journal",
    "American-Journal",
    "Reviews",
    "Proceedings",
    "Acta",
]
_GENERIC = ("Editorial", "Preface", "Book review", "Letter to the editor")


def _word(chance: random.Random, syllables: int) -> str:
    made = "".join(chance.choice(_STARTS) + chance.choice(_VOWELS) for _ in range(syllables))
    return made + chance.choice(_ENDS)


class _Maker:
    """Makes papers and what databases make of them, from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.words = [_word(self.chance, self.chance.randint(1, 4)) for _ in range(6_000)]
        self.weights = [1 / (at + 5) for at in range(len(self.words))]
        self.families = [_word(self.chance, self.chance.randint(1, 3)).title() for _ in range(5_000)]
        self.journals = [
            f"{self.chance.choice(_FIELDS).replace('-', ' ')} of {self._some(self.chance.randint(1, 3)).title()}"
            for _ in range(600)
        ]
        self.dois = 0

    def _some(self, count: int) -> str:
        return " ".join(self.chance.choices(self.words, self.weights, k=count))

    def paper(self) -> Row:
        chance = self.chance
        start = chance.randint(1, 2_400)
        people = [
            f"{chance.choice(self.families)}, {chance.choice(self.families)[:6]} {chance.choice('ABCDEFGHJKLM')}."
            for _ in range(min(12, 1 + int(chance.expovariate(0.3))))
        ]
        self.dois += 1
        generic = chance.random() < 0.01
        return {
            "title": chance.choice(_GENERIC) if generic else self._some(chance.randint(5, 17)).capitalize(),
            "author": " and ".join(people),
            "year": str(chance.randint(1985, 2024)),
            "journal": chance.choice(self.journals),
            "volume": str(chance.randint(1, 140)),
            "number": str(chance.randint(1, 12)),
            "pages": f"{start}-{start + chance.randint(2, 20)}",
            "abstract": "" if generic or chance.random() < 0.2 else self._some(55)[:300],
            "doi": f"10.{chance.randint(1000, 1060)}/j.{self.dois:07d}",
            "isbn": "",
        }

    def copy(self, paper: Row) -> Row:
        """Return ``paper`` as another database has it."""
        made = dict(paper)
        for change in self.chance.sample(_CHANGES, self.chance.randint(1, 4)):
            change(made, self.chance)
        return made

    def other(self, paper: Row) -> Row:
        """Return another paper that looks like ``paper``: its second part, the next year's, its erratum."""
        made = self.copy(paper)
        kind = self.chance.randrange(3)
        start = self.chance.randint(2_500, 4_000)
        made["title"] = (f"{paper['title']}: part II", paper["title"], f"Erratum: {paper['title']}")[kind]
        made["year"] = str(int(paper["year"]) + (kind == 1))
        made["volume"] = str(int(paper["volume"]) + 1)
        made["pages"] = f"{start}-{start + 6}"
        self.dois += 1
        made["doi"] = f"10.2000/k.{self.dois:07d}"
        made["abstract"] = "" if kind == 2 else self._some(55)[:300]
        return made


def _initials(row: Row, _: random.Random) -> None:
    people = [name.split(", ") for name in row["author"].split(" and ")]
    row["author"] = ", ".join(f"{name[0]} {name[1][0]}" for name in people if len(name) == 2) or row["author"]


def _short_journal(row: Row, _: random.Random) -> None:
    row["journal"] = " ".join(f"{word[:4]}." for word in row["journal"].split() if word != "of")


def _short_pages(row: Row, _: random.Random) -> None:
    start, end = row["pages"].split("-")
    if len(start) == len(end) and start[0] == end[0]:
        row["pages"] = f"{start}-{end[1:]}"


def _typing_error(row: Row, chance: random.Random) -> None:
    at = chance.randrange(len(row["title"]))
    row["title"] = row["title"][:at] + row["title"][at + 1 :]


def _upper(row: Row, _: random.Random) -> None:
    row["title"] = row["title"].upper()


def _next_year(row: Row, _: random.Random) -> None:
    row["year"] = str(int(row["year"]) + 1)


def _address(row: Row, _: random.Random) -> None:
    row["doi"] = f"https://doi.org/{row['doi'].upper()}" if row["doi"] else ""


def _reviewed(row: Row, _: random.Random) -> None:
    row["title"] += " [Review]"


def _without(field: str) -> Callable[[Row, random.Random], None]:
    def lose(row: Row, _: random.Random) -> None:
        row[field] = ""

    return lose


_CHANGES: Sequence[Callable[[Row, random.Random], None]] = (
    _initials, _short_journal, _short_pages, _typing_error, _upper, _next_year, _address, _reviewed,
    _without("doi"), _without("number"), _without("abstract"),
)  # fmt: skip


def records(count: int, seed: int = 1) -> tuple[list[Row], list[list[str]]]:
    """Return ``count`` rows in no order, each with its ID, and the groups of IDs that are one paper."""
    maker = _Maker(seed)
    rows: list[Row] = []
    groups: list[list[str]] = []
    while len(rows) < count:
        paper = maker.paper()
        same = [paper]
        if maker.chance.random() < 0.2:
            same += [maker.copy(paper) for _ in range(min(4, 1 + int(maker.chance.expovariate(1.5))))]
        others = [maker.other(paper)] if maker.chance.random() < 0.01 else []
        for row in (*same, *others)[: count - len(rows)]:
            row["ID"] = f"r{len(rows):07d}"
            rows.append(row)
        group = [row["ID"] for row in same if "ID" in row]
        if len(group) > 1:
            groups.append(group)
    maker.chance.shuffle(rows)
    return rows, groups
