"""Projects and codebooks of other programs: read whichever of the schemas they name, in whatever order their parts stand.

The XML of a stranger is read without entities and within bounds of depth and size; what is not understood is named.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from libreview.texts.refiqda.project import (
    Case,
    Code,
    CodeUse,
    Left,
    Memo,
    Project,
    Selection,
    TextSource,
    User,
    Variable,
    VariableValue,
)  # fmt: skip
from libreview.value import replace
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["read"]

_DEEPEST = 200
_MOST = 1_000_000
_SPACE = "urn:QDA-XML:"
_MEDIA = ("PictureSource", "AudioSource", "VideoSource")
TextOf = Callable[[str], bytes | None]
"""Gives the bytes of a file within the archive by its name without a folder; None if there is none."""


def read(data: bytes, shown: str, text_of: TextOf = lambda _: None) -> Project:
    """Return the project (or codebook) in ``data``; ``text_of`` gives the files it names, ``shown`` is its name in messages.

    ``left`` names what was not read. Raises `Refused` if it is no REFI-QDA, or hostile.
    """
    root = _parsed(data, shown)
    space, _, name = root.tag.rpartition("}")
    if name not in ("Project", "CodeBook") or not (space.removeprefix("{").startswith(_SPACE) or not space):
        raise Refused(
            N_("{path} is no project or codebook of REFI-QDA"),
            N_("Export it as REFI-QDA project (.qdpx) or codebook (.qdc)."),
            path=shown,
        )
    if name == "CodeBook":
        return Project(codes=tuple(_codes(root)), left=tuple(_sets(root)))
    return _Reader(root, text_of).project()


def _parsed(data: bytes, shown: str) -> Element:
    depth, count, root = 0, 0, None
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            count += event == "start"
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST or count > _MOST:
                raise ValueError("too deep or too large")
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise Refused(
            N_("{path} cannot be read: {reason}"),
            N_("Export the project anew from the program it comes from."),
            path=shown,
            reason=str(error) or type(error).__name__,
        ) from error
    assert isinstance(root, Element)  # noqa: S101 (an empty document is a ParseError)
    return root


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: Element, *names: str) -> Iterator[Element]:
    return (child for child in element if _local(child) in names)


def _inside(root: Element, container: str, *names: str) -> Iterator[Element]:
    """Yield the children called ``names`` of the containers of one name: usually one, in any place among the others."""
    for holder in _children(root, container):
        yield from _children(holder, *names)


def _text(element: Element, name: str) -> str:
    """Return the text of the first child called ``name``."""
    return next(("".join(child.itertext()) for child in _children(element, name)), "")


def _guid(text: str | None) -> str:
    return (text or "").strip().strip("{}").lower()


def _own(element: Element) -> str:
    return _guid(element.get("guid"))


def _targets(element: Element, name: str) -> tuple[str, ...]:
    return tuple(_guid(child.get("targetGUID")) for child in _children(element, name))


def _named(element: Element) -> str:
    return (element.get("name") or "").strip() or _own(element)


def _number(text: str | None, other: int = -1) -> int:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else other


def _codes(root: Element) -> Iterator[Code]:
    tops = [*_children(root, "Code"), *_inside(root, "Codes", "Code")]
    waiting = [(code, 0) for code in reversed(tops)]
    while waiting:
        element, depth = waiting.pop()
        codable = (element.get("isCodable") or "true").strip() not in ("false", "0")
        colour = (element.get("color") or "").strip()
        yield Code(_own(element), _named(element), _text(element, "Description"), colour, depth, codable)
        waiting.extend((child, depth + 1) for child in reversed(list(_children(element, "Code"))))


def _sets(root: Element) -> Iterator[Left]:
    return (Left("set", _named(one)) for one in _inside(root, "Sets", "Set"))


class _Reader:
    """Reads one project."""

    def __init__(self, root: Element, text_of: TextOf) -> None:
        self._root = root
        self._text_of = text_of
        self._left: list[Left] = []

    def project(self) -> Project:
        root = self._root
        users = tuple(User(_own(one), _named(one)) for one in _inside(root, "Users", "User"))
        codes = tuple(code for book in _children(root, "CodeBook") for code in _codes(book))
        variables = tuple(
            Variable(_own(one), _named(one), one.get("typeOfVariable") or "Text")
            for one in _inside(root, "Variables", "Variable")
        )
        names = {code.guid: code.name for code in codes}
        sources = [made for one in _inside(root, "Sources", "TextSource", "PDFSource", *_MEDIA)
                   for made in self._source(one, names)]  # fmt: skip
        cases = tuple(self._case(one) for one in _inside(root, "Cases", "Case"))
        memos = tuple(self._memo(one) for one in _inside(root, "Notes", "Note"))
        self._left += _sets(root)
        self._left += (Left("link", _named(one)) for one in _inside(root, "Links", "Link"))
        self._left += (Left("graph", _named(one)) for one in _inside(root, "Graphs", "Graph"))
        return Project(
            (root.get("name") or "").strip(),
            _text(root, "Description"),
            users,
            codes,
            variables,
            cases,
            tuple(self._with_cases(sources, cases)),
            memos,
            tuple(self._left),
        )

    def _content(self, element: Element) -> str | None:
        """Return the text of a source or note, from within or from its file; None if it has none."""
        if any(True for _ in _children(element, "PlainTextContent")):
            return _text(element, "PlainTextContent")
        path = element.get("plainTextPath") or ""
        name = path.replace("\\", "/").rpartition("/")[2]
        data = self._text_of(name) if name else None
        return data.decode("utf-8-sig", "replace") if data is not None else None

    def _memo(self, element: Element) -> Memo:
        text = self._content(element) or ""
        user = _guid(element.get("creatingUser"))
        return Memo(_own(element), (element.get("name") or "").strip(), text, _text(element, "Description"), user)

    def _values(self, element: Element) -> tuple[VariableValue, ...]:
        found = []
        for one in _children(element, "VariableValue"):
            variable = next(iter(_targets(one, "VariableRef")), "")
            for child in one:
                kind, value = _local(child).removesuffix("Value"), "".join(child.itertext())
                if kind != "VariableRef" and value:
                    found.append(VariableValue(variable, kind, value))
        return tuple(found)

    def _source(self, element: Element, names: dict[str, str]) -> Iterable[TextSource]:
        kind, name = _local(element), _named(element)
        for coding in _children(element, "Coding"):
            target = next(iter(_targets(coding, "CodeRef")), "")
            self._left.append(Left("source-coding", f"{name}: {names.get(target, target)}"))
        if kind in _MEDIA:
            self._left.append(Left("media", name))
            return
        holder = element
        pages: dict[str, int] = {}
        apart: list[Element] = []
        if kind == "PDFSource":
            holder = next(_children(element, "Representation"), element)
            for one in _children(element, "PDFSelection"):
                pages[_own(one)] = _number(one.get("page")) + 1
                apart.append(one)
        text = self._content(holder)
        if text is None:
            self._left.append(Left("text", name))
        selections = [one for child in _children(holder, "PlainTextSelection")
                      for one in self._selection(child, name, text or "", pages)]  # fmt: skip
        known = {_own(child) for child in _children(holder, "PlainTextSelection")}
        selections += [
            one for child in apart if _own(child) not in known for one in self._pdf_selection(child, name, pages)
        ]
        notes = (*_targets(element, "NoteRef"), *(_targets(holder, "NoteRef") if holder is not element else ()))
        description = _text(element, "Description")
        yield TextSource(_own(element), name, text or "", description, tuple(selections), notes, self._values(element))

    def _selection(self, element: Element, source: str, text: str, pages: dict[str, int]) -> Iterable[Selection]:
        start, end = _number(element.get("startPosition")), _number(element.get("endPosition"))
        if not 0 <= start < end <= len(text) or not text[start:end].strip():
            self._left.append(Left("passage", f"{source}: {_named(element)[:60]}"))
            return
        yield self._passage(element, start, end, text[start:end], pages)

    def _pdf_selection(self, element: Element, source: str, pages: dict[str, int]) -> Iterable[Selection]:
        text = next((self._content(one) or "" for one in _children(element, "Representation")), "")
        if not text.strip():
            self._left.append(Left("passage", f"{source}: {_named(element)[:60]}"))
            return
        yield self._passage(element, 0, len(text), text, pages)

    def _passage(self, element: Element, start: int, end: int, text: str, pages: dict[str, int]) -> Selection:
        own = _own(element)
        codings = tuple(
            CodeUse(
                _own(one),
                next(iter(_targets(one, "CodeRef")), ""),
                _guid(one.get("creatingUser")),
                _targets(one, "NoteRef"),
            )
            for one in _children(element, "Coding")
        )
        return Selection(
            own, (element.get("name") or "").strip(), start, end, text, pages.get(own, 0), _text(element, "Description"),
            _guid(element.get("creatingUser")), codings, _targets(element, "NoteRef"),
        )  # fmt: skip

    def _case(self, element: Element) -> Case:
        sources = _targets(element, "SourceRef")
        if len(sources) != 1 or any(True for _ in _children(element, "CodeRef")):
            self._left.append(Left("case", _named(element)))
        return Case(_own(element), _named(element), self._values(element), sources, _targets(element, "SelectionRef"))

    def _with_cases(self, sources: Iterable[TextSource], cases: Iterable[Case]) -> Iterator[TextSource]:
        """Yield ``sources`` with the values of the cases that stand for one of them each."""
        more: dict[str, dict[str, VariableValue]] = {}
        for case in cases:
            if len(case.sources) == 1:
                for value in case.values:
                    more.setdefault(case.sources[0], {}).setdefault(value.variable, value)
        for source in sources:
            have = {value.variable for value in source.values}
            new = tuple(value for value in more.get(source.guid, {}).values() if value.variable not in have)
            yield replace(source, values=(*source.values, *new)) if new else source
