"""Hostile inputs, made anew for each test: ``python tests/attacks/make.py FOLDER`` lays them all out to be looked at.

`ATTACKS` has one row an attack. Each becomes a review folder of files that somebody else may have sent: none of them may
reach the terminal raw, take the program down, keep it busy, or make it write outside the folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["ATTACKS", "QUERIES", "UNASKED", "WORDS", "Attack", "lay"]

UNASKED = "What nobody asked for."
"""What stands in the files outside of the review."""


@dataclass(frozen=True, slots=True)
class Attack:
    """Files of a review by path (bytes; names with strange bytes as the file system gives them), and links.

    ``links`` lead from a path to what is to be found outside, beside the review. ``usable`` are keys of sources that
    must be there whatever stands around them.
    """

    name: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    usable: tuple[str, ...] = ()


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
        "odd-settings": 'notes = []\nlanguage = "../../../etc"\ncitation-style = "../../../etc/passwd"\neditor = "touch harm"\n',
    }  # fmt: skip
    attacks = []
    for name, text in texts.items():
        data = text.encode("utf-8", "surrogatepass")
        files = {"sources/good.bib": GOOD, "notes/codebook.toml": data, "libreview.toml": data}
        attacks.append(Attack(f"toml-{name}", files, usable=("good",)))
    for name, data in {"not-utf-8": b"[tr\xe4de]\nlabel = '\xff'\n", "utf-16": "\ufeff[a]\n".encode("utf-16")}.items():
        attacks.append(
            Attack(f"toml-{name}", {"notes/codebook.toml": data, "libreview.toml": data, "sources/good.bib": GOOD})
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


ATTACKS: tuple[Attack, ...] = (
    *_texts(),
    *_bibs(),
    *_notes(),
    *_tomls(),
    *_file_names(),
    *_links(),
    *_journals(),
)
"""Every attack on a review folder."""

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
    for suffix in (".txt", ".bib", ".md", ".toml", ".json"):
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
    for name in ("sources", "notes"):
        if not (review / name).is_symlink():
            (review / name).mkdir(exist_ok=True)
    return review


if __name__ == "__main__":
    for one in ATTACKS:
        (Path(sys.argv[1]) / one.name).mkdir(parents=True)
        lay(one, Path(sys.argv[1]) / one.name)
