"""``libreview render``: a chapter with its citations formatted."""

from __future__ import annotations

from pathlib import Path

import click

from libreview.cli import citing, options, printing
from libreview.cli.options import INPUT_FILE, Output, Session, option, pass_session, with_output
from libreview.deeds import chapters
from libreview.deeds.chapters import Rendered
from libreview.pages import render
from libreview.pages.render import reference_document
from libreview.words.errors import Refused, Wrong
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "render",
    help=N_(
        "Write a chapter with its citations, [@key, p. 12], in the style of the review and its bibliography at the end. The "
        "suffix of -o chooses the form: docx, odt, html, tex, rst, txt or md. Where the chapter has a heading for the "
        "bibliography at its end, it goes there. Keys that no source has are said and stay visible."
    ),
    examples=["libreview render bab1.md -o bab1.docx", "libreview render bab1.md --style chicago --language id -o bab1.odt",
              "libreview render bab1.md --reference-doc template.docx -o bab1.docx"],
)  # fmt: skip
@click.argument("chapter", type=INPUT_FILE, metavar="CHAPTER")
@option(
    "--style", default="", metavar="STYLE", help=N_("The citation style: a name (libreview styles) or a .csl file.")
)
@option("--language", default="", metavar="LANGUAGE", help=N_("The language of headings and references: id, en, ..."))
@option("--no-bibliography", "bare", is_flag=True, help=N_("Citations only, no bibliography at the end."))
@option("--reference-doc", type=INPUT_FILE, metavar="FILE", help=N_("A docx or odt whose styles the new one takes."))
@with_output
@pass_session
def command(
    session: Session, chapter: Path, style: str, language: str, bare: bool, reference_doc: Path | None, output: Output
) -> None:
    """Render a chapter."""
    form = _form(output, chapter, reference_doc is not None)
    looks = {"docx": reference_document.docx, "odt": reference_document.odt}
    reference = reference_doc or (looks[form]() if form in looks else None)
    made = chapters.render(
        session.review, chapter, form, style=style, language=language, reference=reference, listed=not bare
    )
    citing.unknown(session, made.unknown)
    _left_out(session, made)
    counted = session.say.many("{n} source cited", "{n} sources cited", made.sources)
    if output.file and output.file != "-":
        printing.write_file(Path(output.file), made.content, session.review)
        counted = session.say("wrote {path}. {counted}", path=output.file, counted=counted)
    else:
        printing.write_out(made.content)
    printing.remark(counted)


def _form(output: Output, chapter: Path, styled: bool) -> str:
    """Return the format that ``output`` asks for; Markdown if it asks for none."""
    to_file = bool(output.file) and output.file != "-"
    if to_file and Path(output.file).exists() and Path(output.file).samefile(chapter):
        raise Refused(N_("{path} is the chapter itself"), N_("Choose another place for -o."), path=output.file)
    row = render.find(output.form) if output.form else render.by_suffix(output.file) if to_file else render.find("md")
    if row.binary and not to_file and printing.to_terminal():
        raise Wrong(N_("{form} cannot be shown in a terminal"), N_("Write it to a file: -o FILE"), form=row.name)
    if styled and row.name not in ("docx", "odt"):
        raise Wrong(N_("--reference-doc gives styles to docx and odt only"), N_("Add -o FILE.docx"))
    return row.name


def _left_out(session: Session, made: Rendered) -> None:
    for one in made.images:
        printing.remark(session.say("the picture {path} is not in the document: it must be a png, jpg or gif below the folder "
                                    "of the chapter", path=one))  # fmt: skip
    if made.raw:
        printing.remark(
            session.say.many(
                "{n} piece of raw HTML or LaTeX was left out", "{n} pieces of raw HTML or LaTeX were left out", made.raw
            )
        )
