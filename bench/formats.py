"""The marks of the bibliographic formats: what reading costs, whether it grows evenly, and whether any bytes make a reader fail.

    python bench/formats.py                     (about a minute: 10,000 records of each format)
    python bench/formats.py --fuzz 60           (60 seconds of broken files for each reader)
    python bench/formats.py --fuzz 60 ris csv   (these only)

Records are made up and written by the program's own writers, or, for formats that are only read, here. Costs are CPU time;
each is printed against the mark, and with the ratio of ten times as many records, which should be near ten. Nothing passes or
fails but a reader that raises, whose input is kept as a file.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from libreview.model import Person
from libreview.texts.formats import FORMATS, Format, detect
from libreview.texts.formats import bibtex as bib
from libreview.texts.formats.entries import entry
from libreview.texts.formats.records import Record
from libreview.words.rooms import load

WORDS = """city town harbour kerja sama kota kembar promosi perdagangan municipal diplomacy network walking children trial
inequality wage union growth étude méthode Übersicht trade partner festival budget regional regulation evidence systematic review
treatment anxiety disorder learning machine model survey household energy water transport housing migration""".split()  # noqa: SIM905
NAMES = "Hartono Lestari Sukarno Wijaya Müller Smith García Nguyen Okafor Rossi Kowalski Santoso Putri Rahman O'Brien Öz".split()  # noqa: SIM905
GIVEN = "Dewi Budi Ana John Mary Claude José Siti Ahmad Linda Pierre Eva".split()  # noqa: SIM905
MARK = 2.0
"""CPU seconds that reading 10,000 records may cost."""


def words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def people(chance: random.Random) -> tuple[Person, ...]:
    return tuple(
        Person(chance.choice(NAMES), f"{chance.choice(GIVEN)} {chance.choice('ABCDEFGH')}.")
        for _ in range(chance.randint(1, 6))
    )


def make_record(number: int, chance: random.Random) -> Record:
    """Return an article such as databases export: an abstract of 200 words, keywords, identifiers."""
    journal = words(chance, 3).title()
    first = chance.randint(1, 900)
    fields = {
        "title": words(chance, 12).capitalize(),
        "journaltitle": f"Journal of {journal}",
        "shortjournal": f"J {journal[:9]}",
        "date": f"{chance.randint(1980, 2024)}-{chance.randint(1, 12):02d}",
        "volume": str(chance.randint(1, 90)),
        "number": str(chance.randint(1, 12)),
        "pages": f"{first}–{first + 12}",
        "doi": f"10.5555/inv.{number}",
        "issn": f"{chance.randint(1000, 9999)}-{chance.randint(1000, 9999)}",
        "url": f"https://example.org/{number}?a=1",
        "publisher": "Invented Press",
        "langid": "english",
        "abstract": words(chance, 200),
        "keywords": ", ".join(dict.fromkeys(chance.choices(WORDS, k=6))),
        "database": "Invented",
        "accession": f"INV{number}",
        "affiliation": f"University of {words(chance, 8)}",
    }
    return Record("article", fields, {"author": people(chance)})


# --- the formats that are only read ----------------------------------------------------------------------------------


def _folded(text: str, indent: str, width: int = 84) -> str:
    lines: list[str] = []
    line = ""
    for word in text.split():
        if len(line) + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return f"\n{indent}".join([*lines, line])


def medline(records: Iterable[Record]) -> bytes:
    out: list[str] = []
    for number, record in enumerate(records):
        f = record.fields
        out.append(f"PMID- {10_000_000 + number}\nOWN - NLM\nSTAT- MEDLINE\nDCOM- 20160226\nLR  - 20150603\n")
        out.append(
            f"IS  - {f['issn']} (Electronic)\nVI  - {f['volume']}\nIP  - {f['number']}\nDP  - {f['date'][:4]} Jul\n"
        )
        out.append(f"TI  - {_folded(f['title'] + '.', '      ')}\nPG  - {f['pages'].replace('–', '-')}\n")
        out.append(f"LID - {f['doi']} [doi]\nAB  - {_folded(f['abstract'], '      ')}\n")
        for one in record.people["author"]:
            out.append(f"FAU - {one.family}, {one.given}\nAU  - {one.family} {one.given[:1]}\n")
            out.append(f"AD  - {_folded(f['affiliation'], '      ')}\n")
        out.append(
            f"LA  - eng\nPT  - Journal Article\nPT  - Review\nPL  - England\nTA  - {f['shortjournal']}\nJT  - {f['journaltitle']}\n"
        )
        out.append("JID - 8609061\nSB  - IM\n")
        out.extend(f"MH  - {word}/methods\n" for word in f["keywords"].split(", "))
        out.append(
            "EDAT- 2015/05/02 06:00\nMHDA- 2016/02/27 06:00\nCRDT- 2015/05/02 06:00\nPHST- 2015/05/02 06:00 [entrez]\n"
        )
        out.append(
            f"AID - {f['doi']} [doi]\nPST - ppublish\nSO  - {f['shortjournal']}. {f['date'][:4]} Jul;{f['volume']}:{f['pages']}.\n\n"
        )
    return "".join(out).encode()


def wos(records: Iterable[Record]) -> bytes:
    out = ["FN Clarivate Analytics Web of Science\nVR 1.0\n"]
    for record in records:
        f = record.fields
        names = "\n   ".join(f"{one.family}, {one.given}" for one in record.people["author"])
        out.append(
            f"PT J\nAU {names}\nAF {names}\nTI {_folded(f['title'], '   ')}\nSO {f['journaltitle'].upper()}\nLA English\n"
        )
        out.append(
            f"DT Article\nDE {f['keywords'].replace(',', ';')}\nAB {_folded(f['abstract'], '   ')}\nC1 {f['affiliation']}\n"
        )
        out.append(
            "CR "
            + "\n   ".join(f"Smith J, {year}, J INV, V1, P{year}" for year in range(1980, 2010))
            + "\nNR 30\nTC 4\n"
        )
        out.append(
            f"PU INVENTED PRESS\nSN {f['issn']}\nJ9 {f['shortjournal']}\nPD JUL\nPY {f['date'][:4]}\nVL {f['volume']}\n"
        )
        out.append(
            f"IS {f['number']}\nBP {f['pages'].split('–')[0]}\nEP {f['pages'].split('–')[1]}\n"
            f"DI {f['doi']}\nUT WOS:{f['accession']}\nER\n\n"
        )
    out.append("EF\n")
    return "".join(out).encode()


def enw(records: Iterable[Record]) -> bytes:
    out: list[str] = []
    for record in records:
        f = record.fields
        out.append("%0 Journal Article\n")
        out.extend(f"%A {one.family}, {one.given}\n" for one in record.people["author"])
        out.append(
            f"%T {f['title']}\n%J {f['journaltitle']}\n%V {f['volume']}\n%N {f['number']}\n%P {f['pages'].replace('–', '-')}\n"
        )
        out.append(f"%D {f['date'][:4]}\n%@ {f['issn']}\n%R {f['doi']}\n%X {f['abstract']}\n")
        out.extend(f"%K {word}\n" for word in f["keywords"].split(", "))
        out.append(f"%U {f['url']}\n\n")
    return "".join(out).encode()


def endnote(records: Iterable[Record]) -> bytes:
    def styled(name: str, value: str) -> str:
        return f'<{name}><style face="normal" font="default" size="100%">{escape(value)}</style></{name}>'

    out = ['<?xml version="1.0" encoding="UTF-8" ?><xml><records>']
    for number, record in enumerate(records):
        f = record.fields
        authors = "".join(styled("author", f"{one.family}, {one.given}") for one in record.people["author"])
        keywords = "".join(styled("keyword", word) for word in f["keywords"].split(", "))
        out.append(
            f'<record><database name="My.enl" path="/x/My.enl">My.enl</database>'
            f'<source-app name="EndNote" version="20.1">EndNote</source-app>'
            f'<rec-number>{number}</rec-number><foreign-keys><key app="EN" db-id="abc" timestamp="1">{number}</key></foreign-keys>'
            f'<ref-type name="Journal Article">17</ref-type><contributors><authors>{authors}</authors></contributors>'
            f"<titles>{styled('title', f['title'])}{styled('secondary-title', f['journaltitle'])}</titles>"
            f"<periodical>{styled('full-title', f['journaltitle'])}{styled('abbr-1', f['shortjournal'])}</periodical>"
            f"{styled('pages', f['pages'].replace('–', '-'))}{styled('volume', f['volume'])}{styled('number', f['number'])}"
            f"<keywords>{keywords}</keywords><dates>{styled('year', f['date'][:4])}</dates>{styled('isbn', f['issn'])}"
            f"{styled('accession-num', f['accession'])}{styled('abstract', f['abstract'])}<urls><related-urls>{styled('url', f['url'])}"
            f"</related-urls></urls>{styled('electronic-resource-num', f['doi'])}{styled('language', 'eng')}</record>\n"
        )
    out.append("</records></xml>")
    return "".join(out).encode()


def bibtex(records: Iterable[Record]) -> bytes:
    return "\n".join(entry(record, f"key{at}") for at, record in enumerate(records)).encode()


MAKERS: dict[str, Callable[[Iterable[Record]], bytes]] = {
    "bibtex": bibtex, "medline": medline, "wos": wos, "enw": enw, "endnote": endnote,
}  # fmt: skip


def corpus(row: Format, count: int) -> bytes:
    """Return a file of ``count`` made-up records."""
    chance = random.Random(4711)
    records = [make_record(number, chance) for number in range(count)]
    maker = MAKERS.get(row.name)
    made = maker(records) if maker else load(row.module).write(records)
    assert isinstance(made, bytes)
    return made


# --- marks -----------------------------------------------------------------------------------------------------------


def cpu(deed: Callable[[], object], runs: int = 3) -> float:
    """Return the least CPU time that ``deed`` took."""
    best = float("inf")
    for _ in range(runs):
        begin = time.process_time()
        deed()
        best = min(best, time.process_time() - begin)
    return best


def found(row: Format, data: bytes) -> tuple[int, int]:
    """Return how many records are read, and how many problems there are."""
    reading = load(row.module).read(data, "x")
    records: Sequence[Any] = reading.sources if row.name == "bibtex" else reading.records
    return len(records), len(reading.problems)


def marks(rows: Sequence[Format], count: int) -> None:
    print(
        f"reading {count:,} records: CPU seconds against the mark of {MARK * count / 10_000:.1f}, and growth per tenfold"
    )
    for row in rows:
        module = load(row.module)
        large, small = corpus(row, count), corpus(row, count // 10)
        assert detect(large) is row
        read, problems = found(row, large)
        cost = cpu(lambda module=module, large=large: module.read(large, "x"))  # type: ignore[misc]
        less = cpu(lambda module=module, small=small: module.read(small, "x"))  # type: ignore[misc]
        tracemalloc.start()
        reading = module.read(large, "x")
        peak = tracemalloc.get_traced_memory()[1] / len(large)
        tracemalloc.stop()
        line = (
            f"  {row.name:<9} {cost:5.2f} s  {cost / (MARK * count / 10_000):5.2f} x mark  growth {cost / less:5.1f} x"
        )
        print(
            f"{line}  {len(large) / 1e6:5.1f} MB, memory {peak:4.1f} x  {read:,} records, {problems} problems",
            flush=True,
        )
        if row.writes and row.name != "bibtex":
            writing = cpu(lambda module=module, reading=reading: module.write(reading.records), 1)  # type: ignore[misc]
            again = module.read(module.write(reading.records), "x")
            same = [one.says for one in again.records] == [one.says for one in reading.records]
            print(
                f"            {writing:5.2f} s to write; read again: {'the same' if same else 'NOT THE SAME'}",
                flush=True,
            )


# --- broken files ----------------------------------------------------------------------------------------------------

PIECES = (b'"', b"{", b"}", b"[", b"]", b"\n", b"\r", b"\0", b"<", b">", b"&", b"%", b"\n\n", b"\xff", b"\xed\xa0\x80", b"\\", b",", b"@",
          b"</record>", b"<!DOCTYPE a [",
          b"ER  - \n", b"\nTY  - JOUR\n", b"\n%0 Book\n", b"\nPT J\n", b"&#0;", b"1e999", b"\xef\xbb\xbf")  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return ``data`` with bytes changed, parts left out, doubled, moved or repeated often."""
    for _ in range(chance.choice((1, 1, 2, 3, 8, 40))):
        one, other = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
        other = min(other, one + chance.choice((1, 10, 200, 5000)))
        deed = chance.randrange(6)
        if deed == 0:
            data = data[:one] + bytes((chance.randrange(256),)) + data[one + 1 :]
        elif deed == 1:
            data = data[:one] + data[other:]
        elif deed == 2:
            data = data[:other] + data[one:]
        elif deed == 3:
            data = data[:one] + chance.choice(PIECES) + data[one:]
        elif deed == 4:
            data = data[other:] + data[:one]
        elif len(data) < 300_000:
            data = data[:one] + data[one : one + chance.randint(1, 12)] * chance.choice((2, 50, 3000)) + data[one:]
    return data or b"\n"


