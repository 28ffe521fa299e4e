"""Projects and codebooks as XML, their children in the order of the schemas (Project.xsd, Codebook.xsd of 18 March 2019).

Nothing in them depends on the clock or the machine: the same review gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from libreview.texts.refiqda.project import (
    Case,
    Code,
    CodeUse,
    Memo,
    Project,
    Selection,
    TextSource,
    VariableValue,
    clean,
)
from libreview.words.safe import safe_xml

__all__ = ["text_name", "write_codebook", "write_project", "write_text"]

_PROJECT = "urn:QDA-XML:project:1.0"
_CODEBOOK = "urn:QDA-XML:codebook:1.0"
_ORIGIN = "libreview"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_BREAKS = {"\n": "&#10;", "\t": "&#9;"}
_DEEPEST_INDENT = 16


class _Paper:
    """XML that is being written, an element a line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._open: list[str] = []

    def _line(self, text: str) -> None:
        self._lines.append("  " * min(len(self._open), _DEEPEST_INDENT) + text + "\n")

    def open(self, name: str, attributes: Mapping[str, str]) -> None:
        self._line(f"<{name}{_attributes(attributes)}>")
        self._open.append(name)

    def close(self) -> None:
        name = self._open.pop()
        self._line(f"</{name}>")

    def leaf(self, name: str, attributes: Mapping[str, str], text: str | None = None) -> None:
        start = f"<{name}{_attributes(attributes)}"
        self._line(f"{start}/>" if text is None else f"{start}>{escape(clean(text))}</{name}>")

    def refer(self, name: str, guids: Iterable[str]) -> None:
        for guid in guids:
            self.leaf(name, {"targetGUID": guid})

    def describe(self, text: str) -> None:
        if text:
            self.leaf("Description", {}, text)

    def bytes(self) -> bytes:
        return safe_xml(_HEAD + "".join(self._lines)).encode()


def _attributes(attributes: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(clean(value), _BREAKS)}" for name, value in attributes.items() if value)


def text_name(source: TextSource) -> str:
    """Return the name of the file, within the folder of sources, that holds the text of ``source``."""
    return f"{source.guid}.txt"


def write_text(source: TextSource) -> bytes:
    """Return the text of ``source`` as its file holds it, UTF-8. ValueError if a selection is not what its place holds."""
    content = source.text.encode()
    read = content.decode()
    for one in source.selections:
        if read[one.start : one.end] != one.text:
            raise ValueError(f"{source.name}: the passage at {one.start}:{one.end} is another")
    return content


def write_codebook(project: Project) -> bytes:
    """Return the codes of ``project`` as an exchangeable codebook (.qdc). ValueError if there is none: the schema wants one."""
    if not project.codes:
        raise ValueError("a codebook without codes")
    paper = _Paper()
    paper.open("CodeBook", {"xmlns": _CODEBOOK, "origin": _ORIGIN})
    _codes(paper, project.codes)
    paper.close()
    return paper.bytes()


def write_project(project: Project) -> bytes:
    """Return ``project.qde``."""
    paper = _Paper()
    paper.open("Project", {"xmlns": _PROJECT, "name": project.name or _ORIGIN, "origin": _ORIGIN})
    if project.users:
        paper.open("Users", {})
        for user in project.users:
            paper.leaf("User", {"guid": user.guid, "name": user.name})
        paper.close()
    if project.codes:
        paper.open("CodeBook", {})
        _codes(paper, project.codes)
        paper.close()
    if project.variables:
        paper.open("Variables", {})
        for one in project.variables:
            paper.leaf("Variable", {"guid": one.guid, "name": one.name, "typeOfVariable": one.kind})
        paper.close()
    _cases(paper, project.cases)
    if project.sources:
        paper.open("Sources", {})
        for source in project.sources:
            _source(paper, source)
        paper.close()
    _memos(paper, project.memos)
    paper.describe(project.description)
    paper.close()
    return paper.bytes()


def _codes(paper: _Paper, codes: Iterable[Code]) -> None:
    paper.open("Codes", {})
    depth = 0
    for code in codes:
        while depth > code.depth:
            paper.close()
            depth -= 1
        named = {"guid": code.guid, "name": code.name, "isCodable": "true" if code.codable else "false"}
        paper.open("Code", named | {"color": code.colour})
        paper.describe(code.description)
        depth += 1
    for _ in range(depth + 1):
        paper.close()


def _values(paper: _Paper, values: Iterable[VariableValue]) -> None:
    for one in values:
        paper.open("VariableValue", {})
        paper.leaf("VariableRef", {"targetGUID": one.variable})
        paper.leaf(f"{one.kind}Value", {}, one.value)
        paper.close()


def _cases(paper: _Paper, cases: Iterable[Case]) -> None:
    waiting = tuple(cases)
    if not waiting:
        return
    paper.open("Cases", {})
    for case in waiting:
        paper.open("Case", {"guid": case.guid, "name": case.name})
        _values(paper, case.values)
        paper.refer("SourceRef", case.sources)
        paper.refer("SelectionRef", case.selections)
        paper.close()
    paper.close()


def _source(paper: _Paper, source: TextSource) -> None:
    place = f"internal://{text_name(source)}"
    paper.open("TextSource", {"guid": source.guid, "name": source.name, "plainTextPath": place})
    paper.describe(source.description)
    for selection in source.selections:
        _selection(paper, selection)
    paper.refer("NoteRef", source.notes)
    _values(paper, source.values)
    paper.close()


def _selection(paper: _Paper, one: Selection) -> None:
    places = {"startPosition": str(one.start), "endPosition": str(one.end)}
    paper.open("PlainTextSelection", {"guid": one.guid, "name": one.name} | places | {"creatingUser": one.user})
    paper.describe(one.description)
    for coding in one.codings:
        _coding(paper, coding)
    paper.refer("NoteRef", one.notes)
    paper.close()


def _coding(paper: _Paper, coding: CodeUse) -> None:
    paper.open("Coding", {"guid": coding.guid, "creatingUser": coding.user})
    paper.leaf("CodeRef", {"targetGUID": coding.code})
    paper.refer("NoteRef", coding.notes)
    paper.close()


def _memos(paper: _Paper, memos: Iterable[Memo]) -> None:
    waiting = tuple(memos)
    if not waiting:
        return
    paper.open("Notes", {})
    for memo in waiting:
        paper.open("Note", {"guid": memo.guid, "name": memo.name, "creatingUser": memo.user})
        paper.describe(memo.description)
        paper.leaf("PlainTextContent", {}, memo.text)
        paper.close()
    paper.close()
