"""The descriptive paragraphs: the statements about the tables in words, with citations that Pandoc takes into a thesis."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from libreview.findings.descriptions import Description, Item, Number, Statement
from libreview.findings.tallies import ThemeRow
from libreview.model import Citation
from libreview.pages.reports.drawing import n_data
from libreview.pages.reports.kinds import language_name, type_name
from libreview.pages.reports.wording import decimal, number
from libreview.texts import locators
from libreview.texts.notes.attribution import KEY
from libreview.words import i18n
from libreview.words.blocks import Block, Paragraph, Report, Run, Text, plain
from libreview.words.cells import Figure
from libreview.words.i18n import Say

__all__ = ["description"]

Rows = tuple[list[str], Iterable[Sequence[str | int]]]

_KEY = re.compile(KEY)
_BRACED = re.compile(r"[^\s{}]+")
_MARK = re.compile("\x00([0-9]+)\x00")


class _Pen:
    """Writes sentences in one language. Names and citations are runs of their own: a mark stands for each in a sentence."""

    def __init__(self, say: Say, themes: Mapping[str, ThemeRow]) -> None:
        self.say = say
        self.themes = themes
        self._runs: list[Text] = []

    def mark(self, *runs: Run) -> str:
        self._runs.append(runs)
        return f"\x00{len(self._runs) - 1}\x00"

    def finished(self, sentence: str) -> Text:
        """Return a sentence with the runs in place of the marks."""
        made: list[Run] = []
        for at, piece in enumerate(_MARK.split(sentence)):
            made.extend(self._runs[int(piece)] if at % 2 else (Run(piece),) if piece else ())
        return tuple(made)

    def tag(self, id: str) -> str:
        return self.mark(Run(f"#{id}", ("emphasis",)))

    def theme(self, id: str) -> str:
        """Return the name of a theme; a tag that is not in the codebook says so."""
        row = self.themes.get(id)
        if row is None or not row.known:
            return f"{self.tag(id)} {self.say('(not in the codebook)')}"
        return self.mark(Run(" ".join(row.theme.name(self.say.code).split()), ("emphasis",)))

    def parent(self, id: str) -> str:
        """Return the id of the theme above; empty for one at the top of the tree."""
        row = self.themes.get(id)
        return row.theme.parent if row is not None and row.depth and row.theme.parent in self.themes else ""

    def cited(self, citations: Iterable[Citation]) -> str:
        """Return one citation of Pandoc's in brackets; a key that it cannot hold stands there as it is."""
        runs: list[Run] = []
        for one in citations:
            braced = one.key if _KEY.fullmatch(one.key) else f"{{{one.key}}}" if _BRACED.fullmatch(one.key) else ""
            if braced:
                runs.append(Run(f"{'; ' if runs else '['}@{braced}", ("citation",)))
                place = locators.show(one.locator, self.say.code)
                runs.extend((Run(f", {place}"),) if place else ())
        return self.mark(*runs, Run("]", ("citation",))) if runs else ""

    def number(self, value: float) -> str:
        return number(value, self.say) if isinstance(value, int) else decimal(value, self.say)

    def sources(self, n: int) -> str:
        return self.say.many("{count} source", "{count} sources", n, count=self.number(n))

    def excerpts(self, n: int) -> str:
        return self.say.many("{count} excerpt", "{count} excerpts", n, count=self.number(n))

    def quotations(self, n: int) -> str:
        return self.say.many("{count} quotation", "{count} quotations", n, count=self.number(n))

    def paraphrases(self, n: int) -> str:
        return self.say.many("{count} paraphrase", "{count} paraphrases", n, count=self.number(n))

    def listed(self, names: Sequence[str]) -> str:
        """Return "a", "a and b", or "a, b and c"."""
        if len(names) < 3:
            return (
                self.say("{first} and {second}", first=names[0], second=names[1]) if len(names) == 2 else "".join(names)
            )
        return self.say("{several} and {last}", several=", ".join(names[:-1]), last=names[-1])

    def named(self, statement: Statement, names: Sequence[str]) -> str:
        """Return the names, and how many more have as many as the last of them."""
        if not statement.more:
            return self.listed(names)
        more = self.number(statement.more)
        return self.say("{names}, and {count} more with as many", names=", ".join(names), count=more)

    def among(self, statement: Statement, names: str, colon: str = " ") -> str:
        """Return what stands behind a number: all that it counts, or some "among them"."""
        if not names:
            return ""
        return f"{colon}{names}" if statement.whole else self.say(", among them {names}", names=names)

    def span(self, subject: Sequence[str]) -> str:
        return f"{subject[0]}–{subject[1]}"


