"""Many processes write into one review at once: nothing may be lost or doubled."""

from __future__ import annotations

import multiprocessing
import os
import time
from dataclasses import dataclass
from pathlib import Path

from crashing.rows import ROWS, make_place
from libreview.deeds import collecting, tagging
from libreview.review import Review

__all__ = ["Crowd", "many_writers"]

_WAIT = 300.0
_EXCERPT = "k3f9q2"


@dataclass(frozen=True, slots=True)
class Crowd:
    """What is left when all have written. ``unlike`` says whether the index differs from one made from nothing."""

    adds: int
    tags: int
    seconds: float
    failed: int
    lost: int
    doubled: int
    left_over: int
    unlike: bool

    @property
    def well(self) -> bool:
        return not (self.failed or self.lost or self.doubled or self.left_over or self.unlike)


def _own_cache(name: str) -> None:
    """Half of the writers share an index, as two terminals do; the others have one of their own, as two users do."""
    if sum(name.encode()) % 2:
        os.environ["LIBREVIEW_CACHE"] += f"-{name}"


def _adds(folder: Path, number: int, count: int) -> None:
    _own_cache(f"add{number}")
    with Review.open(folder) as review:
        for turn in range(count):
            with review.writing(_WAIT):
                fields = {"author": f"Writer{number}", "title": f"Book {turn}", "year": "2001"}
                change, _ = collecting.add(review, "book", fields, f"writer{number}-{turn}")
                review.apply(change)


def _tags(folder: Path, number: int, count: int) -> None:
    _own_cache(f"tag{number}")
    with Review.open(folder) as review:
        for turn in range(count):
            with review.writing(_WAIT):
                name = f"crowd-{number}-{turn}"
                change, _ = tagging.give_themes(review, [review.excerpt(_EXCERPT)], [name], new=[name])
                review.apply(change)


def many_writers(place: Path, writers: int = 16, adds: int = 50, taggers: int = 4, tags: int = 25) -> Crowd:
    """Let ``writers`` add ``adds`` sources each while ``taggers`` give one excerpt ``tags`` themes each."""
    review = make_place(place, ROWS[1])
    for name in ("cache", "state"):
        os.environ[f"LIBREVIEW_{name.upper()}"] = str(place / name)
    os.environ["LIBREVIEW_CONFIG"] = str(place / "config.toml")
    before = {path.relative_to(review) for path in review.rglob("*")}
    spawn = multiprocessing.get_context("spawn")
    begin = time.monotonic()
    people = [spawn.Process(target=_adds, args=(review, number, adds)) for number in range(writers)]
    people += [spawn.Process(target=_tags, args=(review, number, tags)) for number in range(taggers)]
    for one in people:
        one.start()
    for one in people:
        one.join(max(1.0, begin + 2 * _WAIT - time.monotonic()))
        if one.is_alive():
            one.kill()
            one.join()
    seconds = time.monotonic() - begin
    failed = sum(one.exitcode != 0 for one in people)
    keys = [f"writer{number}-{turn}" for number in range(writers) for turn in range(adds)]
    themes = [f"crowd-{number}-{turn}" for number in range(taggers) for turn in range(tags)]
    with Review.open(review) as kept:
        found = [one.key for one in kept.sources() if one.key.startswith("writer")]
        given = [one for one in kept.excerpt(_EXCERPT).themes if one.startswith("crowd-")]
        made = [one for one in kept.codebook.themes if one.startswith("crowd-")]
        says = (kept.listing(), kept.excerpts(), kept.codebook, kept.problems())
    os.environ["LIBREVIEW_CACHE"] = str(place / "fresh")
    with Review.open(review) as fresh:
        unlike = says != (fresh.listing(), fresh.excerpts(), fresh.codebook, fresh.problems())
    lost = len(set(keys) - set(found)) + len(set(themes) - set(given)) + len(set(themes) - set(made))
    doubled = sum(len(some) - len(set(some)) for some in (found, given, made))
    made_files = {path.relative_to(review) for path in review.rglob("*")} - before
    strays = [path for path in made_files if path.parts[0] != ".libreview" and path.suffix != ".bib"]
    strays += [path for path in made_files if path.name.startswith(".libreview-new-")]
    return Crowd(writers * adds, taggers * tags, seconds, failed, lost, doubled, len(set(strays)), unlike)
