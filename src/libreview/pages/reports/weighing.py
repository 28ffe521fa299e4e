"""The tables that judge the coding: gaps, saturation, and excerpts that contradict or support one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from textwrap import shorten

from libreview.findings import citations
from libreview.findings.contradictions import Contradictions
from libreview.findings.gaps import Gaps
from libreview.findings.saturations import Saturation
from libreview.findings.summaries import ThemeRow
from libreview.model import Excerpt, Source
from libreview.pages.reports.crossing import noted
from libreview.pages.reports.drawing import excerpt_blocks, excerpt_data, n_data, theme_name
from libreview.texts import notes
from libreview.words import i18n
from libreview.words.blocks import Block, Cell, Column, Heading, Listing, Paragraph, Report, Run, Table, text
from libreview.words.i18n import N_, Say

__all__ = ["contradictions", "gaps", "saturation"]

Rows = tuple[list[str], Iterable[Sequence[str | int]]]
_Drawn = tuple[tuple[Column, ...], list[tuple[Cell, ...]]]
_SHOWN = 60


# What is thin or missing -----------------------------------------------------------------------------------------------

_GAPS = {
    "themes_with_few_sources": N_("Themes with fewer than {k} sources"),
    "single_source_themes": N_("Themes with a single source"),
    "themes_without_definition": N_("Themes without a definition"),
    "sources_without_excerpts": N_("Sources in the review without an excerpt"),
    "excerpts_without_theme": N_("Excerpts without a theme"),
    "excerpts_without_locator": N_("Excerpts without a page or another locator"),
}


def gaps(finding: Gaps, language: str) -> Report:
    """Return how much is missing of each kind, and what."""
    say = i18n.language(language)
    members = _members(finding)
    names = {code: say(sentence, k=finding.fewer_than) for code, sentence in _GAPS.items()}
    drawn: dict[str, Callable[[], _Drawn]] = {
        "themes_with_few_sources": lambda: _themes(finding.few, say),
        "single_source_themes": lambda: _themes(finding.single, say),
        "themes_without_definition": lambda: (
            (Column(say("Theme")),),
            [(theme.name(say.code),) for theme in finding.undefined],
        ),
        "sources_without_excerpts": lambda: _sources(finding.sources, say),
        "excerpts_without_theme": lambda: _excerpts(finding.uncoded, say),
        "excerpts_without_locator": lambda: _excerpts(finding.unlocated, say),
    }

    def blocks() -> Iterator[Block]:
        note = noted(finding.n, say("source"), say, say("Sources of a theme are counted with those of its sub-themes"))
        columns = (Column(say("Gap")), Column("n", "right"))
        yield Table(columns, tuple((names[code], len(members[code])) for code in _GAPS), text(say("Gaps")), note)
        for code in _GAPS:
            if members[code]:
                heads, lines = drawn[code]()
                yield Table(heads, tuple(lines), text(names[code]), text(f"n = {len(lines)}"))

    def data() -> object:
        n = n_data(finding.n)
        return {"table": "gaps", "unit": "source", "n": n, "fewer_than": finding.fewer_than, **members}

    def rows() -> Rows:
        return ["gap", "name", "sources", "path", "line"], (
            [
                code,
                str(one.get("theme") or one.get("id") or one.get("key")),
                *(str(one.get(name, "")) for name in ("sources", "path", "line")),
            ]
            for code, several in members.items()
            for one in several
        )

    return Report(blocks, data, rows, say("Gaps"), language)


def _members(finding: Gaps) -> dict[str, list[dict[str, object]]]:
    def theme(row: ThemeRow) -> dict[str, object]:
        return {"theme": row.theme.id, "label": row.theme.name("en"), "sources": row.sources_with_children}

    def excerpt(one: Excerpt) -> dict[str, object]:
        place = one.location
        return {"id": one.id, "key": one.keys[0] if one.keys else "", "path": place.path, "line": place.line}

    return {
        "themes_with_few_sources": [theme(row) for row in finding.few],
        "single_source_themes": [theme(row) for row in finding.single],
        "themes_without_definition": [{"theme": one.id, "label": one.name("en")} for one in finding.undefined],
        "sources_without_excerpts": [{"key": one.key, "title": one.title} for one in finding.sources],
        "excerpts_without_theme": [excerpt(one) for one in finding.uncoded],
        "excerpts_without_locator": [excerpt(one) for one in finding.unlocated],
    }


def _themes(rows: Iterable[ThemeRow], say: Say) -> _Drawn:
    columns = (Column(say("Theme")), Column(say("Sources"), "right"), Column(say("Excerpts"), "right"))
    return columns, [(theme_name(row, say), row.sources_with_children, row.excerpts_with_children) for row in rows]


def _sources(sources: Iterable[Source], say: Say) -> _Drawn:
    columns = (Column(say("Key")), Column(say("Author and year")), Column(say("Title")))
    return columns, [(one.key, citations.author_year(one, say.code), one.title) for one in sources]


def _excerpts(excerpts: Iterable[Excerpt], say: Say) -> _Drawn:
    columns = (Column(say("Excerpt")), Column(say("Source")), Column(say("Place")))
    return columns, [
        (
            shorten(notes.plain(one.text[: 4 * _SHOWN]), _SHOWN, placeholder=" ..."),
            ", ".join(one.keys),
            str(one.location),
        )
        for one in excerpts
    ]


# New themes, source by source ------------------------------------------------------------------------------------------


def saturation(finding: Saturation, language: str) -> Report:
    """Return the sources in the order of coding with the themes that each adds."""
    say = i18n.language(language)
    title = say("Saturation")

    def blocks() -> Iterator[Block]:
        if not finding.steps:
            yield Paragraph(text(say("No excerpt counted here cites a source.")))
            return
        columns = (
            Column(say("No."), "right"),
            Column(say("Source")),
            Column(say("Excerpts"), "right"),
            Column(say("Themes"), "right"),
            Column(say("New themes"), "right"),
            Column(say("Cumulative"), "right"),
        )
        lines: tuple[tuple[Cell, ...], ...] = tuple(
            (
                at,
                citations.author_year(step.source, say.code) if step.source else step.key,
                step.excerpts,
                len(step.themes),
                len(step.new),
                step.cumulative,
            )
            for at, step in enumerate(finding.steps, 1)
        )
        last = max((at for at, step in enumerate(finding.steps, 1) if step.new), default=0)
        said = [say("Order: that of the first excerpts, by the paths of the notes and the places in them")]
        if last:
            said.append(say("The last new theme came with source {at} of {all}", at=last, all=len(finding.steps)))
        yield Table(columns, lines, text(title), noted(finding.n, say("source"), say, *said))

    def data() -> object:
        rows = [
            {
                "key": step.key,
                "excerpts": step.excerpts,
                "themes": len(step.themes),
                "new": list(step.new),
                "cumulative": step.cumulative,
            }
            for step in finding.steps
        ]
        return {
            "table": "saturation",
            "unit": "source",
            "order": "first excerpt: path of the note, place in it",
            "n": n_data(finding.n),
            "rows": rows,
        }

    def rows() -> Rows:
        return ["number", "key", "excerpts", "themes", "new", "cumulative", "new_themes"], (
            [at, step.key, step.excerpts, len(step.themes), len(step.new), step.cumulative, " ".join(step.new)]
            for at, step in enumerate(finding.steps, 1)
        )

    return Report(blocks, data, rows, title, language)


# What contradicts what -------------------------------------------------------------------------------------------------

_KINDS: Mapping[str, str] = {"contradicts": N_("Contradictions"), "supports": N_("Support")}


def contradictions(finding: Contradictions, language: str) -> Report:
    """Return the pairs of excerpts, both with their sources and pages, and the comments that say so."""
    say = i18n.language(language)
    cite = citations.citing(finding.sources, say.code)

    def blocks() -> Iterator[Block]:
        if not finding.pairs:
            yield Paragraph(
                text(say("No comment counted here says so. Below an excerpt, write contradicts ^ID or supports ^ID."))
            )
        for kind, title in _KINDS.items():
            pairs = [pair for pair in finding.pairs if pair.kind == kind]
            if pairs:
                yield Heading(text(f"{say(title)} ({len(pairs)})"), 2)
                yield Listing(
                    tuple(
                        (
                            *excerpt_blocks(pair.one, finding.sources, say),
                            *excerpt_blocks(pair.other, finding.sources, say),
                        )
                        for pair in pairs
                    ),
                    ordered=True,
                )
        for stray in finding.strays:
            place = stray.excerpt.location
            yield Paragraph(text(say("{place} names ^{id}, which is no excerpt.", place=place, id=stray.id)))
        yield Paragraph(
            tuple(
                Run(run.text, ("dim",))
                for run in noted(finding.n, say("pair of excerpts"), say, f"n = {len(finding.pairs)}")
            )
        )

    def excerpt(one: Excerpt) -> dict[str, object]:
        return {**excerpt_data(one, one.coded), "cited": cite(one.citations)}

    def data() -> object:
        rows = [
            {"kind": pair.kind, "one": excerpt(pair.one), "other": excerpt(pair.other), "said_by": list(pair.said_by)}
            for pair in finding.pairs
        ]
        strays = [{"kind": one.kind, "excerpt": one.excerpt.id, "names": one.id} for one in finding.strays]
        n = {**n_data(finding.n), "pairs": len(finding.pairs)}
        return {"table": "contradictions", "unit": "pair", "n": n, "rows": rows, "unknown": strays}

    def rows() -> Rows:
        head = ["kind", "one", "one_cited", "one_text", "other", "other_cited", "other_text", "said_by"]
        return head, (
            [pair.kind, *_cells(pair.one, cite(pair.one.citations)), *_cells(pair.other, cite(pair.other.citations)),
             "\n\n".join(pair.said_by)]
            for pair in finding.pairs
        )  # fmt: skip

    return Report(blocks, data, rows, say("Contradictions"), language)


def _cells(excerpt: Excerpt, cited: str) -> tuple[str, str, str]:
    return excerpt.id or "", cited, excerpt.text
