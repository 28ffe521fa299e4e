"""Hostile inputs, made anew for each test: ``python tests/attacks/make.py FOLDER`` lays them all out to be looked at.

`ATTACKS` has one row an attack. Each becomes a review folder of files that somebody else may have sent: none of them may
reach the terminal raw, take the program down, keep it busy, or make it write outside the folder.
"""

from __future__ import annotations

import io
import os
import socket
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["ATTACKS", "QUERIES", "SPREADSHEETS", "UNASKED", "WORDS", "Attack", "lay"]

UNASKED = "What nobody asked for."
"""What stands in the files outside of the review."""


@dataclass(frozen=True, slots=True)
class Attack:
    """Files of a review by path (bytes; names with strange bytes as the file system gives them), and links.

    ``links`` lead from a path to what is to be found outside, beside the review. ``pipes`` and ``sockets`` are no files at
    all. ``usable`` are keys of sources that must be there whatever stands around them. ``words`` is a command that takes
    one of the files by name.
    """

    name: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    usable: tuple[str, ...] = ()
    pipes: tuple[str, ...] = ()
    sockets: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


GOOD = b"\n@book{good,\n  author = {Wijaya, Rina},\n  title = {Two harbours},\n  year = {2001},\n}\n"
CARD = "---\nsource: good\ncoder: rina\n---\n\nA careful account.\n\n> {} [@good, p. 12] #trade ^k3f9q2\n"

_ESCAPES = {
    "colours": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J\x1b[H",
    "link": "\x1b]8;;file:///etc/passwd\x1b\\press here\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07",
    "c1": "\x9b31mred\x9d0;title\x9c\x90q\x85next",
    "overwrite": "harmless\rHARMFUL\x08\x08\x0b\x0c\x7f\x00end",
    "bidi": "\u202eknil\u202c \u2066isolated\u2069 \u200fmark \u2028line \u2029paragraph",
    "invisible": "zero\u200bwidth \ufeffmark \U000e0041tag \ufff9note\ufffb",
    "rich": "[bold red]loud[/] [/nothing] [link=javascript:alert(1)]press[/link] [[ :skull: [@click=quit]",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)></textarea><!-- <b>",
    "markdown": "[press](javascript:alert(1)) ![](http://example.org/seen.png) `code` | cell | ```{=html}",
    "formula": '=HYPERLINK("http://example.org","press")',
    "formula-signs": "\t=1+1 \uff1d1+1 +1 -1 @SUM(A1)",
    "latex": r"\input{/etc/passwd} \write18{touch harm} \csname end\endcsname \catcode`\@=0 $\frac{1}{0}$ ^^5c",
    "format": "{subject} {0} {} %s %(name)s ${HOME} $(touch harm) `touch harm`",
    "surrogates": "lone \\ud800 and a pair",
}


def _entry(title: str, *, key: str = "bad", author: str = "Hartono, Adi", more: str = "") -> bytes:
    return (
        f"@article{{{key},\n  author = {{{author}}},\n  title = {{{title}}},\n  year = {{2001}},\n{more}}}\n".encode()
    )


def _texts() -> list[Attack]:
    """Return each escape in all places that a person may write in."""
    attacks = []
    for name, text in _ESCAPES.items():
        plain = text.replace("{", "(").replace("}", ")")
        inner = plain.replace("%", "")
        toml = "".join(
            f"\\u{ord(char):04x}" if ord(char) < 32 or char in '"\\' else char for char in plain if char < "\U00010000"
        )
        more = f"  journal = {{{plain}}},\n  note = {{{plain}}},\n  url = {{{inner}}},\n  file = {{{inner}}},\n  doi = {{{inner}}},\n"
        files = {
            "sources/bad.bib": _entry(plain, author=f"{inner}, {inner} and {{{inner}}}", more=more) + GOOD,
            "notes/card.md": CARD.format(text).encode("utf-8", "surrogatepass"),
            "notes/front.md": f"---\nsource: {text}\ncoder: {text}\n{text}: {text}\n---\n\n{text}\n".encode(),
            "notes/codebook.toml": (
                f'[trade]\nlabel = "{toml}"\ndefinition = "{toml}"\naliases = ["{toml}"]\n"{toml}" = 1\n["{toml}"]\n'
            ).encode(),
            "sources/screening.toml": (
                f'[[decision]]\nsource = "good"\nverdict = "exclude"\nreason = "{toml}"\ncoder = "{toml}"\n"{toml}" = 1\n'
                f'[[decision]]\nsource = "{toml}"\nverdict = "{toml}"\n'
            ).encode(),
            "libreview.toml": f'title = "{toml}"\nquestion = "{toml}"\n"{toml}" = "{toml}"\n'.encode(),
        }
        attacks.append(Attack(f"text-{name}", files, usable=("good",)))
    return attacks


