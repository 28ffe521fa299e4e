"""Pandoc as a process: formatted references from items, and documents in the formats of word processors.

Pandoc is run with ``--sandbox``, an empty data folder and arguments of ours only; what it reads comes through stdin, a
style of `disk/styles` and, for documents, one reference document. Its syntax tree is that of pandoc-types 1.23.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache as once
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from libreview.disk.lending import taken
from libreview.value import Value
from libreview.words.blocks import Run, Style, Text
from libreview.words.errors import NotFound, Refused
from libreview.words.i18n import N_

__all__ = ["LANGUAGES", "MARKDOWN", "WRITERS", "Citing", "convert", "read", "references", "version"]

MARKDOWN = (
    "markdown-citations-native_divs-native_spans-fenced_divs-bracketed_spans-raw_html-raw_attribute-header_attributes"
)
"""Markdown in which citations and references are text as any other."""
WRITERS = ("docx", "odt", "latex", "rst", "plain", "html5", "markdown", MARKDOWN)
"""The output formats that `convert` may be asked for."""

LANGUAGES = frozenset((
    "af", "ar", "bal", "bg", "brh", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi",
    "fr", "gl", "he", "hi", "hr", "hu", "id", "is", "it", "ja", "km", "ko", "la", "lij", "lt", "lv", "mn",
    "ms", "nb", "nl", "nn", "pa", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi",
    "zh",
))  # fmt: skip
"""The languages whose words for references ("and", "edited by") this pandoc knows; others it prints in English."""

_TIMEOUT = 120.0
_PER_ITEM = 0.2
_TAG = re.compile(r"</?[a-z][^<>]*>")
_NAMED_TAG = re.compile(r"<(/?)([a-z]+)[^<>]*>")
_MOST_TAGS = 40
_MOST_OPEN = 8
_MOST_QUOTES = 10
_MOST_NAMES = 200
_LONGEST = 4_000
"""Characters of one field of a reference: pandoc takes minutes for a title of a million, and nobody prints one."""
_CLOSING = {
    "“": "”",
    "‘": "’",
    "„": "“",
    "‚": "‘",
    "«": "»",
    "‹": "›",
    "»": "«",
    "›": "‹",
    "‟": "”",
    "‛": "’",
    "「": "」",
    "『": "』",
}
"""Marks that open a quotation in some language, and what closes it."""
_PRIMES = str.maketrans(dict.fromkeys('"“”„«»‟「」', "″") | dict.fromkeys("'‘’‚‹›‛『』", "′"))
_KEPT = 200  # results in the cache folder
_OPENS: dict[str, Style] = {
    "Emph": "emphasis",
    "Strong": "strong",
    "Superscript": "superscript",
    "Subscript": "subscript",
    "SmallCaps": "smallcaps",
}
_QUOTES = {"DoubleQuote": ("“", "”"), "SingleQuote": ("‘", "’")}
_BLOCK_CLASSES = frozenset(("csl-right-inline", "csl-block", "csl-indent"))


@once
def _program() -> str:
    """Return the path of the pandoc that came with us (pypandoc_binary), else of the one on the PATH."""
    spec = find_spec("pypandoc")
    if spec is not None and spec.origin:
        ours = Path(spec.origin).parent / "files" / "pandoc"
        if ours.is_file():
            return str(ours)
    found = shutil.which("pandoc")
    if found is None:
        raise NotFound(N_("Pandoc is not installed"), N_("Install it with: pip install pypandoc_binary"))
    return found


@once
def version() -> str:
    """Return what tells this pandoc from another one, without starting it: its path, size and time."""
    program = _program()
    stamp = Path(program).stat()
    return f"{program}:{stamp.st_size}:{stamp.st_mtime_ns}"


def _run(arguments: Sequence[str], given: bytes, folder: str, timeout: float) -> bytes:
    command = [_program(), "--sandbox", f"--data-dir={folder}", *arguments]
    kept = ("PATH", "TMPDIR")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"LC_ALL": "C.UTF-8", "HOME": folder, "XDG_DATA_HOME": folder}
    try:
        done = subprocess.run(  # noqa: S603 - no shell, arguments of ours
            command, input=given, capture_output=True, timeout=timeout, check=False, cwd=folder, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(
            N_("Pandoc did not finish within {seconds} seconds"),
            N_("Take fewer sources or a simpler style."),
            seconds=round(timeout),
        ) from error
    except OSError as error:
        raise Refused(N_("Pandoc cannot be started: {reason}"), reason=error.strerror or str(error)) from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().replace("\n", " ")[:300]
        raise Refused(N_("Pandoc failed: {reason}"), reason=reason or f"exit status {done.returncode}")
    return done.stdout


# --- references --------------------------------------------------------------------------------------------------


def references(
    items: Sequence[Mapping[str, object]], style: str, locale: str, cache: Path | None = None
) -> dict[str, Text]:
    """Return the formatted reference of each item (CSL-JSON) by its ``id``, in the order of the style.

    ``style`` is the XML of an independent style, ``locale`` a code such as "id-ID"; ``cache`` a folder where results
    are kept. Of items with the same id the first counts. Raises `Refused` if pandoc cannot do it.
    """
    if not items:
        return {}
    numbered: dict[str, Mapping[str, object]] = {}
    for item in items:
        numbered.setdefault(str(item.get("id", "")), item)
    # Pandoc takes few signs in a key, so it gets numbers.
    given = json.dumps([{**_bounded(item), "id": f"r{n}"} for n, item in enumerate(numbered.values())]).encode()
    keys = list(numbered)
    kept = cache / f"{_digest(given, style, locale)}.json" if cache else None
    found = _remembered(kept) if kept else None
    if found is None:
        found = _format(given, style, locale, _TIMEOUT / 4 + _PER_ITEM * len(keys))
        if kept:
            _remember(kept, found)
    ordered = {keys[n]: text for n, text in found if n < len(keys)}
    for key, item in numbered.items():  # a style may print nothing at all for an item
        ordered.setdefault(key, (Run(str(item.get("title") or key)),))
    return ordered


def _bounded(item: Mapping[str, object]) -> dict[str, object]:
    """Return ``item`` with its texts, those in its names included, cut to what pandoc formats in reasonable time."""
    return {
        name: [_cut(one) for one in _few(value)] if isinstance(value, list) else _cut(value)
        for name, value in item.items()
    }


def _few(names: list[object]) -> list[object]:
    """Return ``names``, of very many the first and the last: no style prints more."""
    return names if len(names) <= _MOST_NAMES else [*names[: _MOST_NAMES - 1], names[-1]]


def _cut(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _shortened(one) if isinstance(one, str) else one for name, one in value.items()}
    return _shortened(value) if isinstance(value, str) else value


def _shortened(text: str) -> str:
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()  # half characters are no JSON for pandoc
    if len(text) > _LONGEST:
        return _primed(f"{_TAG.sub('', text[: 8 * _LONGEST])[:_LONGEST]} …")
    text = _primed(text)
    tags = text.count("<")
    if tags > _MOST_OPEN:  # each tag without its partner doubles the time, and among many each pair of quotation marks
        bare = _TAG.sub("", text)
        quotes = max(bare.count('"'), bare.count("'"))
        if (tags > _MOST_TAGS and quotes > _MOST_QUOTES) or not _nested(text):
            return bare
    return text


def _primed(text: str) -> str:
    """Return ``text`` with primes for quotation marks if they are many, or several are opened and never closed.

    Each that stays open doubles the time, and each within another makes the answer deeper.
    """
    doubles, singles = text.count('"'), text.count("'")
    if text.isascii() and min(doubles, singles) <= _MOST_QUOTES:
        return text
    marks = 0
    waiting = dict.fromkeys(_CLOSING.values(), 0)
    for sign in text:
        if waiting.get(sign):
            waiting[sign] -= 1
        elif sign in _CLOSING:
            waiting[_CLOSING[sign]] += 1
        marks += sign in _CLOSING
    still = sum(waiting.values())
    many = marks > 2 * _MOST_OPEN or min(doubles, singles) > _MOST_QUOTES
    return text.translate(_PRIMES) if many or still > _MOST_OPEN else text


def _nested(text: str) -> bool:
    """Return whether each tag in ``text`` is closed, the last opened first."""
    waiting: list[str] = []
    for closing, name in _NAMED_TAG.findall(text):
        if not closing:
            waiting.append(name)
        elif not waiting or waiting.pop() != name:
            return False
    return not waiting


def _digest(given: bytes, style: str, locale: str) -> str:
    total = hashlib.sha256()
    for part in (given, style.encode("utf-8", "surrogatepass"), locale.encode(), version().encode(), b"2"):
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


def _format(given: bytes, style: str, locale: str, timeout: float) -> list[tuple[int, Text]]:
    with tempfile.TemporaryDirectory(prefix="libreview-") as folder:
        csl = Path(folder) / "style.csl"
        csl.write_text(style, encoding="utf-8", errors="replace")
        arguments = ["--from=csljson", "--to=json", "--citeproc", f"--csl={csl}", f"--metadata=lang:{locale}"]
        tree = _run(arguments, given, folder, timeout)
    try:
        blocks = json.loads(tree)["blocks"]
    except (ValueError, KeyError, RecursionError) as error:
        raise Refused(N_("Pandoc failed: {reason}"), reason="unreadable answer") from error
    found: list[tuple[int, Text]] = []
    for outer in blocks:
        found.extend(
            (int(entry["c"][0][0][5:]), _text(entry["c"][1]))
            for entry in (outer["c"][1] if outer["t"] == "Div" else ())
            if entry["t"] == "Div" and entry["c"][0][0].startswith("ref-r")
        )
    return found


def _text(blocks: list[dict[str, Any]]) -> Text:
    """Return the inlines of ``blocks`` as runs. Walks with a stack of its own, since titles may nest deep."""
    runs: list[Run] = []
    stack: list[tuple[Any, tuple[Style, ...], str]] = [(block, (), "") for block in reversed(blocks)]
    while stack:
        node, styles, link = stack.pop()
        if isinstance(node, str):
            _put(runs, node, styles, link)
            continue
        kind, content = node["t"], node.get("c")
        inside: list[Any] = []
        if kind == "Str":
            _put(runs, content, styles, link)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            _put(runs, " ", styles, link)
        elif kind in ("Para", "Plain"):
            inside = content
            _gap(runs)
        elif kind in _OPENS:
            inside, style = content, _OPENS[kind]
            # Emphasis within emphasis stands upright.
            styles = tuple(one for one in styles if one != style) if style in styles else (*styles, style)
        elif kind in ("Strikeout", "Underline"):
            inside = content
        elif kind == "Quoted":
            opening, closing = _QUOTES.get(content[0]["t"], _QUOTES["DoubleQuote"])
            inside = [opening, *content[1], closing]
        elif kind == "Link":
            inside, link = content[1], content[2][0]
            link = link if link.startswith(("http://", "https://", "mailto:")) else ""
        elif kind in ("Span", "Div"):
            inside = content[1]
            if _BLOCK_CLASSES.intersection(content[0][1]):
                _gap(runs)
            if "nodecor" in content[0][1]:
                styles = ()
        elif kind in ("Code", "Math", "RawInline"):
            _put(runs, content[1], styles, link)
        stack.extend((one, styles, link) for one in reversed(inside))
    if runs and not runs[-1].text.strip():
        runs.pop()
    return tuple(runs)


def _put(runs: list[Run], text: str, styles: tuple[Style, ...], link: str) -> None:
    if not text:
        return
    last = runs[-1] if runs else None
    if last and last.styles == styles and last.link == link:
        runs[-1] = Run(last.text + text, styles, link)
    elif last or text.strip():
        runs.append(Run(text, styles, link))


def _gap(runs: list[Run]) -> None:
    if runs and not runs[-1].text.endswith(" "):
        _put(runs, " ", (), "")


def _remembered(path: Path) -> list[tuple[int, Text]] | None:
    try:
        stored = json.loads(path.read_bytes())
        found = [(int(n), tuple(Run(str(t), tuple(s), str(a)) for t, s, a in runs)) for n, runs in stored]
        path.touch()
    except (OSError, ValueError, TypeError, RecursionError):
        return None  # not there, or not ours: made anew
    return found


def _remember(path: Path, found: list[tuple[int, Text]]) -> None:
    """Keep a result; a cache that cannot be written is no reason to fail."""
    content = json.dumps([(n, [(run.text, run.styles, run.link) for run in text]) for n, text in found])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=path.stem[:16], suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            return
        old = sorted(path.parent.glob("*.json"), key=lambda one: one.stat().st_mtime, reverse=True)
        for one in old[_KEPT:]:
            one.unlink(missing_ok=True)
    except OSError:
        return


# --- chapters ----------------------------------------------------------------------------------------------------


class Citing(Value, frozen=True):
    """How a document is cited: its sources (CSL-JSON), the XML of an independent style, and a locale such as "id-ID"."""

    items: tuple[Mapping[str, object], ...]
    style: str
    locale: str


def read(markdown: bytes) -> dict[str, Any]:
    """Return Markdown as pandoc's JSON tree. Raises `Refused` if pandoc cannot do it."""
    with tempfile.TemporaryDirectory(prefix="libreview-") as folder:
        made = _run(["--from=markdown", "--to=json"], markdown, folder, _TIMEOUT / 4 + len(markdown) / 20_000)
    try:
        tree: dict[str, Any] = json.loads(made)
    except (ValueError, RecursionError) as error:
        raise Refused(N_("Pandoc failed: {reason}"), reason="unreadable answer") from error
    return tree


