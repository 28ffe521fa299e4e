"""``libreview export refi``: a project or codebook for programs of qualitative analysis."""

from __future__ import annotations

from pathlib import Path, PurePath

from libreview.cli import options, printing
from libreview.cli.options import Session, option, pass_session, query_argument
from libreview.pages.reports import exchange
from libreview.words.errors import Wrong
from libreview.words.i18n import N_
from libreview.words.rooms import load

_EXCHANGING = "libreview.deeds.exchanging"


@options.command(
    "refi",
    help=N_(
        "Write the review for NVivo, ATLAS.ti, MAXQDA, QualCoder or Taguette (REFI-QDA): FILE.qdpx has the sources that are in "
        "the review with their excerpts, codings, comments and the codebook; FILE.qdc has the codebook alone. QUERY selects "
        "sources and excerpts. What comes back is taken in with libreview import."
    ),
    examples=["libreview export refi -o review.qdpx", "libreview export refi -o codebook.qdc",
              "libreview export refi theme:culture -o culture.qdpx"],
)  # fmt: skip
@query_argument
@option("--all", "everything", is_flag=True, help=N_("Take sources that are not in the review, too."))
@option("-o", "--output", "file", required=True, metavar="FILE", help=N_("The file to write: .qdpx or .qdc."))
@pass_session
def command(session: Session, query: str, everything: bool, file: str) -> None:
    """Write a project or a codebook."""
    exchanging = load(_EXCHANGING)
    suffix = PurePath(file).suffix.lower()
    if suffix not in (".qdpx", ".qdc"):
        raise Wrong(N_('"{file}" is neither a project nor a codebook of REFI-QDA'), N_("End its name in .qdpx or .qdc."),
                    file=file)  # fmt: skip
    if suffix == ".qdc" and (query or everything):
        raise Wrong(N_("A .qdc holds the whole codebook; there is nothing to select in it"))
    review = session.review
    handed = (
        exchanging.codebook(review) if suffix == ".qdc" else exchanging.project(review, query, everything=everything)
    )
    printing.write_file(Path(file), handed.content, review)
    for line in exchange.handed_lines(handed, file, session.say):
        printing.remark(line)
