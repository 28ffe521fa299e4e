"""Edits of made-up files, each compared with the pieces that the file was made of: how many other bytes changed.

    python bench/slices.py            (100,000 edits, some minutes; --quick: 5,000)

A file is a row of pieces whose bounds are known: entries, tables or excerpts, and between them comments, broken ones, text that
is no UTF-8, with LF or CRLF, with or without a byte order mark. One piece is edited by the function that the commands use;
all bytes before and after it must be what they were.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence

from libreview.disk.journal.splicing import spliced
from libreview.model import Edit
from libreview.texts import codebook, notes
from libreview.texts.formats import bibtex
from libreview.value import replace
from libreview.words.errors import Refused

__all__ = ["outside"]

Chance = random.Random
Pieces = list[bytes]

WORDS = ("harbour", "Städte", "{Kota}", "50\\%", 'M{\\"u}ller', "a = b", "%", "# x", "Überblick", "desa")
AROUND_ENTRIES = (b"% a remark\n", b"free text \xff\xfe here\n", b"@comment{kept = {as it is}}\n", b"@broken{no end,\n", b"\n\n",
                  b"@book{, title = {No key}}\n", b'@string{pup = "Press"}\n', b"@misc{latin, title = {Caf\xe9}}\n")  # fmt: skip
AROUND_EXCERPTS = (b"Prose with #tag and [@key, p. 3].\n\n", b"```\n> no excerpt [@a] #x ^aaaaa9\n```\n\n", b"# A heading\n\n",
                   b"<!-- hidden -->\n\n", b"Bytes \xff\xfe that are no text.\n\n", b"- a list\n- of things\n\n", b"\n",
                   b"---\n\n")  # fmt: skip
AROUND_TABLES = (b"# a remark\n", b"\n", b"[broken\n", b"[also broken]\ndefinition = \n\n", b'[b\xe9]\nlabel = "x"\n\n')


def _entry(chance: Chance, key: str) -> bytes:
    fields = "".join(
        f"  {name}{' ' * chance.randrange(3)}= {{{' '.join(chance.choices(WORDS, k=chance.randrange(1, 4)))}}},\n"
        for name in chance.sample(
            ("title", "author", "note", "publisher", "abstract", "year"), k=chance.randrange(1, 5)
        )
    )
    return f"@{chance.choice(('book', 'ARTICLE', 'misc'))}{{{key},\n{fields}}}\n".encode()


def _excerpt(chance: Chance, id: str) -> bytes:
    text = " ".join(
        chance.choices(("Two", "harbours", "*signed*", "a", "paper", "\\#1", "Größe"), k=chance.randrange(1, 8))
    )
    tags = "".join(f" #{tag}" for tag in chance.sample(("trade", "fair", "sme"), k=chance.randrange(1, 3)))
    return f"{chance.choice(('> ', '- '))}{text}. [@key, hlm. {chance.randrange(99)}]{tags} ^{id}\n\n".encode()


def _table(chance: Chance, id: str) -> bytes:
    lines = chance.sample(
        ('label = { en = "A label", id = "Nama" }', 'parent = "top"', 'definition = "What it is."  # why', "aliases = [\n  'old',\n]",
         'colour = "#2a9d8f"', "include = '''\nlines\n'''"), k=chance.randrange(1, 5))  # fmt: skip
    return f"[{id}]\n{chr(10).join(lines)}\n\n".encode()


def _edit_entry(chance: Chance, data: bytes, key: str) -> Sequence[Edit]:
    source = next((one for one in bibtex.read(data, "x").sources if one.key == key), None)
    if source is None:
        return ()
    if chance.random() < 0.1:
        return (bibtex.set_key(data, source, "renamed"),)
    name = chance.choice(("title", "note", "doi", "ids"))
    return (bibtex.set_field(data, source, name, chance.choice(("A new value", "{Braces} kept", None))),)


def _edit_excerpt(chance: Chance, data: bytes, id: str) -> Sequence[Edit]:
    excerpt = next((one for one in notes.read(data, "x")[0].excerpts if one.id == id), None)
    if excerpt is None:
        return ()
    if chance.random() < 0.5:
        edit = notes.add_themes(data, excerpt, chance.sample(("culture", "fair", "trade"), k=2))
        return (edit,) if edit else ()
    return (notes.remove_theme(data, excerpt, excerpt.themes[0], "zzzzz9"),)


def _edit_table(chance: Chance, data: bytes, id: str) -> Sequence[Edit]:
    theme = codebook.read(data, "x")[0].themes.get(id)
    if theme is None:
        return ()
    new = chance.choice(
        (replace(theme, definition="Something else."), replace(theme, parent=""), replace(theme, id="renamed"),
         replace(theme, aliases=(*theme.aliases, "older")))
    )  # fmt: skip
    return codebook.rewrite(data, "x", {id: new})


KINDS: tuple[
    tuple[Callable[[Chance, str], bytes], tuple[bytes, ...], Callable[[Chance, bytes, str], Sequence[Edit]]], ...
] = (
    (_entry, AROUND_ENTRIES, _edit_entry),
    (_excerpt, AROUND_EXCERPTS, _edit_excerpt),
    (_table, AROUND_TABLES, _edit_table),
)


def _one(chance: Chance) -> tuple[int, int]:
    """Make a file and edit it. Return whether it was edited, and how many bytes outside of the piece changed."""
    make, around, edit = chance.choice(KINDS)
    names = [f"piece{number}" if make is not _excerpt else f"pce00{number}" for number in range(chance.randrange(1, 5))]
    pieces: Pieces = []
    places: dict[str, int] = {}
    for name in names:
        pieces += chance.choices(around, k=chance.randrange(3))
        places[name] = len(pieces)
        pieces.append(make(chance, name))
    pieces += chance.choices(around, k=chance.randrange(2))
    if chance.random() < 0.4:
        pieces = [piece.replace(b"\n", b"\r\n") for piece in pieces]
    mark = b"\xef\xbb\xbf" if chance.random() < 0.2 else b""
    name = chance.choice(names)
    at = places[name]
    before, after = mark + b"".join(pieces[:at]), b"".join(pieces[at + 1 :])
    data = before + pieces[at] + after
    try:
        edits = edit(chance, data, name)
    except Refused:  # it could not be done without touching more
        return 0, 0
    new = spliced("x", data, edits)
    kept = new.startswith(before) and new.endswith(after) and len(new) >= len(before) + len(after)
    return int(bool(edits)), 0 if kept else 1


def outside(cases: int, seed: int = 1) -> tuple[str, bool]:
    """Return the line that says how many of ``cases`` edits changed a byte outside of their piece, and whether none did."""
    chance = Chance(seed)
    begin = time.monotonic()
    edited = wrong = tried = 0
    while edited < cases:
        tried += 1
        done, bad = _one(chance)
        edited += done
        wrong += bad
    text = f"{edited:,} edits in made-up files ({tried:,} tried; the others were refused, or had nothing to change): "
    return f"{text}{wrong} changed a byte outside of what they edit, {time.monotonic() - begin:.0f} s", not wrong


def main() -> int:
    """Print it; return 1 if a byte changed."""
    parser = argparse.ArgumentParser(description="Edit made-up files and look at the bytes around the edits.")
    parser.add_argument("--quick", action="store_true", help="5,000 edits")
    text, well = outside(5_000 if parser.parse_args().quick else 100_000)
    print(text)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