# What was collected -----------------------------------------------------------------------------------------------------


def _no_sources(_: Statement, pen: _Pen) -> str:
    return pen.say(
        "There is nothing to describe yet: the review has no sources. Import some with: libreview import FILE.bib"
    )


def _none_in_review(one: Statement, pen: _Pen) -> str:
    return pen.say("There is nothing to describe here: none of the {sources} collected is among those counted. A source is "
                   "in the review once an excerpt was taken from it; --all counts every source.",
                   sources=pen.sources(one.count("collected")))  # fmt: skip


def _sources(one: Statement, pen: _Pen) -> str:
    say = pen.say
    n = one.count("types")
    sources = pen.sources(one.count("sources_in_review"))
    types = say.many("{count} type", "{count} types", n, count=pen.number(n))
    found = next((had.value for had in one.numbers if had.name == "languages"), 0)
    languages = say.many("{count} language", "{count} languages", int(found), count=pen.number(found)) if found else ""
    facts = {"sources": sources, "types": types, "languages": languages}
    if one.items:  # the query that selected them
        facts["query"] = pen.mark(Run(one.items[0].subject[0], ("code",)))
        if not found:
            return say("The selection {query} comprises {sources} of {types}.", **facts)
        return say("The selection {query} comprises {sources} of {types} in {languages}.", **facts)
    if not found:
        return say("The review comprises {sources} of {types}.", **facts)
    return say("The review comprises {sources} of {types} in {languages}.", **facts)


def _type(name: str, pen: _Pen) -> str:
    return pen.mark(Run(type_name(name, pen.say)))


def _language(name: str, pen: _Pen) -> str:
    return pen.mark(Run(language_name(name, pen.say)))


def _parts(one: Statement, pen: _Pen, name: Callable[[str, _Pen], str]) -> str:
    """Return "article (22), book (9) and report (3)"."""
    names = [f"{name(item.subject[0], pen)} ({pen.number(item.number('sources'))})" for item in one.items]
    return pen.named(one, names)


def _types(one: Statement, pen: _Pen) -> str:
    if one.whole:
        return pen.say("By type, the sources are divided into {items}.", items=_parts(one, pen, _type))
    return pen.say("The most frequent types are {items}.", items=_parts(one, pen, _type))


def _types_one(one: Statement, pen: _Pen) -> str:
    name = _type(one.items[0].subject[0], pen)
    return pen.say.many("Its type is {name}.", "The type of all of them is {name}.", one.count("sources"), name=name)


def _languages(one: Statement, pen: _Pen) -> str:
    if one.whole:
        return pen.say("By language, the sources are divided into {items}.", items=_parts(one, pen, _language))
    return pen.say("The most frequent languages are {items}.", items=_parts(one, pen, _language))


def _languages_one(one: Statement, pen: _Pen) -> str:
    name = _language(one.items[0].subject[0], pen)
    return pen.say.many(
        "Its language is {name}.", "The language of all of them is {name}.", one.count("sources"), name=name
    )


def _languages_unstated(one: Statement, pen: _Pen) -> str:
    return pen.say("No language is given for {sources}.", sources=pen.sources(one.count("sources")))


def _years(one: Statement, pen: _Pen) -> str:
    (first, oldest), (last, newest) = [
        (item.subject[0], pen.cited(item.cites[0]) if item.cites[0] else "") for item in one.items
    ]
    return pen.say("The oldest dates from {first} and the most recent from {last}.",
                   first=f"{first} {oldest}".strip(), last=f"{last} {newest}".strip())  # fmt: skip


def _year(one: Statement, pen: _Pen) -> str:
    return pen.say("It dates from {year}.", year=one.count("first"))


def _years_one(one: Statement, pen: _Pen) -> str:
    return pen.say("All that are dated are from {year}.", year=one.count("first"))


def _undated(one: Statement, pen: _Pen) -> str:
    return pen.say("No year is given for {sources}.", sources=pen.sources(one.count("sources")))