def fuzz(rows: Sequence[Format], seconds: float, seed: int) -> int:
    """Read broken files for ``seconds`` a format; return how many times a reader raised or was slow."""
    chance = random.Random(seed)
    bad = 0
    for row in rows:
        module = load(row.module)
        samples = [corpus(row, 12), corpus(FORMATS[(FORMATS.index(row) + 1) % len(FORMATS)], 2)]
        samples += [samples[0].decode().encode("utf-16"), samples[0].replace(b"\n", b"\r")]
        begin, count, slowest = time.process_time(), 0, 0.0
        while time.process_time() - begin < seconds:
            data = mutated(chance.choice(samples[:1] * 5 + samples), chance)
            start = time.process_time()
            trouble = ""
            try:
                reading = module.read(data, "x")
                if row.name != "bibtex":
                    assert all(0 <= one.location.start <= one.location.end <= len(data) for one in reading.records), (
                        "a place outside"
                    )
                    for one in reading.records[:3]:
                        bib.read(entry(one, "key").encode("utf-8", "replace"), "x")
                detect(data, "x")
            except Exception as error:
                trouble = f"{type(error).__name__}: {error}"
            cost = time.process_time() - start
            slowest = max(slowest, cost)
            if trouble or cost > 1:
                bad += 1
                kept = Path(tempfile.mkstemp(prefix=f"fuzz-{row.name}-")[1])
                kept.write_bytes(data)
                print(f"  {row.name}: {trouble or f'{cost:.1f} s'}: {kept}", flush=True)
            count += 1
        print(f"  {row.name:<9} {count:,} inputs, slowest {slowest:.2f} s", flush=True)
    print(f"{bad} inputs raised or took more than a second")
    return bad


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", nargs="*", help="names of formats (all)")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument(
        "--fuzz", type=float, default=0, metavar="SECONDS", help="read broken files, instead of measuring"
    )
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rows = [row for row in FORMATS if not given.formats or row.name in given.formats]
    if given.fuzz:
        return 1 if fuzz(rows, given.fuzz, given.seed) else 0
    marks(rows, given.records)
    return 0


if __name__ == "__main__":
    sys.exit(main())