def _bibs() -> list[Attack]:
    """Return files that break readers of BibTeX."""
    deep = "{" * 20_000 + "x" + "}" * 20_000
    names = {
        "escape-in-key": _entry("x", key="bad\x1b[31m"),
        "traversal-in-key": b"".join(_entry("x", key=key) for key in ("../../../harm", "/var/harm", "..\\harm", "-rf", "~", "a/b")),
        "reserved-names": b"".join(_entry("x", key=key) for key in ("CON", "nul", "aux.bib", "COM1", "a.", "a" * 400, "a:b?*")),
        "invisible-keys": b"".join(_entry("x", key=key) for key in ("bad\u200b1", "bad1", "b\u0430d1", "BAD1", "ba\u0301d", "b\u00e1d")),
        "proto-key": _entry("x", key="__proto__") + _entry("y", key="constructor"),
        "same-key-thrice": _entry("x") * 3,
        "field-thrice": b"@book{bad, title={a}, title={b}, Title={c}}",
        "no-comma": b"@book{bad, title={a} author={b} year=2001}",
        "in-parentheses": b'@book(bad, title = "a (b) c", note = {)}, year = 2001)',
        "strings-without-end": b'@string{a0 = "xxxxxxxxxx"}\n'
        + b"".join(f"@string{{a{n} = {' # '.join([f'a{n - 1}'] * 10)}}}\n".encode() for n in range(1, 30))
        + b"@book{bad, title = a29}",
        "string-of-itself": b"@string{a = a # a}\n@book{bad, title = a # b # a}",
        "parents-in-a-ring": b"".join(
            f"@book{{ring{n}, title={{x}}, crossref={{ring{(n + 1) % 500}}}, xdata={{ring{(n + 7) % 500},ring{n}}}}}\n".encode()
            for n in range(500)
        ),
        "comment-without-end": GOOD + b'@comment{ {{{ \n@preamble{ "\\newwrite" # ',
        "quotes": b'@book{bad, title = "' + b'{"}' * 5_000 + b'"}',
        "open-quotes": b'@book{bad, title = "' + b'" # "' * 5_000,
        "at-signs": b"@" * 200_000,
        "at-lines": b"@a{\n" * 30_000,
        "at-parentheses": b"@a(b,\n" * 20_000,
        "at-in-text": b"a@b{c, d = {e}} " * 10_000,
        "braces-open": b"@book{bad, title = {" * 10_000,
        "braces-closed": b"}" * 200_000,
        "braces-deep": _entry(deep),
        "braces-escaped": b"@book{bad, title = {" + b"\\{" * 50_000 + b"}}",
        "backslashes": _entry("\\" * 100_000 + "x"),
        "no-type": b"@{bad, title={x}}\n@ {bad}\n@",
        "no-key": b"@book{, title={x}}\n@book{}\n@book{=}\n@book{title={x}}\n@book{bad}",
        "not-utf-8": b"@book{bad, title={caf\xe9 \xff\xfe \x81}, author={M\xfcller}}",
        "half-characters": b"@book{bad, title={\xed\xa0\x80 \xc0\xaf \xf4\x90\x80\x80 \xe2\x82}}",
        "utf-16": "\ufeff@book{bad, title={Zwei H\u00e4fen}}".encode("utf-16-le"),
        "utf-16-broken": b"\xff\xfe@\x00b\x00o\x00o\x00k\x00{\x00b\x00\x00\xd8",
        "utf-32-mark": b"\xff\xfe\x00\x00@book{bad, title={x}}",
        "nul": b"@book{bad\x00key, title={before\x00after}, \x00 = {x}}\x00",
        "line-ends": b"@book{bad,\r title={a},\r\n\n\r author={b},\x0b year=2001\x0c}\r",
        "huge-field": _entry("x " * 500_000),
        "huge-word": _entry("x" * 1_000_000),
        "many-fields": b"@book{bad,\n" + b"".join(f"f{n} = {{{n}}},\n".encode() for n in range(20_000)) + b"}",
        "many-authors": _entry("x", author=" and ".join(f"Family{n}, Given" for n in range(20_000))),
        "many-commas": _entry("x", author="," * 30_000),
        "many-ands": _entry("x", author="and " * 30_000),
        "name-spaces": _entry("x", author="a" + " " * 200_000 + "b"),
        "spaces": b"@book{bad," + b" " * 300_000 + b"title={x}}",
        "macros": _entry("\\'" * 30_000 + '\\"{' * 10_000 + "}" * 10_000),
        "math": _entry("$" * 50_001),
        "tildes": _entry("~" * 50_000 + "-" * 50_000),
        "hash-signs": b"@book{bad, title = " + b"# " * 50_000 + b"}",
        "percent": b"@book{bad,\n" + b"% title = {x},\n" * 20_000 + b"title = {y}}",
        "big-number": b"@book{bad, title={x}, year=" + b"9" * 20_000 + b", volume=" + b"9" * 20_000 + b"}",
        "odd-dates": b"".join(
            f"@book{{d{n}, title={{x}}, author={{A, B}}, date={{{date}}}}}\n".encode()
            for n, date in enumerate(("9" * 5_000, "-9999/..", "2001-13-45", "\u0662\u0660\u0660\u0661", "/", "2001-02-30/2000", "1e9"))
        ),
        "outside-files": b"".join(
            _entry("x", key=f"f{n}", more=f"  file = {{{file}}},\n  url = {{{file}}},\n")
            for n, file in enumerate(("/etc/passwd", "../outside/secret.txt", "\\\\host\\share", ":;:;", "a:b:c", "file:///etc/passwd"))
        ),
    }  # fmt: skip
    # what cannot be closed takes what follows with it, so the good entry stands before
    return [
        Attack(f"bib-{name}", {"sources/bad.bib": GOOD + b"\n" + data}, usable=("good",))
        for name, data in names.items()
    ]


