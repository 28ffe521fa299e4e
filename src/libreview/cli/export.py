"""``libreview export``: the bibliography, the sources, and what goes along with a thesis."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any

from libreview.cli import citing, export_coding, export_refi, export_sheet, options, printing
from libreview.cli.options import INPUT_FILE, Output, Session, option, pass_session, query_argument, with_rows
from libreview.deeds import bibliography as listing
from libreview.deeds import exporting
from libreview.deeds.bibliography import Wish
from libreview.findings.bibliographies import GROUPINGS, Bibliography
from libreview.pages import render
from libreview.pages.reports import bibliography as reports
from libreview.texts import likeness
from libreview.texts.formats import FORMATS
from libreview.words.errors import NoChoice, NotFound, Wrong
from libreview.words.i18n import N_

_BIB = {"bib": "bib", "bibtex": "bib", "biblatex": "bib"}
_RIS = {"ris": "ris"}
_CSL = {"csljson": "csljson", "csl-json": "csljson", "csl": "csljson"}
_BIB_SUFFIXES = FORMATS[0].suffixes


@options.group(
    "export",
    help=N_("Write the bibliography, the sources, the codings, the codebook or cards, for the thesis and other programs."),
    examples=["libreview export bibliography -o daftar-pustaka.docx", "libreview export sources theme:culture -o culture.bib"],
)  # fmt: skip
def command() -> None:
    """Hand on to the commands of this group."""


def _form(output: Output, more: dict[str, str]) -> str:
    """Return the format that ``output`` asks for: one of ``more``, a row of RENDERERS, or empty for what suits stdout."""
    if output.form:
        wanted = output.form.strip().lower().lstrip(".")
    elif output.file and output.file != "-":
        wanted = PurePath(output.file).suffix.lower()
        if wanted in _BIB_SUFFIXES:
            return "bib"
        if not wanted:
            raise NoChoice(N_('What kind of file is "{file}"?'), N_("Give it a suffix, such as .docx or .bib, or add --format."),
                           file=output.file)  # fmt: skip
    else:
        return ""
    if wanted.lstrip(".") in more:
        return more[wanted.lstrip(".")]
    try:
        return render.find(wanted).name
    except NotFound as error:
        formats = [*more, *render.RENDERERS]
        raise NoChoice(
            error.sentence,
            error.hint,
            ("docx", "odt") if wanted.endswith("pdf") else likeness.near(wanted.lstrip("."), formats),
            name=wanted.lstrip("."),
            formats=", ".join(dict.fromkeys([*more.values(), *render.RENDERERS])),
        ) from error


def _write(session: Session, output: Output, content: bytes) -> None:
    """Write bytes that no renderer makes."""
    if output.file and output.file != "-":
        printing.write_file(Path(output.file), content, session.review)
    else:
        printing.write_out(content)


def _closing(session: Session, output: Output, sources: int, total: int) -> None:
    """Say how many sources were written, and where."""
    counted = reports.counted(sources, total, session.say)
    if output.file and output.file != "-":
        counted = session.say("wrote {path}. {counted}", path=output.file, counted=counted)
    printing.remark(counted)


def _remarks(session: Session, finding: Bibliography) -> None:
    _keys(session, finding.unknown, finding.twice)
    for line in reports.unprinted(finding, session.say):
        printing.remark(line)


def _keys(session: Session, unknown: tuple[str, ...], twice: tuple[str, ...]) -> None:
    """Name the cited keys that no source has, each with the key it may have meant, and those that several have."""
    if twice:
        names = ", ".join(twice[:9]) + (", ..." if len(twice) > 9 else "")
        printing.remark(
            session.say.many(
                "{n} key names several sources; the first is listed: {names}. See libreview check",
                "{n} keys name several sources; the first of each is listed: {names}. See libreview check",
                len(twice),
                names=names,
            )
        )
    citing.unknown(session, unknown)


@options.under(
    command,
    "bibliography",
    help=N_(
        "Write the annotated bibliography: each source with its reference, the annotation of its note card and its themes. "
        "The suffix of -o chooses the form: docx, odt, html, md, tex, rst, txt, json, csv, or bib with the annotation as a "
        "field. It has the sources that are in the review; QUERY selects among them."
    ),
    examples=["libreview export bibliography -o daftar-pustaka.docx",
              "libreview export bibliography year:2010.. --style chicago --group-by type",
              "libreview export bibliography --cited bab1.md --cited bab2.md --no-annotations -o pustaka.odt"],
)  # fmt: skip
@query_argument
@option(
    "--style", default="", metavar="STYLE", help=N_("The citation style: a name (libreview styles) or a .csl file.")
)
@option("--language", default="", metavar="LANGUAGE", help=N_("The language of headings and references: id, en, ..."))
@option("--all", "everything", is_flag=True, help=N_("List sources that are not in the review, too."))
@option(
    "--cited", multiple=True, type=INPUT_FILE, metavar="FILE", help=N_("Only what this chapter cites; may be repeated.")
)
@option("--group-by", "by", default="", metavar="|".join(GROUPINGS), help=N_("Put entries under headings."))
@option("--excerpts", is_flag=True, help=N_("Print the excerpts of each source below it."))
@option("--no-annotations", "bare", is_flag=True, help=N_("References only: no annotations, no themes."))
@option("--reference-doc", type=INPUT_FILE, metavar="FILE", help=N_("A docx or odt whose styles the new one takes."))
@with_rows
@pass_session
def bibliography(
    session: Session, query: str, style: str, language: str, everything: bool, cited: tuple[Path, ...], by: str,
    excerpts: bool, bare: bool, reference_doc: Path | None, output: Output,
) -> None:  # fmt: skip
    """Write the annotated bibliography."""
    form = _form(output, _BIB)
    wish = Wish(query, everything, cited, style, language, by.lower(), not bare, excerpts)
    review = session.review
    if reference_doc is not None and form not in ("docx", "odt"):
        raise Wrong(N_("--reference-doc gives styles to docx and odt only"), N_("Add -o FILE.docx"))
    if form == "bib":
        chosen = listing.selected(review, wish)
        _write(
            session,
            output,
            exporting.bib(review, chosen.sources, {} if bare else listing.annotated(review, chosen.sources)),
        )
        _keys(session, chosen.unknown, chosen.twice)
        _closing(session, output, len(chosen.sources), chosen.total)
        return
    finding = listing.bibliography(review, wish)
    more: dict[str, Any] = {"reference_doc": reference_doc} if reference_doc else {}
    report = reports.bibliography(finding, language or review.settings.language)
    printing.report(report, form, output.file, review=review, **more)
    _remarks(session, finding)
    _closing(session, output, finding.sources, finding.total)


@options.under(
    command,
    "sources",
    help=N_(
        "Write sources for other programs: bib (exact entries), ris (for EndNote, Mendeley, Zotero), json (CSL-JSON, for Zotero "
        "and Pandoc), csv, or a table as md, docx, ... Without -o and --format it prints BibTeX."
    ),
    examples=["libreview export sources -o review.bib", "libreview export sources --all type:article -o articles.csv"],
)
@query_argument
@option("--all", "everything", is_flag=True, help=N_("List sources that are not in the review, too."))
@option(
    "--cited", multiple=True, type=INPUT_FILE, metavar="FILE", help=N_("Only what this chapter cites; may be repeated.")
)
@option("--language", default="", metavar="LANGUAGE", help=N_("The language of headings: id, en."))
@with_rows
@pass_session
def sources(
    session: Session, query: str, everything: bool, cited: tuple[Path, ...], language: str, output: Output
) -> None:
    """Write sources."""
    form = _form(output, _BIB | _CSL | _RIS) or "bib"
    review = session.review
    chosen = listing.selected(review, Wish(query, everything, cited))
    if form == "bib":
        _write(session, output, exporting.bib(review, chosen.sources))
    elif form == "ris":
        _write(session, output, exporting.ris(chosen.sources))
    else:
        tongue = options.report_language(language) or review.settings.language
        report = reports.records(chosen.sources, chosen.tags, tongue)
        printing.report(report, "json" if form == "csljson" else form, output.file, review=review)
    _keys(session, chosen.unknown, chosen.twice)
    _closing(session, output, len(chosen.sources), chosen.total)


for _one in (
    export_coding.codings,
    export_coding.codebook,
    export_coding.cards,
    export_sheet.sheet,
    export_refi.command,
):
    command.add_command(_one)
