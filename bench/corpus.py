"""Corpora of any size for the benchmarks and tests: the same arguments give the same bytes.

python bench/corpus.py bib 10000 1 > library.bib
python bench/corpus.py review FOLDER --sources 1000 --excerpts 20000 --themes 70
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

__all__ = ["make_bib", "make_review"]

_FAMILY = [
    "Wijaya", "Santoso", "Hidayat", "Nugroho", "Sukarno", "Pratiwi", "Lestari", "Kusuma", r'M{\"u}ller', r'Sch{\"a}fer',
    r"Gro{\ss}", r"J{\o}rgensen", r"{\L}ukasz", r"Dvo{\v r}{\'a}k", r"N{\'u}{\~n}ez", "Ferreira", "Okonkwo", "Tanaka",
    "Cremer", "Zelinsky", "Keating", "O'Brien",
]  # fmt: skip
_GIVEN = [
    "Ayu", "Budi", "Siti", "Rahmat", "Dewi", "Agus", r"Ren{\'e}", r'J{\"u}rgen', "Anne", "Rolf D.", "Wilbur", "Michael",
    "Chidi", "Yuki", r"Mar{\'i}a", r'Zo{\"e}',
]  # fmt: skip
_PARTICLE = ["", "", "", "", "", "van ", "de ", "von der "]
_SUBJECT = [
    "sister cities", "municipal diplomacy", "small firms", "city branding", "regional autonomy", "cultural exchange",
    "trade fairs", "waste management", "student mobility", "town twinning", "local budgets", "creative industries",
    "tourism", "vocational training",
]  # fmt: skip
_APPROACH = ["a case study of {B}andung", "evidence from {G}ermany", "a comparative view", "lessons from {ASEAN}",
             "sebuah tinjauan pustaka", "eine vergleichende Studie", "the first ten years"]  # fmt: skip
_JOURNALS = ["Jurnal Hubungan Internasional", r"Local Government \& Policy", r"Zeitschrift f{\"u}r Politik", "Cities",
             "Jurnal Administrasi Negara", r"Revista de Econom{\'\i}a Urbana"]  # fmt: skip
_VOCABULARY = """kota kerja sama pemerintah daerah program usaha kecil menengah city partnership agreement delegation
    exchange council firm export training festival budget policy actor network Vereinbarung Austausch Partnerschaft"""
_WORDS = _VOCABULARY.split()
_STRINGS = '@string{pup = "Penerbit Universitas"}\n@string{cup = "City " # pup}\n\n'


def _people(chance: random.Random, most: int) -> str:
    names = [
        f"{chance.choice(_PARTICLE)}{chance.choice(_FAMILY)}, {chance.choice(_GIVEN)}"
        for _ in range(chance.randint(1, most))
    ]
    return " and ".join(names) + (" and others" if chance.random() < 0.05 else "")


def _prose(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(least, most))).capitalize()


def _fields(chance: random.Random, number: int) -> tuple[str, dict[str, str]]:
    """Return the type and the fields of one record; values with their delimiters."""
    kind = chance.choices(["article", "book", "inproceedings", "thesis", "online"], [50, 15, 15, 10, 10])[0]
    subject = chance.choice(_SUBJECT)
    fields = {
        "author": "{" + _people(chance, 6) + "}",
        "title": f"{{{subject.capitalize()} and {chance.choice(_SUBJECT)}: {chance.choice(_APPROACH)}}}",
        "year": f"{{{chance.randint(1975, 2025)}}}",
    }
    page = chance.randint(1, 600)
    if kind == "article":
        fields["journal"] = f"{{{chance.choice(_JOURNALS)}}}"
        fields["volume"] = str(chance.randint(1, 60))
        fields["month"] = chance.choice(["jan", "mar", "jun", "oct"])
        fields["pages"] = f"{{{page}--{page + chance.randint(2, 30)}}}"
        fields["doi"] = f"{{10.5555/libreview.{number}}}"
    elif kind == "book":
        fields["publisher"] = chance.choice(["pup", "cup", "{Springer}", '"Penerbit " # "Kota"'])
        fields["isbn"] = f"{{978-0-{number:06d}}}"
    elif kind == "inproceedings":
        fields["booktitle"] = f"{{Proceedings of the {chance.randint(2, 30)}th Meeting on {subject.title()}}}"
    elif kind == "thesis":
        fields["type"], fields["institution"] = "{skripsi}", "{Universitas Padjadjaran}"
    else:
        fields["url"] = f"{{https://example.org/a%20b/{number}?x=1&y=2#top}}"
    if chance.random() < 0.75:
        fields["abstract"] = (
            "{" + _prose(chance, 60, 220) + chance.choice([".", r" (50\% of it).", " ($n = 12$)."]) + "}"
        )
    if chance.random() < 0.5:
        fields["keywords"] = "{" + ", ".join(chance.sample(_SUBJECT, 3)) + "}"
    return kind, fields


def make_bib(n: int, seed: int = 1) -> str:
    """Return a BibTeX file of ``n`` entries with the keys ``source1`` ... and two ``@string`` blocks."""
    chance = random.Random(seed)
    entries = [_STRINGS]
    for number in range(1, n + 1):
        kind, fields = _fields(chance, number)
        lines = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
        entries.append(f"@{kind}{{source{number},\n{lines}\n}}\n\n")
    return "".join(entries)


def _id(number: int) -> str:
    """Return a block id of six characters, one of them a letter, for each number below 32^5."""
    digits = "0123456789abcdefghjkmnpqrstvwxyz"
    return "k" + "".join(digits[number >> 5 * place & 31] for place in range(4, -1, -1))


def make_review(folder: Path, sources: int, excerpts: int, themes: int, seed: int = 1) -> None:
    """Write a review into ``folder``: one .bib, a note card for each source that has excerpts, a codebook."""
    chance = random.Random(seed)
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    (folder / "notes").mkdir(exist_ok=True)
    (folder / "libreview.toml").write_text(
        'title = "A made review"\nlanguage = "en"\nstyle = "apa"\nnotes = ["notes"]\n', "utf-8"
    )
    (folder / "sources" / "library.bib").write_text(make_bib(sources, seed), "utf-8")
    names = [f"theme-{number}" for number in range(1, themes + 1)]
    tables = []
    for number, name in enumerate(names):
        parent = f'parent     = "{names[number // 10 - 1]}"\n' if number >= 10 else ""
        tables.append(
            f'[{name}]\nlabel      = {{ en = "Theme {number + 1}" }}\n{parent}definition = "What {name} holds."\n'
        )
    (folder / "notes" / "codebook.toml").write_text("\n".join(tables), "utf-8")
    cards: dict[int, list[str]] = {}
    for number in range(excerpts):
        source = chance.randint(1, sources)
        tags = " ".join(f"#{name}" for name in chance.sample(names, min(len(names), chance.randint(1, 3))))
        ending = f"[@source{source}, p. {chance.randint(1, 300)}] {tags} ^{_id(number)}"
        mark = "> " if chance.random() < 0.7 else "- "
        comment = f"\n{_prose(chance, 5, 15)}.\n" if chance.random() < 0.2 else ""
        cards.setdefault(source, []).append(f"{mark}{_prose(chance, 15, 50)}. {ending}\n{comment}")
    for source, blocks in cards.items():
        head = f"---\nsource: source{source}\ncoder: nadia\n---\n\n{_prose(chance, 10, 40)}.\n\n"
        (folder / "notes" / f"source{source}.md").write_text(head + "\n".join(blocks), "utf-8")


def _main() -> None:
    parser = argparse.ArgumentParser(description="Make a corpus.")
    kinds = parser.add_subparsers(dest="kind", required=True)
    bib = kinds.add_parser("bib")
    bib.add_argument("n", type=int)
    bib.add_argument("seed", type=int, nargs="?", default=1)
    review = kinds.add_parser("review")
    review.add_argument("folder", type=Path)
    for name, default in (("sources", 1000), ("excerpts", 20000), ("themes", 70), ("seed", 1)):
        review.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    if given.kind == "bib":
        sys.stdout.buffer.write(make_bib(given.n, given.seed).encode())
    else:
        make_review(given.folder, given.sources, given.excerpts, given.themes, given.seed)


if __name__ == "__main__":
    _main()