def _notes() -> list[Attack]:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
    )
    notes = {
        "yaml-bomb": f"---\n{bomb}source: good\n---\n\nText.\n",
        "yaml-tags": "---\nsource: !!python/object/apply:os.system ['touch harm']\ncoder: no\ncoder: 1e9\n? x\n---\n",
        "yaml-open": "---\n" * 20_000,
        "quotes": "> " * 50_000 + "x [@good] #trade",
        "quoted-lines": "> x [@good, p. 1] #trade\n" * 5_000,
        "items": "".join(" " * n + "- x\n" for n in range(3_000)),
        "brackets": "[" * 50_000 + "@good" + "]" * 50_000 + " #trade\n",
        "citations": "> x [" + "@good, p. 1; " * 20_000 + "@good] #trade\n",
        "tags": "> x [@good] " + "#trade " * 20_000 + "\n",
        "ids": "> x [@good] " + "^id1 " * 20_000 + "\n",
        "tags-only": "#" * 100_000 + "\n" + "# " * 50_000,
        "carets": "^" * 100_000 + "\n- ^" + "a" * 100_000,
        "backticks": "".join("`" * (n % 300 + 1) + " " for n in range(3_000)),
        "fences": "```\n~~~\n" * 20_000 + "````x",
        "comments": "<!-- " * 30_000 + "%% " * 30_000,
        "emphasis": "*_" * 30_000 + "> " + "**a" * 30_000 + " [@good] #trade\n",
        "table": "| a " * 20_000 + "\n" + "|---" * 20_000 + "\n",
        "locators": "> x [@good, " + "hlm. 1-" * 20_000 + "] #trade\n",
        "spaces": "> x" + " " * 200_000 + "[@good] #trade" + " " * 200_000 + "\n",
        "line": "x" * 1_000_000 + " [@good] #trade\n",
        "line-ends": "> x\r\r\n\r> [@good, p. 1] #trade \u2028\x85\x0b\x0c\n",
        "nul": "---\nsource: good\x00\n---\n> be\x00fore [@good, p. \x00] #tr\x00ade ^k3\x00\n",
        "conflicts": "<<<<<<<\n=======\n>>>>>>>\n" * 10_000,
        "raw-formats": "> x `\\input{/etc/passwd}`{=latex} [@good] #trade\n\n```{=html}\n<script>alert(1)</script>\n```\n",
        "footnotes": "".join(f"[^{n}]: x[^{n + 1}]\n\n" for n in range(3_000)),
        "codings": "- ^k3f9q2 #trade\n" * 5_000,
    }  # fmt: skip
    attacks = [
        Attack(f"note-{name}", {"sources/good.bib": GOOD, "notes/bad.md": text.encode()}, usable=("good",))
        for name, text in notes.items()
    ]
    raw = {
        "not-utf-8": b"---\nsource: good\n---\n> caf\xe9 \xff [@good, p. 1] #tr\xe4de ^k3f9q2\n",
        "utf-16": "\ufeff> x".encode("utf-16"),
    }
    attacks += [
        Attack(f"note-{name}", {"sources/good.bib": GOOD, "notes/bad.md": data}, usable=("good",))
        for name, data in raw.items()
    ]
    return attacks


def _tomls() -> list[Attack]:
    """Return hostile TOML, each as the codebook and as the settings."""
    texts = {
        "deep": "a = " + "[" * 20_000 + "]" * 20_000,
        "deep-tables": "a = " + "{a=" * 5_000 + "1" + "}" * 5_000,
        "dotted": ".".join(["a"] * 20_000) + " = 1",
        "dotted-table": "[" + ".".join(["a"] * 20_000) + "]\n",
        "dotted-strings": "[trade]\n" + '."a"' * 10_000 + " = 1\n",
        "many-tables": "".join(f"[t{n}]\nparent = 't{n + 1}'\n" for n in range(3_000)),
        "ring": "".join(f"[t{n}]\nparent = 't{(n + 1) % 1_000}'\n" for n in range(1_000)),
        "big-number": "a = " + "9" * 20_000,
        "odd-ids": '["../../harm"]\n["__proto__"]\n["<b>"]\n[""]\n["\\u0000"]\n[none]\n["a b"]\n[-]\n["x\\u202ey"]\n[a.b]\n[[c]]\n',
        "odd-values": "[trade]\nlabel = {en = 1}\nparent = ['x']\ncolour = 'expression(alert(1))'\nexamples = [[1]]\naliases = {a = 1}\n",
        "open-string": '[trade]\ndefinition = """' + "x\n[a]\n" * 5_000,
        "quotes": "[trade]\na = " + '"' * 50_000,
        "brackets": "[" * 100_000,
        "surrogate": '[trade]\nlabel = "\\ud800"\n',
        "control": '[trade]\nlabel = "\x1b[31m\x00"\n[bad\x1b]\n',
        "spaces": "[trade]\nlabel" + " " * 200_000 + "= 'x'",
        "notes-outside": 'notes = ["../outside", "/etc", "..\\\\x", "~"]\nignore-tags = [1]\nlanguage = ["id"]\n',
        "libraries-as-places": 'libraries = ["../../etc/passwd", "~/x", "/dev/zero", "zotero"]\n',
        "libraries-unknown": 'libraries = ["zotero", "secret", "library"]\n',
        "libraries-many": "libraries = [" + ", ".join(f'"x{n}"' for n in range(1_000)) + "]\n",
        "libraries-tables": '[libraries.zotero]\npath = "/etc/passwd"\nreviews = ["/"]\n',
        "odd-settings": 'notes = []\nlanguage = "../../../etc"\ncitation-style = "../../../etc/passwd"\neditor = "touch harm"\n',
    }  # fmt: skip
    attacks = []
    for name, text in texts.items():
        data = text.encode("utf-8", "surrogatepass")
        screening = {"sources/screening.toml": data.replace(b"[trade]", b"[[decision]]")}
        files = {"sources/good.bib": GOOD, "notes/codebook.toml": data, "libreview.toml": data, **screening}
        attacks.append(Attack(f"toml-{name}", files, usable=("good",)))
    for name, data in {"not-utf-8": b"[tr\xe4de]\nlabel = '\xff'\n", "utf-16": "\ufeff[a]\n".encode("utf-16")}.items():
        attacks.append(
            Attack(
                f"toml-{name}",
                {
                    "notes/codebook.toml": data,
                    "libreview.toml": data,
                    "sources/screening.toml": data,
                    "sources/good.bib": GOOD,
                },
            )
        )
    return attacks


