"""The questions of an import: from which database each file is, and which search found it."""

from __future__ import annotations

from collections.abc import Sequence

from libreview.cli import asking, printing
from libreview.deeds import collecting, recording
from libreview.deeds.importing import Wish
from libreview.review import Review
from libreview.texts.provenance import Import
from libreview.value import replace
from libreview.words.errors import ReviewError
from libreview.words.i18n import Say

__all__ = ["wishes"]


def wishes(say: Say, review: Review, files: Sequence[Wish]) -> list[Wish]:
    """Ask for database and search of each file; Enter leaves what is known of it, or unknown what is not.

    Nothing is asked of a file that came before as it is.
    """
    known = recording.imports(review)
    digests = {one.sha256 for one in known}
    asked: list[Wish] = []
    for wish in files:
        name = wish.file.name
        if recording.digest(collecting.bytes_of(wish.file)) in digests:
            asked.append(wish)
            continue
        last = next((one for one in reversed(known) if one.file == name), Import())
        hint = last.database or say("Enter: unknown")
        database = asking.ask(say("Database of {file}", file=name), last.database, hint=hint)
        asked.append(replace(wish, database=database, search=_search(say, name, last.search)))
    return asked


def _search(say: Say, name: str, last: str) -> str:
    """Ask until there is a search, or none."""
    hint = " ".join(last.split())[:60] or say("Enter: unknown; @FILE reads it from a file")
    while True:
        typed = asking.ask(say("Search of {file}", file=name), hint=hint)
        if not typed:
            return last
        try:
            return recording.search_text(typed)
        except ReviewError as error:
            printing.remark(say(error.sentence, **error.facts))
