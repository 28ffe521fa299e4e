"""The Indonesian catalogue: `PYTHONPATH=src python tests/catalogue.py` brings it up to date and compiles it.

`tests/words/test_i18n.py` fails while a sentence is missing, left over, untranslated, or not compiled.
Running it twice changes nothing: the files hold no dates and no line numbers.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "libreview"
PLACE = SOURCES / "words" / "catalogues" / "id" / "LC_MESSAGES"

Sentence = str | tuple[str, str]
"""A sentence, or its forms for one and for more."""

_MARKS = {"N_": 1, "say": 1, "many": 2, "both": 2}
"""How many sentences a call has at its beginning."""
_COMMENT = """\
# The sentences of libreview in Indonesian. tests/catalogue.py adds new ones and drops old ones;
# write the translations here and run it again."""


class IndonesianCatalogue(Catalog):
    """A catalogue whose header never changes by itself, with the one plural form that Indonesian has."""

    def __init__(self) -> None:
        super().__init__(locale="id", project="libreview", charset="utf-8", header_comment=_COMMENT, fuzzy=False)

    @property
    def num_plurals(self) -> int:
        return 1

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "libreview"),
            ("Language", "id"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]


def _written_out(argument: ast.expr) -> tuple[str, ...]:
    """Return the sentences that ``argument`` may be; none if it is a variable."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
        return (argument.value,)
    if isinstance(argument, ast.IfExp):
        return _written_out(argument.body) + _written_out(argument.orelse)
    if isinstance(argument, ast.JoinedStr):
        raise ValueError(f"line {argument.lineno}: a sentence is no f-string; put the facts behind it")
    return ()


def sentences(code: str) -> Iterator[Sentence]:
    """Give the sentences marked in Python source, in the order of the text: ``N_``, ``both``, ``say``, ``say.many``."""
    calls = [one for one in ast.walk(ast.parse(code)) if isinstance(one, ast.Call)]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        found = [_written_out(one) for one in call.args[: _MARKS.get(name, 0)]]
        if _MARKS.get(name) == 2:
            if all(found):
                yield found[0][0], found[1][0]
        elif found:
            yield from found[0]


def extracted() -> dict[Sentence, str]:
    """Return every sentence of the sources with the file it first stands in."""
    found: dict[Sentence, str] = {}
    for path in sorted(SOURCES.rglob("*.py")):
        for sentence in sentences(path.read_text(encoding="utf-8")):
            found.setdefault(sentence, path.relative_to(ROOT).as_posix())
    counted = {sentence[0] for sentence in found if isinstance(sentence, tuple)}
    if both := counted & found.keys():  # gettext keeps a sentence once, counted or not
        raise ValueError(f"said both with say() and with say.many(): {sorted(both)}")
    return found


def stored() -> Catalog:
    """Return the catalogue as it is kept."""
    with (PLACE / "libreview.po").open("rb") as file:
        return read_po(file, locale="id")


def updated(kept: Catalog, found: dict[Sentence, str]) -> IndonesianCatalogue:
    """Return a catalogue of the sentences ``found``, with the translations that ``kept`` has for them."""
    catalogue = IndonesianCatalogue()
    for sentence, path in sorted(found.items(), key=lambda one: (one[1], forms(one[0]))):  # moving code changes nothing
        before = kept.get(sentence)
        words = (*forms(before.string if before else ""), "")[0]
        catalogue.add(sentence, words if isinstance(sentence, str) else (words,), locations=[(path, 0)])
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """Return ``catalogue`` as gettext reads it."""
    made = io.BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def written(catalogue: Catalog) -> bytes:
    """Return ``catalogue`` as the file that is kept."""
    made = io.BytesIO()
    write_po(made, catalogue, width=120, sort_by_file=True, include_lineno=False)
    return made.getvalue()


def forms(string: object) -> tuple[str, ...]:
    """Return the forms of a message: one, or one and more."""
    return (string,) if isinstance(string, str) else tuple(string) if isinstance(string, (tuple, list)) else ()


def update() -> list[str]:
    """Bring the catalogue up to date; return the sentences that wait for a translation."""
    catalogue = updated(stored() if (PLACE / "libreview.po").exists() else Catalog(locale="id"), extracted())
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "libreview.po").write_bytes(written(catalogue))
    (PLACE / "libreview.mo").write_bytes(compiled(catalogue))
    return [forms(message.id)[0] for message in catalogue if message.id and not all(forms(message.string))]


if __name__ == "__main__":
    waiting = update()
    for one in waiting:
        sys.stdout.write(f"{one!r}\n")
    sys.stdout.write(f"{len(waiting)} sentences wait for a translation in {PLACE.relative_to(ROOT)}/libreview.po\n")