def _file_names() -> list[Attack]:
    names = (
        b"\x1b[31mred\n", b"\xff\xfe", b"-rf", b"--help", b"a\\b", b"a b;touch harm", b"%s{0}{subject}", "\u202egnp".encode(), b"x" * 200,
        b"con", b"#trade", b"a\tb", "e\u0301".encode(), "\u00e9".encode(), b"*", b"'", b'"', b"$(touch harm)", b"[bold]x", b" ",
    )  # fmt: skip
    files = {}
    for name in names:
        files[os.fsdecode(b"sources/" + name + b".bib")] = b"@book{" + name.hex().encode() + b", title = {x\n"
        files[os.fsdecode(b"notes/" + name + b".md")] = (
            b"---\nsource: nobody\nx\n---\n> Two harbours [@good, p. 1] #trade\n> x\n"
        )
    return [Attack("file-names", {**files, "sources/good.bib": GOOD}, usable=("good",))]


def _links() -> list[Attack]:
    good = {"sources/good.bib": GOOD, "notes/card.md": CARD.format("Two harbours.").encode()}
    links = {
        "source": {"sources/link.bib": "secret.bib"},
        "note": {"notes/link.md": "secret.md"},
        "codebook": {"notes/codebook.toml": "secret.toml"},
        "screening": {"sources/screening.toml": "secret.toml"},
        "folder-in-sources": {"sources/more": "."},
        "sources": {"sources": "."},
        "notes": {"notes": "."},
        "imported": {"sources/imported": "."},
        "journal": {".libreview": "."},
        "staging": {".libreview/staging": "."},
        "committed": {".libreview/committed": "."},
        "lock": {".libreview/lock": "secret.txt"},
        "ignored": {".libreview/.gitignore": "nothing-yet.txt"},
        "dangling": {"sources/gone.bib": "nothing-yet.bib", "notes/good.md": "nothing-yet.md"},
    }
    attacks = []
    for name, some in links.items():
        kept = {path: data for path, data in good.items() if not any(path.startswith(f"{link}/") for link in some)}
        usable = ("good",) if "sources/good.bib" in kept else ()
        attacks.append(Attack(f"link-{name}", kept, some, usable=usable))
    return attacks


def _journals() -> list[Attack]:
    """Return reviews that come with a journal of changes that nobody here made."""
    manifests = {
        "outside": b'{"summary": "", "files": [{"path": "../outside/harm.txt", "old": "", "new": "%s"}]}',
        "absolute": b'{"summary": "", "files": [{"path": "/var/harm.txt", "old": "", "new": "%s"}]}',
        "other-content": b'{"summary": "", "files": [{"path": "sources/good.bib", "old": "00", "new": "%s"}]}',
        "types": b'{"summary": 1, "files": [{"path": 5, "old": [], "new": {}}]}',
        "rows": b'{"files": [1, null, []]}',
        "list": b"[[]]",
        "deep": b"[" * 100_000,
        "number": b"9" * 10_000,
        "text": b"\xff\xfe not json",
    }
    digest = b"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"  # of "foo"
    return [
        Attack(
            f"journal-{name}",
            {
                "sources/good.bib": GOOD,
                ".libreview/committed/manifest.json": manifest.replace(b"%s", digest),
                ".libreview/committed/0": b"foo",
            },
        )
        for name, manifest in manifests.items()
    ]