def _decade(one: Statement, pen: _Pen) -> str:
    names = pen.named(one, [pen.span(item.subject) for item in one.items])
    each, whole = pen.number(one.items[0].number("sources")), pen.sources(one.count("sources"))
    if len(one.items) == 1:
        return pen.say("The decade with the most sources is {names} ({each} of the {whole} with excerpts).",
                       names=names, each=each, whole=whole)  # fmt: skip
    return pen.say("The decades with the most sources are {names} ({each} each of the {whole} with excerpts).",
                   names=names, each=each, whole=whole)  # fmt: skip


def _no_excerpts(_: Statement, pen: _Pen) -> str:
    return pen.say("No excerpt has been taken yet.")


def _excerpts(one: Statement, pen: _Pen) -> str:
    say = pen.say
    n, quotations, paraphrases = one.count("excerpts"), one.count("quotations"), one.count("paraphrases")
    if not paraphrases:
        kinds = say("a quotation") if n == 1 else say("all of them quotations")
    elif not quotations:
        kinds = say("a paraphrase") if n == 1 else say("all of them paraphrases")
    else:
        kinds = pen.listed((pen.quotations(quotations), pen.paraphrases(paraphrases)))
    return say.many(
        "In all, {count} excerpt was taken, {kinds}, which cites {sources}.",
        "In all, {count} excerpts were taken, {kinds}, which cite {sources}.",
        n,
        count=pen.number(n),
        sources=_cited_sources(one, pen),
        kinds=kinds,
    )


def _cited_sources(one: Statement, pen: _Pen) -> str:
    """Return how many of the sources are cited, without saying "1 of the 1 source"."""
    cited, all = one.count("sources"), one.count("sources_in_review")
    if all and cited == all:
        return pen.say("the only source") if all == 1 else pen.say("all {count} sources", count=pen.number(all))
    if not cited:
        return pen.say("none of the {sources}", sources=pen.sources(all))
    return pen.say("{cited} of the {sources}", cited=pen.number(cited), sources=pen.sources(all))


def _located(one: Statement, pen: _Pen) -> str:
    say, n, missing = pen.say, one.count("excerpts"), one.count("unlocated")
    if not missing:
        return say.many("It names a page or another locator.", "Each of them names a page or another locator.", n)
    if missing == n:
        return say.many("It names no page or other locator.", "None of them names a page or another locator.", n)
    return say("All but {count} of them name a page or another locator.", count=pen.number(missing))


# Which themes carry most ------------------------------------------------------------------------------------------------


def _no_themes(_: Statement, pen: _Pen) -> str:
    return pen.say("No excerpt carries a theme yet.")


def _tags(one: Statement, pen: _Pen) -> str:
    """Say which tags have no theme; only the leading ones where there are more."""
    say = pen.say
    names = pen.named(one, [f"{pen.tag(item.subject[0])} ({_counts(item, 'excerpts', pen)})" for item in one.items])
    n = len(one.items) + one.more
    if one.whole:
        return say.many("The tag {names} is used, but it is not in the codebook.",
                        "The tags {names} are used, but they are not in the codebook.", n, names=names)  # fmt: skip
    return say.many("Of the tags that are used but are not in the codebook, the one with the most excerpts is {names}.",
                    "Of the tags that are used but are not in the codebook, those with the most excerpts are {names}.",
                    n, names=names)  # fmt: skip


def _counts(item: Item, unit: str, pen: _Pen) -> str:
    count = int(item.number(unit))
    return f"{pen.excerpts(count) if unit == 'excerpts' else pen.sources(count)}; {pen.number(item.number('percent'))}%"


def _ranked_theme(item: Item, unit: str, pen: _Pen) -> str:
    """Return a theme with its count and share; a sub-theme says of which theme it is one."""
    counts = _counts(item, unit, pen)
    parent = pen.parent(item.subject[0])
    if parent:
        counts = pen.say("in {theme}; {counts}", theme=pen.theme(parent), counts=counts)
    return f"{pen.theme(item.subject[0])} ({counts})"


