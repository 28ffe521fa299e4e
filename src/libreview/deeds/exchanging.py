"""Handing a review on to NVivo, ATLAS.ti, MAXQDA, QualCoder and Taguette: a project (.qdpx) or a codebook (.qdc)."""

from __future__ import annotations

from libreview.deeds import bibliography
from libreview.deeds.bibliography import Wish
from libreview.disk import archives
from libreview.findings import projects
from libreview.findings.projects import Material
from libreview.model import NONE
from libreview.review import Review
from libreview.texts.refiqda.project import Left, Project, guid, namespace
from libreview.texts.refiqda.writing import text_name, write_codebook, write_project, write_text
from libreview.value import Value
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["Handed", "codebook", "project"]


class Handed(Value, frozen=True):
    """What was handed on: the bytes of the file and what is in it. ``left`` is what the file cannot hold.

    ``codes`` are the themes of the codebook, ``tags`` the codes beside them that are not in it; #none is neither.
    """

    content: bytes
    sources: int
    excerpts: int
    codes: int
    left: tuple[Left, ...] = ()
    tags: int = 0


def codebook(review: Review) -> Handed:
    """Return the codebook as a .qdc. `Refused` if there are no themes."""
    settings = review.settings
    examples = {id for theme in review.codebook.themes.values() for id in theme.examples}
    shown = tuple(one for one in review.excerpts() if one.id in examples) if examples else ()
    material = Material(settings.title, settings.question, settings.language, review.codebook, excerpts=shown)
    codes = projects.codes(material, tags=False)
    if not codes:
        raise Refused(N_("The codebook has no themes yet"), N_("Make one with: libreview themes add NAME"))
    return Handed(write_codebook(Project(codes=codes)), 0, 0, len(codes))


def project(review: Review, query: str = "", *, everything: bool = False) -> Handed:
    """Return the sources that are in the review (and that ``query`` selects) with their excerpts as a .qdpx.

    ``everything`` takes the other sources, too. Raises `Refused` if there are none.
    """
    settings = review.settings
    chosen = bibliography.selected(review, Wish(query, everything))
    cards = review.notes()
    material = Material(
        settings.title,
        settings.question,
        settings.language,
        review.codebook,
        chosen.sources,
        review.excerpts(query),
        tuple(card for card in cards if card.source),
        {card.path: card.coder for card in cards if card.coder},
    )
    made = projects.project(material)
    members = {"project.qde": write_project(made)}
    members |= {f"sources/{text_name(source)}": write_text(source) for source in made.sources}
    excerpts = sum(len(source.selections) for source in made.sources)
    themes = len(review.codebook.themes)
    nothing = guid(namespace(settings.title), "theme", NONE)  # given where no theme applies
    tags = sum(code.guid != nothing for code in made.codes) - themes
    return Handed(archives.pack(members), len(made.sources), excerpts, themes, made.left, tags)
