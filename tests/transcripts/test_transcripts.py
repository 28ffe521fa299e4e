"""Transcripts: what is typed after ``$`` is run in a copy of a sample review, and what is printed is compared exactly.

``python tests/transcripts/test_transcripts.py --write`` writes what is printed now into the transcripts; read the
difference before it is committed. Besides ``libreview`` a transcript may use ``cd FOLDER``, ``cat FILE`` and ``cp FILE FILE``. Its line
``<!-- review: NAME -->`` names the sample; without it the folder is empty. ``../library.bib`` lies beside it, and in
``../exports`` what is in the folder that is called as the transcript is. With the
line ``<!-- registers -->`` a server on this machine answers for the network (`tests/registers.py`).
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from libreview.cli import face

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # for ``--write``, which is no test
from registers import served  # noqa: E402

REVIEWS = HERE.parent / "reviews"
TRANSCRIPTS = [*sorted(HERE.glob("*.md")), HERE.parent.parent / "docs" / "collect.md"]
ANSWERED = {
    "doi.org/10.1080/13604813.2011.568715": "doi.json",
    "openlibrary.org/api/books": "openlibrary.json",
    "export.arxiv.org/api/query": "arxiv.xml",
    "eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi": "pubmed.xml",
    "www.kabar.example/read/1": "news.html",
    "stadt.example/bandung": "town.html",
}
"""What is answered where there are registers; for everything else: there is none."""
_SAVED = re.compile(r"(?<=\S:\d )\^[0-9a-z]{6}|(?<=\S:\d\d )\^[0-9a-z]{6}")
"""The id of a new excerpt is a matter of chance."""


def _dated(text: str) -> str:
    """Return ``text`` with the day of today as the day of the transcripts."""
    return text.replace(datetime.now().astimezone().date().isoformat(), "2026-11-24")


def _said(line: str, folder: Path) -> str:
    """Return what a command prints on stdout and stderr."""
    words = shlex.split(line)
    if words[0] == "cd":
        os.chdir(words[1])
        return ""
    if words[0] == "cat":
        return _dated(Path(words[1]).read_text(encoding="utf-8"))
    if words[0] == "cp":
        shutil.copy(words[1], words[2])
        return ""
    assert words[0] == "libreview", line
    result = CliRunner().invoke(face, words[1:], prog_name="libreview")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    output = result.output.replace(str(folder), "/home/nadia")
    output = _dated(output).replace(os.environ["LIBREVIEW_CONFIG"], "/home/nadia/.config/libreview/config.toml")
    return _SAVED.sub("^k3f9q2", output)


def _lines(text: str, folder: Path) -> Iterator[str]:
    """Yield the lines of a transcript with what its commands print now."""
    inside = False
    for line in text.splitlines():
        if line.startswith("```"):
            inside = not inside and line == "```console"
            yield line
        elif not inside:
            yield line
        elif line.startswith("$ "):
            yield line
            yield from _said(line[2:], folder).splitlines()


def played(path: Path, folder: Path) -> str:
    """Return the transcript as it reads when it is played in ``folder``."""
    text = path.read_text(encoding="utf-8")
    named = re.search(r"<!-- review: (\w+) -->", text)
    shutil.copy(REVIEWS / "library.bib", folder / "library.bib")
    exports = HERE / path.stem
    if exports.is_dir():
        shutil.copytree(exports, folder / "exports")
    place = folder / "dokumen"
    if named:
        shutil.copytree(REVIEWS / named[1], place)
    else:
        place.mkdir()
        shutil.copy(REVIEWS / "library.bib", place / "library.bib")
    before = Path.cwd()
    os.chdir(place)
    try:
        with _registers() if "<!-- registers -->" in text else nullcontext():
            return "\n".join(_lines(text, folder)) + "\n"
    finally:
        os.chdir(before)


@contextmanager
def _registers() -> Iterator[None]:
    """Let a server on this machine answer for the network."""
    asked = os.environ.get("LIBREVIEW_LOOKUP", "")
    with served() as registers:
        for place, name in ANSWERED.items():
            registers.sample(place, name, "text/html" if name.endswith("html") else "application/json")
        os.environ["LIBREVIEW_LOOKUP"] = registers.address
        try:
            yield
        finally:
            os.environ["LIBREVIEW_LOOKUP"] = asked


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_says_what_is_printed(path: Path, tmp_path: Path) -> None:
    expected = path.read_text(encoding="utf-8")
    assert played(path, tmp_path).splitlines() == expected.splitlines()


def main(words: list[str]) -> int:
    for path in TRANSCRIPTS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            os.environ |= {
                "LIBREVIEW_CACHE": str(folder / "cache"),
                "LIBREVIEW_CONFIG": str(folder / "config.toml"),
                "LIBREVIEW_STATE": str(folder / "state"),
                "LANG": "C.UTF-8",
                "LANGUAGE": "",
                "COLUMNS": "100",
            }
            (folder / "play").mkdir()
            text = played(path, folder / "play")
            if "--write" in words:
                path.write_text(text, encoding="utf-8", newline="\n")
            else:
                print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