def _no_files() -> list[Attack]:
    """Return reviews with pipes, sockets and devices where files are looked for."""
    good = {"sources/good.bib": GOOD, "notes/card.md": CARD.format("Two harbours.").encode()}
    places = (
        "sources/x.bib",
        "notes/x.md",
        "notes/codebook.toml",
        "sources/screening.toml",
        ".libreview",
        ".libreview/lock",
        "sources/imported",
    )
    devices = {"sources/x.bib": "/dev/zero", "notes/x.md": "/dev/zero", "notes/codebook.toml": "/dev/stdin"}
    devices |= {"sources/screening.toml": "/dev/zero"}
    words = ("export", "bibliography", "--all", "--style", "x.csl", "--format", "html")
    return [
        Attack("no-file-pipes", good, usable=("good",), pipes=places[:4]),
        Attack("no-file-pipe-for-folder", good, usable=("good",), pipes=places[4:5]),
        Attack("no-file-pipe-for-lock", good, usable=("good",), pipes=places[5:]),
        Attack("no-file-sockets", good, usable=("good",), sockets=("sources/x.bib", "notes/x.md", ".libreview/lock")),
        Attack("no-file-devices", good, devices, usable=("good",)),
        Attack("no-file-style-pipe", good, usable=("good",), pipes=("x.csl",), words=words),
        Attack("no-file-style-device", good, {"x.csl": "/dev/zero"}, usable=("good",), words=words),
        Attack("no-file-chapter-pipe", good, pipes=("x.md",), words=("export", "sources", "--cited", "x.md")),
        Attack("no-file-import-device", good, {"x.bib": "/dev/zero"}, words=("import", "x.bib")),
        Attack("no-file-import-pipe", good, pipes=("x.bib",), words=("import", "x.bib")),
        Attack("no-file-reference-pipe", good, pipes=("x.docx",),
               words=("export", "bibliography", "--all", "--reference-doc", "x.docx", "--format", "docx")),
    ]  # fmt: skip


_STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>{title}</title>
<id>x</id><updated>2001-01-01T00:00:00Z</updated>{link}</info>{macros}<citation><layout><text variable="title"/></layout></citation>
<bibliography><layout>{layout}</layout></bibliography></style>"""


def _style(*, head: str = "", title: str = "x", link: str = "", macros: str = "", layout: str = "") -> bytes:
    layout = layout or '<text variable="title"/>'
    return (head + _STYLE.format(title=title, link=link, macros=macros, layout=layout)).encode("utf-8", "surrogatepass")


def _styles() -> list[Attack]:
    """Return citation styles that a folder brings along: each is named on the command line and by the settings."""
    laughs = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    group = "<group>" * 5_000 + '<text variable="title"/>' + "</group>" * 5_000
    ring = '<macro name="a"><text macro="b"/></macro><macro name="b"><text macro="a"/><text macro="a"/></macro>'
    twice = "".join(f'<macro name="m{n}">{f"""<text macro="m{n - 1}"/>""" * 10}</macro>' for n in range(1, 9))
    texts = {
        "laughs": _style(head=f"<!DOCTYPE style [{laughs}]>", title="&a9;"),
        "outside": _style(head='<!DOCTYPE style [<!ENTITY x SYSTEM "file:///etc/passwd">]>', title="&x;"),
        "network": _style(head='<!DOCTYPE style SYSTEM "http://example.org/x.dtd">'),
        "instruction": _style(head='<?xml-stylesheet href="http://example.org/x.xsl"?>'),
        "parent-network": _style(link='<link rel="independent-parent" href="http://example.org/nowhere"/>'),
        "parent-outside": _style(link='<link rel="independent-parent" href="file:///etc/passwd"/>'),
        "parent-climbs": _style(link='<link rel="independent-parent" href="../../../../etc/passwd"/>'),
        "escapes": _style(title="\x1b[31m&#27;[31m \u202e &#x202e; &#x9b;31m"),
        "deep": _style(layout=group),
        "ring": _style(macros=ring, layout='<text macro="a"/>'),
        "macros": _style(
            macros='<macro name="m0"><text variable="title"/></macro>' + twice, layout='<text macro="m8"/>'
        ),
        "literal": _style(layout='<text value="&lt;script&gt;alert(1)&lt;/script&gt; \\input{x} =1+1 &#x85;"/>'),
        "huge-text": _style(layout=f'<text value="{"x" * 900_000}"/>'),
        "huge": _style(layout=f'<text value="{"x" * 2_000_000}"/>'),
        "spaces": _style(layout="<names" + " " * 200_000 + ' variable="author">' + " " * 200_000 + "<label/></names>"),
        "attributes": _style(layout="<text " + " ".join(f'a{n}="x"' for n in range(20_000)) + "/>"),
        "utf-7": b'<?xml version="1.0" encoding="utf-7"?>+ADw-style+AD4-',
        "utf-16": _style().decode().encode("utf-16"),
        "not-utf-8": _style(title="x").replace(b"x", b"\xff"),
        "no-xml": b"\x00" * 1_000,
        "empty": b"",
        "only-notes": b'<style xmlns="http://purl.org/net/xbiblio/csl" class="note"><citation/></style>',
    }
    words = ("export", "bibliography", "--all", "--style", "x.csl", "--format", "html")
    good = {"sources/good.bib": GOOD, "notes/card.md": CARD.format("Two harbours.").encode()}
    made = [
        Attack(
            f"style-{name}",
            {**good, "x.csl": data, "libreview.toml": b'citation-style = "x.csl"\n'},
            usable=("good",),
            words=words,
        )
        for name, data in texts.items()
    ]
    for name in (
        "../outside/secret.csl",
        "/etc/passwd.csl",
        "~/x.csl",
        "\\\\host\\x.csl",
        "file:///x.csl",
        "http://example.org/x.csl",
        "-x.csl",
    ):
        toml = f"citation-style = '{name}'\n".encode()
        made.append(Attack(f"style-named-{len(made)}", {**good, "libreview.toml": toml}, usable=("good",), words=words))
    made.append(Attack("style-link", good, {"x.csl": "secret.csl"}, usable=("good",), words=words))
    return made  # fmt: skip


def _packed(members: Mapping[str, bytes], twice: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 1)
        if twice:
            archive.writestr(zipfile.ZipInfo(f"{twice[:-1]}?"), b"other")
    return out.getvalue().replace(f"{twice[:-1]}?".encode(), twice.encode()) if twice else out.getvalue()


def _documents() -> list[Attack]:
    """Return Word documents that somebody may offer as one whose styles are to be taken."""
    text = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
    plain = {"word/document.xml": text, "[Content_Types].xml": b"<Types/>", "word/styles.xml": b"<styles/>"}
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, (b"&a%s;" % (b"%d" % (n - 1) if n else b"")) * 10) for n in range(9)
    )
    zeros = b"\0" * (400 << 20)
    bomb = _packed({**plain, "word/styles.xml": zeros})
    size = len(zeros).to_bytes(4, "little")
    made = {
        "bomb": bomb,
        "bomb-that-lies": bomb.replace(size, (100).to_bytes(4, "little")),
        "climbing-names": _packed({**plain, "../../outside/harm.txt": b"x", "/var/harm": b"x", "a\\..\\b": b"x"}),
        "name-twice": _packed(plain, "word/document.xml"),
        "many-members": _packed({**plain, **{f"word/media/{n}.png": b"x" for n in range(20_000)}}),
        "entities": _packed({**plain, "word/styles.xml": laughs + b"]><styles>&a8;</styles>"}),
        "deep": _packed({**plain, "word/styles.xml": b"<a>" * 100_000 + b"</a>" * 100_000}),
        "cut": _packed(plain)[:-40],
        "no-zip": b"PK\x03\x04" + b"\xff" * 1_000,
        "no-parts": _packed({"word/document.xml": b""}),
    }
    words = ("export", "bibliography", "--all", "--reference-doc", "x.docx", "--format", "docx")
    good = {"sources/good.bib": GOOD, "notes/card.md": CARD.format("Two harbours.").encode()}
    return [
        Attack(f"document-{name}", {**good, "x.docx": data}, usable=("good",), words=words)
        for name, data in made.items()
    ]


def _spreadsheets() -> list[Attack]:
    """Return coding sheets and codebooks that a coder may send back."""
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
    package = b'xmlns="http://schemas.openxmlformats.org/package/2006/'
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    row = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c><c r="B%d" t="inlineStr"><is><t>x</t></is></c></row>'
    top = row % (1, 1, b"theme", 1)
    plain = {
        "[Content_Types].xml": b"<Types " + package + b'content-types"><Default Extension="rels" ContentType="'
        b'application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="'
        + kind + b'sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="' + kind
        + b'worksheet+xml"/></Types>',
        "_rels/.rels": b"<Relationships " + package + b'relationships"><Relationship Id="rId1" Type="' + office
        + b'/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": b"<workbook " + main + b' xmlns:r="' + office
        + b'"><sheets><sheet name="x" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": b"<Relationships " + package + b'relationships"><Relationship Id="rId1" Type="'
        + office + b'/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }  # fmt: skip

    def book(rows: bytes, before: bytes = b"", **more: bytes) -> bytes:
        sheet = before + b"<worksheet " + main + b"><sheetData>" + rows + b"</sheetData></worksheet>"
        return _packed({**plain, "xl/worksheets/sheet1.xml": sheet, **more})

    zeros = b" " * (200 << 20)
    bomb = book(zeros)
    entity = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    workbooks = {
        "plain": book(top + row % (2, 2, b"trade", 2)),
        "bomb": bomb,
        "entities": book(top + row % (2, 2, b"&a;", 2), entity),
        "deep": book(b"<x>" * 100_000 + b"</x>" * 100_000),
        "wide": book(b"<x/>" * 3_000_000),
        "far-row": book(top + row % (1_048_576, 1_048_576, b"trade", 1_048_576)),
        "far-column": book(b'<row r="1"><c r="XFD1" t="inlineStr"><is><t>theme</t></is></c></row>' * 50_000),
        "formula": book(top + b'<row r="2"><c r="A2"><f>WEBSERVICE("http://example.org")</f><v>trade</v></c></row>'),
        "name-twice": _packed(plain, "xl/workbook.xml"),
        "cut": bomb[:-40],
        "no-zip": b"PK\x03\x04" + b"\xff" * 1_000,
        "no-parts": _packed({"xl/workbook.xml": b""}),
    }
    good = {"sources/good.bib": GOOD, "notes/card.md": CARD.format("Two harbours.").encode()}
    made = [
        Attack(f"workbook-{name}", {**good, "x.xlsx": data}, usable=("good",), words=("import", "x.xlsx"))
        for name, data in workbooks.items()
    ]
    for name, text in _ESCAPES.items():
        cell = text.replace('"', '""').encode("utf-8", "surrogatepass")
        sheet = b'coder,excerpt,text,themes,"' + cell + b'"\n"' + cell + b'",^k3f9q2,Two harbours.,"' + cell + b'"\n'
        table = b'theme,definition,"' + cell + b'"\n"' + cell + b'","' + cell + b'"\n'
        made += [
            Attack(f"sheet-{name}", {**good, "x.csv": sheet}, usable=("good",), words=("import", "x.csv")),
            Attack(f"codebook-{name}", {**good, "x.csv": table}, usable=("good",), words=("import", "x.csv")),
        ]
    return made


def _programs() -> list[Attack]:
    """Return reviews that name programs, or hold what other programs would run."""
    harm = b"#!/bin/sh\ntouch harm\n"
    named = "".join(
        f'{key} = "touch harm"\n'
        for key in (
            "editor",
            "pager",
            "pandoc",
            "filter",
            "template",
            "plugins",
            "hook",
            "opener",
            "browser",
            "shell",
            "coder",
        )
    )
    python = b"raise SystemExit('taken over')\n"
    files = {
        "settings": {"libreview.toml": named.encode() + b'[hooks]\npost-import = "touch harm"\n[aliases]\nlist = "!touch harm"\n'},
        "git": {
            ".gitattributes": b"* filter=harm diff=harm merge=harm\n",
            ".git/config": b"[core]\n fsmonitor = touch harm\n hooksPath = .\n pager = touch harm\n[filter.harm]\n clean = touch harm\n",
            ".git/hooks/post-commit": harm, ".git/HEAD": b"ref: refs/heads/main\n", "pre-commit": harm,
        },
        "pandoc": {
            "defaults.yaml": b"filters: [harm.lua]\n", "default.latex": b"\\write18{touch harm}", "harm.lua": b"os.execute('touch harm')",
            ".pandoc/templates/default.html5": b"<script>alert(1)</script>", "reference.docx": b"PK", "pandoc": harm,
            "csl/apa.csl": b"<style/>", "notes/front.md": b"---\nsource: good\nfilters: [harm.lua]\ncsl: http://example.org/x.csl\n---\n",
        },
        "python": {f"{name}.py": python for name in ("sqlite3", "json", "click", "msgspec", "libreview", "sitecustomize", "conftest")},
        "shell": {".env": b"EDITOR='touch harm'\n", ".envrc": harm,
            "Makefile": b"all:\n\ttouch harm\n", "libreview": harm, ".libreviewrc": harm},
        "configuration": {"config.toml": b'editor = "touch harm"\ncoder = "\\u001b[31m"\n',
            ".config/libreview/config.toml": b'editor = "touch harm"\n'},
        "index": {
            ".libreview/index.sqlite": b"SQLite format 3\0" + b"\xff" * 4_000, ".libreview/index": b"x",
            ".libreview/memory.json": b"[" * 50_000,
            ".libreview/undo/1.json": b'{"files": [{"path": "../outside/secret.txt", "start": 0, "end": 9, "old": ""}]}',
            ".libreview/undo.json": b"[" * 50_000, ".libreview/accepted": b"x", ".libreview/token": b"x",
        },
    }  # fmt: skip
    return [
        Attack(f"program-{name}", {"sources/good.bib": GOOD, **some}, usable=("good",)) for name, some in files.items()
    ]


def _large() -> list[Attack]:
    """Return single values of a million signs, and more of what there is to be many of."""
    long = "x" * 1_000_000
    bibs = {
        "key": _entry("x", key=long),
        "type": f"@{long}{{bad, title={{x}}}}\n".encode(),
        "field-name": f"@book{{bad, {long}={{x}}}}\n".encode(),
        "author": _entry("x", author=long),
        "former-keys": _entry("x", more=f"  ids = {{{','.join(f'old{n}' for n in range(20_000))}}},\n"),
        "keywords": _entry("x", more=f"  keywords = {{{','.join(f'word {n}' for n in range(20_000))}}},\n"),
        "file-field": _entry("x", more=f"  file = {{{';'.join(f':a{n}.pdf:PDF' for n in range(20_000))}}},\n"),
        "url": _entry("x", more=f"  url = {{http://example.org/{long}}},\n  doi = {{10.1/{long}}},\n"),
        "abstract": _entry("x", more=f"  abstract = {{{'word ' * 200_000}}},\n"),
        "line": b"% " + long.encode() + b"\n" + long.encode(),
        "entries": b"".join(f"@misc{{k{n}}}\n".encode() for n in range(500)),
        "nested-commands": _entry("\\emph{" * 5_000 + "x" + "}" * 5_000),
        "html-tags": _entry("<b>" * 20_000 + "x" + "</i>" * 20_000),
        "quotation-marks": _entry("``" * 20_000 + "x" + "''" * 20_000 + '"' * 1),
        "combining": _entry("a" + "\u0301" * 100_000),
        "wide": _entry("\U0001f469\u200d" * 50_000 + "\uff21" * 50_000),
        "edition": _entry(
            "x",
            more=f"  edition = {{{'1' * 5_000}}},\n  pages = {{{'1--' * 30_000}}},\n  number = {{{'IV' * 30_000}}},\n",
        ),
    }
    notes = {
        "theme": f"> x [@good] #{long}\n",
        "id": f"> x [@good] #trade ^{long}\n",
        "cited-key": f"> x [@{long}] #trade\n",
        "front": f"---\nsource: {long}\n{long}: {long}\n---\n",
        "heading": f"# {long}\n\n" + "# x\n" * 20_000,
        "quotation": "> " + "word " * 200_000 + "[@good, p. 1] #trade ^k3f9q2\n",
        "annotation": "---\nsource: good\n---\n\n" + "word *word* " * 8_000 + "\n",
        "annotation-nested": "---\nsource: good\n---\n\n"
        + "> " * 2_000
        + "x\n\n"
        + "".join("  " * n + "- x\n" for n in range(500)),
        "annotation-links": "---\nsource: good\n---\n\n" + "[x](" * 20_000 + "![a" * 20_000 + "<a@" * 10_000,
        "annotation-emphasis": "---\nsource: good\n---\n\n" + "*a **b _c __d " * 10_000,
        "annotation-table": "---\nsource: good\n---\n\n" + "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|x\n" * 2_000,
    }
    made = [
        Attack(f"large-{name}", {"sources/bad.bib": GOOD + b"\n" + data}, usable=("good",))
        for name, data in bibs.items()
    ]
    made += [
        Attack(f"large-{name}", {"sources/good.bib": GOOD, "notes/bad.md": text.encode()}, usable=("good",))
        for name, text in notes.items()
    ]
    return made  # fmt: skip


ATTACKS: tuple[Attack, ...] = (
    *_texts(),
    *_bibs(),
    *_notes(),
    *_tomls(),
    *_file_names(),
    *_links(),
    *_journals(),
    *_no_files(),
    *_styles(),
    *_documents(),
    *_programs(),
    *_large(),
)
"""Every attack on a review folder."""

SPREADSHEETS: tuple[Attack, ...] = tuple(_spreadsheets())
"""Tables that somebody sends, to be imported."""

QUERIES: tuple[str, ...] = (
    '"', '""', '"""', "*", "^", "-", "(", ")", "((((((", "')", "'; DROP TABLE source;--", "a OR", "AND", "NOT", "NEAR(", "OR OR",
    "NEAR(a b, 999999999999)", "body:x", "title : x", "{a b}: c", "a*b*c*", "a NOT b", "caf\u00e9", "C++", "p<0.05", "don't", 'a"b',
    "\u202ex", "\x00", "\x1b[31m", "%", "_", "a\nb", "\udcff", "not", "not not", "not not not x", ":", "::", "x:", ":x", "theme:",
    "theme:=", "theme:,", "theme:=,=", "year:", "year:..", "year:1..2..3", "year:99999999999999999999", "year:-1..x", "year:\u0662",
    "kind:x", "lang:../..", "source:*", "id:^", "id:'", 'coder:"a', "type:%", 'author:"', "\u3000", "\u0d7c", "\U0001f480",
    "(" * 20_000, "not " * 20_000 + "x", "x " * 20_000, "a" * 200_000, "theme:" + "a," * 20_000, '"' * 20_001, "author:x " * 5_000,
)  # fmt: skip
"""Queries that look like the languages below ours, or like nothing."""

