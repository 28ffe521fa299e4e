"""The Indonesian catalogue: `python tests/catalogue.py` brings it up to date with the sources and compiles it.

`tests/words/test_i18n.py` fails while a sentence is missing, left over, untranslated, or not compiled.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "libreview"
PLACE = SOURCES / "words" / "catalogues" / "id" / "LC_MESSAGES"
KEYWORDS = {"N_": None, "say": None, "many": (1, 2)}


def extracted() -> Catalog:
    """Return every sentence of the sources."""
    catalogue = Catalog(project="libreview", charset="utf-8")
    found = extract_from_dir(str(SOURCES), [("**.py", "python")], keywords=KEYWORDS)
    for path, _, message, _, _ in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, locations=[(f"src/libreview/{path}", 0)])
    return catalogue


def stored() -> Catalog:
    """Return the catalogue as it is kept."""
    with (PLACE / "libreview.po").open("rb") as file:
        return read_po(file, locale="id")


def compiled(catalogue: Catalog) -> bytes:
    """Return ``catalogue`` as gettext reads it."""
    made = io.BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def written(catalogue: Catalog) -> bytes:
    """Return ``catalogue`` as the file that is kept."""
    made = io.BytesIO()
    write_po(made, catalogue, width=120, sort_output=True, no_location=True, omit_header=False, ignore_obsolete=True)
    return made.getvalue()


def update() -> int:
    """Bring the catalogue up to date; return how many sentences wait for a translation."""
    PLACE.mkdir(parents=True, exist_ok=True)
    fresh = extracted()
    catalogue = stored() if (PLACE / "libreview.po").exists() else Catalog(locale="id", project="libreview")
    catalogue.update(fresh, no_fuzzy_matching=True)
    (PLACE / "libreview.po").write_bytes(written(catalogue))
    (PLACE / "libreview.mo").write_bytes(compiled(stored()))
    return sum(1 for message in stored() if message.id and not all(_strings(message.string)))


def _strings(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


if __name__ == "__main__":
    waiting = update()
    sys.stdout.write(f"{waiting} sentences wait for a translation in {(PLACE / 'libreview.po').relative_to(ROOT)}\n")
