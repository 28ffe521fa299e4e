"""Records that may be one publication: each group with what speaks for it and what against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from libreview.findings.duplicates import Found, Group, Reason
from libreview.words import i18n
from libreview.words.blocks import Block, Heading, Listing, Paragraph, Report, Run, text
from libreview.words.i18n import N_, Say

__all__ = ["against", "duplicates", "reasons"]

_REASONS = {
    "title same": N_("title {amount}"),
    "title close": N_("title {amount}"),
    "title like": N_("title {amount}"),
    "title short": N_("title {amount}, but short"),
    "title begins": N_("one title begins with the other"),
    "title different": N_("titles differ ({amount})"),
    "numbers different": N_("numbers in the titles differ"),
    "part different": N_("one title goes on with a number"),
    "words different": N_("words of the titles differ"),
    "kind different": N_("one is an erratum, a comment or a reply"),
    "doi same": N_("same DOI"),
    "doi shared": N_("same DOI, which others have, too"),
    "doi different": N_("DOIs differ"),
    "author same": N_("first author same"),
    "author different": N_("first authors differ"),
    "names same": N_("authors same"),
    "names different": N_("authors differ"),
    "year same": N_("year same"),
    "year next": N_("year {amount} apart"),
    "year near": N_("year {amount} apart"),
    "year different": N_("year {amount} apart"),
    "journal same": N_("journal same"),
    "journal different": N_("journals differ"),
    "volume same": N_("volume same"),
    "volume different": N_("volumes differ"),
    "number same": N_("issue same"),
    "number different": N_("issues differ"),
    "pages same": N_("pages same"),
    "pages near": N_("pages overlap"),
    "pages different": N_("pages differ"),
    "abstract same": N_("abstract same"),
    "abstract different": N_("abstracts differ"),
    "isbn same": N_("ISBN or ISSN same"),
    "range same": N_("the same pages of the same issue"),
    "place different": N_("a title of many, in different places"),
}
"""What the fields of two records say; what has no sentence here follows from others."""

_AGAINST = {
    "abstract": N_("the abstracts differ"),
    "doi and pages": N_("other DOI, other pages"),
    "edition": N_("another edition"),
    "journal": N_("another journal"),
    "kind": N_("an erratum, comment or reply beside the text itself"),
    "number": N_("another issue"),
    "numbers": N_("the titles have different numbers, as Part 1 and Part 2"),
    "often": N_("many texts have this title"),
    "pages": N_("other pages"),
    "part": N_("one may be a part of the other"),
    "title": N_("another title"),
    "type": N_("a book or thesis beside a part of it"),
    "volume": N_("another volume"),
    "words": N_("a word of the title differs"),
    "year": N_("another year"),
}


def reasons(group: Group, say: Say) -> list[str]:
    """Return what the two records agree and differ in that hold the group together least."""
    return [_reason(one, say) for one in group.reasons if one.code in _REASONS]


def against(group: Group, say: Say) -> list[str]:
    """Return why a person has to look at the group."""
    return [say(_AGAINST[code]) for code in group.against]


def _reason(one: Reason, say: Say) -> str:
    amount = f"{one.amount:.0f}" if one.code.startswith("year") else f"{one.amount:.2f}"
    return say(_REASONS[one.code], amount=amount)


def duplicates(finding: Found, language: str, titles: dict[str, str] | None = None) -> Report:
    """Return the groups, the sure ones first, each with its score and reasons; ``titles`` say in a line what a key is."""
    say = i18n.language(language)
    english = i18n.language("en")
    named = titles or {}

    def blocks() -> Iterator[Block]:
        for band, title in (
            ("auto", N_("Surely the same: {n}")),
            ("review", N_("A person has to look: {n}")),
        ):
            groups = [group for group in finding.groups if group.band == band]
            if groups:
                yield Heading(text(say(title, n=len(groups))), 2)
                yield Listing(tuple(_item(group, named, say) for group in groups))
        if not finding.groups:
            yield Paragraph(text(say("No duplicates among {n} records.", n=finding.records)))

    def data() -> object:
        return {"groups": [_data(group, english) for group in finding.groups]}

    def rows() -> tuple[list[str], Iterable[Sequence[str | int]]]:
        return ["band", "score", "keys", "reasons", "against"], (
            [group.band, f"{group.score:.3f}", " ".join(group.keys), ", ".join(reasons(group, english)),
             ", ".join(against(group, english))]
            for group in finding.groups
        )  # fmt: skip

    return Report(blocks, data, rows, say("Duplicates"), language)


def _data(group: Group, say: Say) -> dict[str, object]:
    found: dict[str, object] = {
        "keys": list(group.keys),
        "band": group.band,
        "score": group.score,
        "reasons": reasons(group, say),
    }
    return found | ({"against": against(group, say)} if group.against else {})


def _item(group: Group, titles: dict[str, str], say: Say) -> tuple[Block, ...]:
    lines = [Paragraph(text(titles.get(key) or key)) for key in group.keys]
    why = f"{group.score:.2f} · {', '.join(reasons(group, say))}"
    found: list[Block] = [*lines, Paragraph(text(Run(why, ("emphasis",))))]
    if group.against:
        found.append(Paragraph(text(say("but: {what}", what=", ".join(against(group, say))))))
    return tuple(found)