WORDS: tuple[tuple[str, ...], ...] = (
    ("show", "a\nb"), ("show", ""), ("show", "--", "-rf"), ("show", "^"), ("show", "^../.."), ("show", "."), ("show", "0"),
    ("show", "999999999999999999999"), ("show", "\x1b[31m"), ("show", "\udcff"), ("show", "^\udcff"),
    ("show", "x" * 100_000), ("cite", "\u202e"),
    ("list", "--format", "\x1b[31m"), ("list", "--format", "../x"), ("list", "-o", "/"), ("list", "-o", "\udcff.md"),
    ("summary", "\x1b[31m"), ("summary", "__proto__"),
    ("table", "\x1b[31m"), ("table", ""), ("check", "../outside"), ("check", "/etc"),
    ("themes", "show", "\x1b[31m"), ("themes", "\x1b[31m"), ("\x1b[31m",), ("import", "/dev/null"), ("import", "."), ("import", "\x1b.bib"),
    ("import", "C:\\Users\\rina\\library.bib"), ("styles", "\x1b[31m"), ("export", "\x1b[31m"), ("list", "--\x1b[31m"),
    ("config", "\x1b[31m"),
    ("config", "\x1b[31m", "\x1b[31m"), ("tag", "good", "-p", "\x1b[31m", "-t", "\x1b[31m", "\x1b[31m"), ("untag", "^x", "\x1b"),
    ("list", "-o", "sources/good.bib"), ("list", "-o", "libreview.toml"), ("list", "-o", "notes/codebook.toml"),
)  # fmt: skip
"""Words of the command line that nobody means well with."""