def _cited(citing: Citing, folder: Path) -> list[str]:
    """Put style and sources where pandoc finds them and return what it is to be told."""
    style, items = folder / "style.csl", folder / "items.json"
    style.write_text(citing.style, encoding="utf-8", errors="replace")
    items.write_text(json.dumps([_bounded(item) for item in citing.items]), encoding="utf-8")
    return ["--citeproc", f"--csl={style}", f"--bibliography={items}", f"--metadata=lang:{citing.locale}"]


# --- documents ---------------------------------------------------------------------------------------------------


def convert(
    document: Mapping[str, object],
    to: str,
    *,
    reference: Path | bytes | None = None,
    standalone: bool = True,
    wrap: bool = False,
    citing: Citing | None = None,
) -> bytes:
    """Return ``document`` (pandoc's JSON tree) written in the format ``to``, one of `WRITERS`.

    ``reference`` is the docx or odt (its path or its bytes) whose styles the new one takes; with ``citing`` its citations are
    formatted and the references put at their end. Raises `Refused` if pandoc
    cannot do it.
    """
    if to not in WRITERS:
        raise ValueError(to)
    arguments = ["--from=json", f"--to={to}", "--output=-", f"--wrap={'auto' if wrap else 'none'}"]
    if standalone:
        arguments.append("--standalone")
    styled = taken(reference, to) if isinstance(reference, Path) else reference
    try:
        given = json.dumps(document).encode()
    except RecursionError as error:
        raise Refused(N_("Pandoc failed: {reason}"), reason="nested too deep") from error
    with tempfile.TemporaryDirectory(prefix="libreview-") as folder:
        if styled is not None:
            path = Path(folder) / f"reference.{to}"
            path.write_bytes(styled)
            arguments.append(f"--reference-doc={path}")
        if citing is not None:
            arguments += _cited(citing, Path(folder))
        return _run(arguments, given, folder, _TIMEOUT + len(given) / 100_000)