_RANKED = {
    "themes-by-excerpts": (
        i18n.both("The only theme with excerpts is {names}; the share is of {whole}.",
                  "The themes with excerpts are {names}; the shares are of {whole}."),
        i18n.both("The theme with the most excerpts is {names}; the share is of {whole}.",
                  "The themes with the most excerpts are {names}; the shares are of {whole}."),
    ),
    "themes-by-sources": (
        i18n.both("The only theme with sources is {names}; the share is of {whole} with excerpts.",
                  "The themes with sources are {names}; the shares are of {whole} with excerpts."),
        i18n.both("The theme with the most sources is {names}; the share is of {whole} with excerpts.",
                  "The themes with the most sources are {names}; the shares are of {whole} with excerpts."),
    ),
    "main-themes-by-excerpts": (
        i18n.both("The only main theme with excerpts is {names}; the share is of {whole}.",
                  "The main themes with excerpts are {names}; the shares are of {whole}."),
        i18n.both("The main theme with the most excerpts is {names}; the share is of {whole}.",
                  "The main themes with the most excerpts are {names}; the shares are of {whole}."),
    ),
    "main-themes-by-sources": (
        i18n.both("The only main theme with sources is {names}; the share is of {whole} with excerpts.",
                  "The main themes with sources are {names}; the shares are of {whole} with excerpts."),
        i18n.both("The main theme with the most sources is {names}; the share is of {whole} with excerpts.",
                  "The main themes with the most sources are {names}; the shares are of {whole} with excerpts."),
    ),
    "sub-themes-by-excerpts": (
        i18n.both("The only sub-theme with excerpts is {names}.", "The sub-themes with excerpts are {names}."),
        i18n.both("The sub-theme with the most excerpts is {names}.", "The sub-themes with the most excerpts are {names}."),
    ),
    "sub-themes-by-sources": (
        i18n.both("The only sub-theme with sources is {names}.", "The sub-themes with sources are {names}."),
        i18n.both("The sub-theme with the most sources is {names}.", "The sub-themes with the most sources are {names}."),
    ),
}  # fmt: skip
"""What is said where all themes are named, and where only the leading ones are."""


def _ranked(one: Statement, pen: _Pen) -> str:
    by_excerpts = one.name.endswith("-by-excerpts")
    unit = "excerpts" if by_excerpts else "sources"
    names = pen.named(one, [_ranked_theme(item, unit, pen) for item in one.items])
    whole = pen.excerpts(one.count(unit)) if by_excerpts else pen.sources(one.count(unit))
    all_of_them, leading = _RANKED[one.name]
    words = all_of_them if one.whole else leading
    return pen.say.many(*words, len(one.items) + one.more, names=names, whole=whole)


def _carried(one: Statement, pen: _Pen) -> str:
    return pen.say("{theme} rests on {sources}{cited}.", theme=pen.theme(one.items[0].subject[0]),
                   sources=pen.sources(one.count("sources")), cited=pen.among(one, pen.cited(one.cites)))  # fmt: skip


def _saturation(one: Statement, pen: _Pen) -> str:
    return pen.say("In the order of the notes, the last new theme came with source {at} of {all} {cited}.",
                   at=pen.number(one.count("last")), all=pen.number(one.count("sources")), cited=pen.cited(one.cites))  # fmt: skip


# What stands together ---------------------------------------------------------------------------------------------------


def _no_pairs(_: Statement, pen: _Pen) -> str:
    return pen.say("No excerpt carries two themes.")


def _pair(item: Item, pen: _Pen) -> str:
    return pen.say("{one} with {other} ({excerpts}; Jaccard {jaccard})", one=pen.theme(item.subject[0]),
                   other=pen.theme(item.subject[1]), excerpts=pen.excerpts(int(item.number("n"))),
                   jaccard=decimal(f"{item.number('jaccard'):.4f}", pen.say))  # fmt: skip


def _pairs(one: Statement, pen: _Pen) -> str:
    names = pen.named(one, [_pair(item, pen) for item in one.items])
    return pen.say("Most often together in one excerpt stand {names}.", names=names)


def _closest(one: Statement, pen: _Pen) -> str:
    names = pen.named(one, [_pair(item, pen) for item in one.items])
    return pen.say("The highest coefficient of Jaccard is that of {names}.", names=names)


def _several_themes(one: Statement, pen: _Pen) -> str:
    say, several, all = pen.say, one.count("several"), pen.number(one.count("sources"))
    most = say.many("{count} theme", "{count} themes", one.count("most"), count=pen.number(one.count("most")))
    return say.many("Of the {all} sources with a theme, {count} speaks of several, at most of {most}{cited}.",
                    "Of the {all} sources with a theme, {count} speak of several, at most of {most}{cited}.",
                    several, all=all, count=pen.number(several), most=most, cited=pen.among(one, pen.cited(one.cites)))  # fmt: skip


