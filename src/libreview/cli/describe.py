"""``libreview describe``."""

from __future__ import annotations

from pathlib import Path

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, pass_session, query_argument, with_rows, with_selection
from libreview.deeds import describing
from libreview.pages import render
from libreview.pages.render import reference_document
from libreview.pages.reports.descriptions import description
from libreview.words.blocks import Report
from libreview.words.errors import Wrong
from libreview.words.i18n import N_


@options.command(
    "describe",
    help=N_(
        "Say in words what the tables say: paragraphs for the thesis, in English or Indonesian. They tell what was "
        "collected, which themes carry most, what stands together, how it is spread over time, where sources contradict "
        "each other, and what is missing. Citations are [@key] in Markdown, and formatted in the review's style in docx, "
        "odt, html, tex, rst and txt; in JSON each number names the table and row where it stands. QUERY selects what is "
        "described."
    ),
    examples=["libreview describe", "libreview describe --language id -o bab4.md",
              "libreview describe year:2010.. --json"],
)  # fmt: skip
@query_argument
@with_rows
@pass_session
@with_selection
def command(session: Session, query: str, everything: bool, language: str, output: Output) -> None:
    """Describe the review."""
    report = description(describing.describe(session.review, query, everything=everything), language)
    form = _form(output)
    if not (form in describing.FORMS and _formatted(session, report, form, output)):
        printing.report(report, form, output.file, review=session.review, say=session.say)
    printing.near(session.review, query, session.say)


def _form(output: Output) -> str:
    """Return the format that ``output`` asks for; Markdown for a pipe, and none for a terminal."""
    if output.form or (output.file and output.file != "-"):
        return render.find(output.form).name if output.form else render.by_suffix(output.file).name
    return "" if printing.to_terminal() else "md"


def _formatted(session: Session, report: Report, form: str, output: Output) -> bool:
    """Print or write the report with its citations formatted; return whether the style for it was found."""
    to_file = bool(output.file) and output.file != "-"
    if render.find(form).binary and not to_file and printing.to_terminal():
        raise Wrong(N_("{form} cannot be shown in a terminal"), N_("Write it to a file: -o FILE"), form=form)
    looks = {"docx": reference_document.docx, "odt": reference_document.odt}
    text = render.load(render.find("md"))(report).decode()
    reference = looks[form]() if form in looks else None
    content = describing.document(session.review, text, form, report.title, report.language, reference)
    if content is None:
        printing.remark(session.say("The citation style of the review is not at hand; citations stay [@key]."))
        return False
    if to_file:
        printing.write_file(Path(output.file), content, session.review)
        printing.remark(session.say("wrote {path}", path=output.file))
    else:
        printing.write_out(content)
    return True