def lay(attack: Attack, folder: Path) -> Path:
    """Lay ``attack`` out below ``folder`` and return the review; ``folder / "outside"`` holds what must stay as it is.

    Raises OSError where the file system cannot hold it.
    """
    outside = folder / "outside"
    outside.mkdir()
    for suffix in (".txt", ".bib", ".md", ".toml", ".json", ".csl"):
        (outside / f"secret{suffix}").write_text(f"{UNASKED}\n", encoding="utf-8")
    (outside / "manifest.json").write_text('{"summary": "", "files": []}', encoding="utf-8")
    review = folder / "review"
    review.mkdir()
    for path, data in {"libreview.toml": b"", **attack.files}.items():
        place = review / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    for path, target in attack.links.items():
        place = review / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(outside / target)
    for path in (*attack.pipes, *attack.sockets):
        place = review / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if path in attack.pipes:
            os.mkfifo(place)
        else:
            _listen(place)
    for name in ("sources", "notes"):
        if not (review / name).is_symlink():
            (review / name).mkdir(exist_ok=True)
    return review


def _listen(place: Path) -> None:
    """Make a socket; the name of one may have no more than some hundred bytes, so it is made where we are."""
    before = Path.cwd()
    os.chdir(place.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(place.name)
    finally:
        os.chdir(before)


if __name__ == "__main__":
    for one in ATTACKS:
        (Path(sys.argv[1]) / one.name).mkdir(parents=True)
        lay(one, Path(sys.argv[1]) / one.name)