def _one_theme_each(one: Statement, pen: _Pen) -> str:
    return pen.say(
        "Each of the {all} sources with a theme speaks of one theme only.", all=pen.number(one.count("sources"))
    )


# Over time --------------------------------------------------------------------------------------------------------------


def _period(item: Item, pen: _Pen) -> str:
    sources, excerpts = int(item.number("sources")), int(item.number("excerpts"))
    span = pen.span(item.subject) if item.subject[0] else pen.say("without a year")
    return f"{span} ({pen.sources(sources)}; {pen.excerpts(excerpts)})"


def _spread(one: Statement, pen: _Pen) -> str:
    theme, *periods = one.items
    names = pen.named(one, [_period(item, pen) for item in periods])
    if len(periods) == 1:
        return pen.say(
            "{theme} is found in sources of one decade only: {names}.", theme=pen.theme(theme.subject[0]), names=names
        )
    return pen.say("{theme} is found in sources of {names}.", theme=pen.theme(theme.subject[0]), names=names)


def _spread_most(one: Statement, pen: _Pen) -> str:
    theme, *periods = one.items
    names = pen.named(one, [_period(item, pen) for item in periods])
    return pen.say.many("The decade with the most sources on {theme} is {names}.",
                        "The decades with the most sources on {theme} are {names}.",
                        len(periods) + one.more, theme=pen.theme(theme.subject[0]), names=names)  # fmt: skip


# What contradicts what --------------------------------------------------------------------------------------------------


def _pairs_of_excerpts(one: Statement, pen: _Pen) -> str:
    both = [[pen.cited(side) for side in item.cites] for item in one.items]
    return pen.among(one, "; ".join(pen.listed([side for side in sides if side]) for sides in both if any(sides)), ": ")


def _contradicts(one: Statement, pen: _Pen) -> str:
    n = one.count("pairs")
    return pen.say.many("According to the comments, the excerpts of {count} pair contradict each other{names}.",
                        "According to the comments, {count} pairs of excerpts contradict each other{names}.",
                        n, count=pen.number(n), names=_pairs_of_excerpts(one, pen))  # fmt: skip


def _supports(one: Statement, pen: _Pen) -> str:
    n = one.count("pairs")
    return pen.say.many("According to the comments, the excerpts of {count} pair support each other{names}.",
                        "According to the comments, {count} pairs of excerpts support each other{names}.",
                        n, count=pen.number(n), names=_pairs_of_excerpts(one, pen))  # fmt: skip


# What is missing --------------------------------------------------------------------------------------------------------


def _missing(one: str, more: str) -> Callable[[Statement, _Pen], str]:
    """Return what words a gap: how many there are, and the themes or sources that it names."""

    def worded(statement: Statement, pen: _Pen) -> str:
        n = int(statement.numbers[0].value)
        themes = pen.listed([pen.theme(item.subject[0]) for item in statement.items]) if statement.items else ""
        names = pen.among(statement, themes, ": ") if themes else pen.among(statement, pen.cited(statement.cites))
        return pen.say.many(one, more, n, count=pen.number(n), names=names)

    return worded


def _single_source(one: Statement, pen: _Pen) -> str:
    n = int(one.numbers[0].value)
    if n == 1:
        return pen.say("A single source stands behind {theme}.", theme=pen.theme(one.items[0].subject[0]))
    themes = pen.listed([pen.theme(item.subject[0]) for item in one.items])
    return pen.say("{count} themes rest on a single source each{names}.",
                   count=pen.number(n), names=pen.among(one, themes, ": "))  # fmt: skip


def _no_gaps(_: Statement, pen: _Pen) -> str:
    return pen.say("Each theme has a definition and more than one source, each source an excerpt, and each excerpt a theme and "
                   "a locator.")  # fmt: skip


# What was counted -------------------------------------------------------------------------------------------------------


def _counted(one: Statement, pen: _Pen) -> str:
    return pen.say("Counted are excerpts and the sources that they cite (N = {sources} of {all}; {excerpts}).",
                   sources=pen.number(one.count("sources")), all=pen.sources(one.count("collected")),
                   excerpts=pen.excerpts(one.count("excerpts")))  # fmt: skip


def _with_sub_themes(_: Statement, pen: _Pen) -> str:
    return pen.say("A theme is counted together with its sub-themes, and no excerpt twice for it; in pairs of themes and in the "
                   "themes of a source, each theme is counted by itself.")  # fmt: skip


def _above_100(_: Statement, pen: _Pen) -> str:
    return pen.say(
        "Since an excerpt counts for each of its themes and for those above them, percentages add to more than 100."
    )


_WORDED: Mapping[str, Callable[[Statement, _Pen], str]] = {
    "no-sources": _no_sources,
    "none-in-review": _none_in_review,
    "sources": _sources,
    "types": _types,
    "types-one": _types_one,
    "languages": _languages,
    "languages-one": _languages_one,
    "languages-unstated": _languages_unstated,
    "years": _years,
    "year": _year,
    "years-one": _years_one,
    "undated": _undated,
    "decade": _decade,
    "no-excerpts": _no_excerpts,
    "excerpts": _excerpts,
    "located": _located,
    "no-themes": _no_themes,
    **dict.fromkeys(_RANKED, _ranked),
    "tags": _tags,
    "carried": _carried,
    "saturation": _saturation,
    "no-pairs": _no_pairs,
    "pairs": _pairs,
    "closest": _closest,
    "several-themes": _several_themes,
    "one-theme-each": _one_theme_each,
    "spread": _spread,
    "spread-most": _spread_most,
    "contradicts": _contradicts,
    "supports": _supports,
    "themes-without-excerpts": _missing(
        *i18n.both("There is no excerpt for {count} theme{names}.", "There is no excerpt for {count} themes{names}.")
    ),
    "single-source-themes": _single_source,
    "themes-without-definition": _missing(
        *i18n.both("No definition is given for {count} theme{names}.", "No definition is given for {count} themes{names}.")
    ),
    "sources-without-excerpts": _missing(
        *i18n.both("No excerpt was taken from {count} source{names}.", "No excerpt was taken from {count} sources{names}.")
    ),
    "excerpts-without-theme": _missing(
        *i18n.both("No theme is given to {count} excerpt{names}.", "No theme is given to {count} excerpts{names}.")
    ),
    "excerpts-without-locator": _missing(
        *i18n.both("No page or other locator is given for {count} excerpt{names}.",
                   "No page or other locator is given for {count} excerpts{names}.")
    ),
    "no-gaps": _no_gaps,
    "counted": _counted,
    "with-sub-themes": _with_sub_themes,
    "above-100": _above_100,
}  # fmt: skip


def description(finding: Description, language: str) -> Report:
    """Return the paragraphs. As data, each sentence stands with its numbers and the table and row that each comes from."""
    say = i18n.language(language)

    def worded(statement: Statement) -> Text:
        pen = _Pen(say, finding.themes)
        return pen.finished(_WORDED[statement.name](statement, pen))

    def blocks() -> Iterator[Block]:
        for passage in finding.passages:
            runs: list[Run] = []
            for statement in passage.statements:
                runs.extend((Run(" "), *worded(statement)) if runs else worded(statement))
            yield Paragraph(tuple(runs))

    def sentences() -> Iterator[tuple[str, Statement, str]]:
        for passage in finding.passages:
            for statement in passage.statements:
                yield passage.name, statement, plain(worded(statement))

    def data() -> object:
        said = [
            {
                "paragraph": name,
                "name": statement.name,
                "sentence": sentence,
                "numbers": [_number_data(one) for one in statement.all_numbers],
                "cites": list(statement.keys),
            }
            for name, statement, sentence in sentences()
        ]
        return {"language": say.code, "n": n_data(finding.n), "sentences": said}

    def rows() -> Rows:
        head = ["paragraph", "name", "sentence", "number", "value", "table", "row", "column"]
        return head, (
            [name, statement.name, sentence, *cells]
            for name, statement, sentence in sentences()
            for cells in [_cells(one) for one in statement.all_numbers] or [("", "", "", "", "")]
        )

    return Report(blocks, data, rows, say("Description"), language)


def _number_data(one: Number) -> dict[str, object]:
    return {"name": one.name, "value": one.value, "table": one.table, "row": one.row, "column": one.column}


def _cells(one: Number) -> tuple[str, str | int, str, str, str]:
    return one.name, one.value if isinstance(one.value, int) else Figure(one.value), one.table, one.row, one.column
