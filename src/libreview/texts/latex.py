"""LaTeX in bibliographic fields: read to Unicode, read to the markup of CSL-JSON, written from Unicode.

One pass over the text with a stack of open groups, so that deep nesting costs no recursion and broken input no time.
What is not known stays as it was typed: a percent sign is text, ``C:\\temp`` is a path, mathematics is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["balanced", "csl", "decode", "encode", "special"]

_SPACES = str.maketrans("\t\r\n", "   ")
_TOKEN = re.compile(
    r"\\(?:[A-Za-z]++\*?|[^A-Za-z]|$)"
    r"|\$[_^](?:\{[\w+\-−]*+\}|\w)\$"  # an index or exponent alone: CO$_2$
    r"|\$(?:[^$\\{}]|\\.|\{[^{}$]*+\})*+\$"
    r"|[{}~]|---?|``|''"
)
_TIGHT = re.compile(r"[{}]")

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307", '"': "\u0308",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "d": "\u0323", "b": "\u0331",
    "r": "\u030a", "t": "\u0361", "U": "\u030e", "G": "\u030f", "h": "\u0309", "f": "\u0311",
}  # fmt: skip
_ALONE = {
    "\u0300": "`", "\u0301": "´", "\u0302": "^", "\u0303": "~", "\u0304": "¯", "\u0307": "˙", "\u0308": "¨",
    "\u0306": "˘", "\u030c": "ˇ", "\u030b": "˝", "\u0327": "¸", "\u0328": "˛", "\u030a": "˚",
}  # fmt: skip
"""What an accent over nothing looks like: ``\\~{}``."""

_MARKS = {
    "&": "&", "%": "%", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}", " ": " ", "\\": " ", "-": "", "/": "",
    "@": "", ",": "\u2009", ";": " ", ":": " ", "!": "", "(": "\\(", ")": "\\)", "[": "\\[", "]": "\\]",
}  # fmt: skip
"""Backslash and a character that is no letter."""

_SYMBOLS = {
    "ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å",
    "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ",
    "ng": "ŋ", "NG": "Ŋ", "ij": "ĳ", "IJ": "Ĳ", "textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}",
    "textasciitilde": "~", "textasciicircum": "^", "textasciigrave": "`", "textasciiacute": "´",
    "textasciidieresis": "¨", "textasciimacron": "¯", "textunderscore": "_", "textdollar": "$", "textbar": "|",
    "textless": "<", "textgreater": ">", "textquotedbl": '"', "textquotesingle": "'", "textquoteleft": "‘",
    "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”", "quotesinglbase": "‚",
    "quotedblbase": "„", "guillemotleft": "«", "guillemotright": "»", "guilsinglleft": "‹", "guilsinglright": "›",
    "lq": "‘", "rq": "’", "glqq": "„", "grqq": "“", "glq": "‚", "grq": "‘", "flqq": "«", "frqq": "»",
    "textendash": "–", "textemdash": "—", "textellipsis": "…", "ldots": "…", "dots": "…", "textbullet": "•",
    "textperiodcentered": "·", "textexclamdown": "¡", "textquestiondown": "¿", "textdegree": "°",
    "degree": "°", "textmu": "µ", "micro": "µ", "texttimes": "×", "textdiv": "÷", "textpm": "±", "textonehalf": "½",
    "textonequarter": "¼", "textthreequarters": "¾", "textonesuperior": "¹", "texttwosuperior": "²",
    "textthreesuperior": "³", "textordfeminine": "ª", "textordmasculine": "º", "textsection": "§", "S": "§",
    "textparagraph": "¶", "P": "¶", "textdagger": "†", "dag": "†", "textdaggerdbl": "‡", "ddag": "‡",
    "copyright": "©", "textcopyright": "©", "textregistered": "®", "texttrademark": "™", "pounds": "£",
    "textsterling": "£", "texteuro": "€", "euro": "€", "EUR": "€", "textyen": "¥", "textcent": "¢",
    "textcurrency": "¤", "textnumero": "№", "textcelsius": "℃", "textohm": "Ω", "textlnot": "¬",
    "textbrokenbar": "¦", "textasteriskcentered": "∗", "textvisiblespace": "␣", "textcompwordmark": "",
    "slash": "/", "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX", "space": " ", "nobreakspace": "\u00a0",
    "textnonbreakinghyphen": "\u2011", "quad": " ", "qquad": " ", "thinspace": "\u2009", "newline": " ",
    "linebreak": " ", "par": " ", "cprime": "ʹ", "textprime": "′", "hyphen": "-", "textgravedbl": "\u02f5",
    "textschwa": "ə", "textsubdot": "",
}  # fmt: skip

_NOTHING = frozenset(
    {
        "relax", "protect", "it", "bf", "em", "rm", "sc", "sf", "sl", "tt", "up", "normalfont", "itshape", "slshape",
        "scshape", "upshape", "bfseries", "mdseries", "rmfamily", "sffamily", "ttfamily", "tiny", "scriptsize",
        "footnotesize", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge", "ignorespaces", "noindent",
        "indent", "allowbreak", "nolinebreak", "break", "raggedright", "centering", "displaystyle", "textstyle",
        "limits", "bibrangedash", "cyr",
    }
)  # fmt: skip
"""Declarations and commands without argument that leave no text."""

_THROUGH = frozenset(
    {
        "emph", "textit", "textbf", "textsc", "texttt", "textrm", "textsf", "textsl", "textup", "textnormal", "textmd",
        "textsubscript", "textsuperscript", "mbox", "hbox", "fbox", "text", "ensuremath", "uline", "underline",
        "enquote", "mkbibemph", "mkbibquote", "mkbibparens", "mkbibitalic", "mkbibbold", "uppercase", "lowercase",
        "MakeUppercase", "MakeLowercase", "bibstring", "textquote", "foreignquote", "footnote", "NoCaseChange",
        "textgreek", "textcyrillic", "smash",
    }
)  # fmt: skip
"""Commands whose argument is text."""

_DROPS = {
    "noopsort": 1, "NoopSort": 1, "noop": 1, "SortNoop": 1, "nopsort": 1, "singleletter": 0, "switchargs": 0,
    "href": 1, "hspace": 1, "hspace*": 1, "vspace": 1, "vspace*": 1, "phantom": 1, "hphantom": 1, "vphantom": 1,
    "label": 1, "color": 1, "textcolor": 1, "foreignlanguage": 1, "selectlanguage": 1, "fontsize": 2,
    "raisebox": 1, "index": 1,
}  # fmt: skip
"""Commands whose first arguments leave no text."""

_VERBATIM = frozenset({"url", "path", "nolinkurl", "doi", "detokenize"})

_NOCASE = ('<span class="nocase">', "</span>")
_CAPS = ('<span style="font-variant:small-caps;">', "</span>")
_ITALIC, _BOLD = ("<i>", "</i>"), ("<b>", "</b>")
_TAGS = {
    "emph": _ITALIC, "textit": _ITALIC, "textsl": _ITALIC, "mkbibemph": _ITALIC, "mkbibitalic": _ITALIC,
    "it": _ITALIC, "em": _ITALIC, "sl": _ITALIC, "itshape": _ITALIC, "slshape": _ITALIC, "textbf": _BOLD,
    "mkbibbold": _BOLD, "bf": _BOLD, "bfseries": _BOLD, "textsc": _CAPS, "sc": _CAPS, "scshape": _CAPS,
    "textsubscript": ("<sub>", "</sub>"), "textsuperscript": ("<sup>", "</sup>"),
    "NoCaseChange": _NOCASE,
}  # fmt: skip
_QUOTED = {"enquote": ("“", "”"), "mkbibquote": ("“", "”"), "textquote": ("“", "”"), "mkbibparens": ("(", ")")}
_LIGATURES = {"--": "–", "---": "—", "``": "“", "''": "”", "~": "\u00a0"}


class _Writer:
    """The text made so far, the accents that wait for a letter, and what closes each open group."""

    __slots__ = ("dead", "nocase", "out", "pending", "stack", "tags", "tail")

    def __init__(self, tags: bool) -> None:
        self.tags = tags
        self.out: list[str] = []
        self.pending: list[str] = []
        self.stack: list[str] = []
        self.tail = ""
        self.nocase = 0
        self.dead = False  # a group was found to have no end: nothing after it has one either

    def put(self, text: str) -> None:
        if self.pending:
            text = text.lstrip(" ")
            if not text:
                return
            letter = {"ı": "i", "ȷ": "j"}.get(text[0], text[0])
            accented = unicodedata.normalize("NFC", letter + "".join(reversed(self.pending)))
            self.pending.clear()
            text = accented + text[1:]
        self.out.append(text)

    def rest(self) -> None:
        """Write accents that found no letter."""
        if self.pending:
            self.out.extend(_ALONE.get(mark, "") for mark in self.pending)
            self.pending.clear()

    def open(self, before: str, after: str) -> None:
        if before == _NOCASE[0]:
            self.nocase += 1
        self.out.append(before)
        self.stack.append(after)

    def close(self) -> None:
        self.rest()
        if not self.stack:
            self.out.append("}")
            return
        after = self.stack.pop()
        if after == _NOCASE[1] and self.nocase:
            self.nocase -= 1
        self.out.append(after)

    def group(self, text: str, at: int) -> None:
        """Open a plain group whose brace stood before ``at``: outside commands it protects the case of its text."""
        if self.tags and not self.nocase and not self.pending and not text.startswith(("\\", "}"), at):
            self.open(*_NOCASE)
        else:
            self.stack.append("")

    def declare(self, name: str) -> None:
        """Begin a declaration, which holds to the end of its group."""
        if self.tags and name in _TAGS:
            before, after = _TAGS[name]
            closing = self.stack[-1] if self.stack else self.tail
            if after in closing:
                return  # holds already; and a thousand declarations in one group cost nothing
            self.out.append(before)
            if self.stack:
                self.stack[-1] = after + closing
            else:
                self.tail = after + closing

    def argument(self, text: str, at: int) -> tuple[str, int] | None:
        """Return the text of the group that begins at ``at`` and the place after it; None if there is none."""
        if self.dead or not text.startswith("{", at):
            return None
        depth = 0
        for match in _TIGHT.finditer(text, at):
            depth += 1 if match.group() == "{" else -1
            if not depth:
                return text[at + 1 : match.start()], match.end()
        self.dead = True
        return None


def _after_word(text: str, at: int) -> int:
    """Return the place after the space that ends a command. Before another command the space is kept as meant."""
    if text.startswith("{}", at):
        return at + 2
    if text.startswith(" ", at) and not text.startswith("\\", at + 1):
        return at + 1
    return at


def _word(writer: _Writer, name: str, text: str, at: int) -> int:
    """Write the command ``name``, which ends at ``at``; return where reading goes on."""
    symbol = _SYMBOLS.get(name)
    if symbol is not None:
        writer.put(symbol)
        return _after_word(text, at)
    if name in _ACCENTS and text.startswith((" ", "{", "\\"), at):
        writer.pending.append(_ACCENTS[name])
        return at
    if name in _NOTHING:
        writer.declare(name)
        return _after_word(text, at)
    start = at + 1 if text.startswith(" ", at) else at
    if name in _VERBATIM:
        found = writer.argument(text, start)
        if found:
            writer.rest()
            writer.out.append(found[0])
            return found[1]
    if name in _DROPS:
        for _ in range(_DROPS[name]):
            found = writer.argument(text, start)
            if not found:
                break
            start = found[1]
        return start
    if name in _THROUGH or name in _TAGS:
        if not text.startswith("{", start):
            return start
        writer.rest()
        writer.open(*(_QUOTED.get(name) or (writer.tags and _TAGS.get(name)) or ("", "")))
        return start + 1
    writer.rest()
    writer.out.append("\\" + name)
    if text.startswith("{", at):
        writer.open("{", "}")
        return at + 1
    return at


def _mathematics(writer: _Writer, token: str) -> None:
    writer.rest()
    if token[1] in "_^" and len(token) > 3 and "$" not in token[1:-1]:
        inner = token[2:-1].strip("{}")
        if token in (f"${token[1]}{inner}$", f"${token[1]}{{{inner}}}$"):
            tag = "sub" if token[1] == "_" else "sup"
            writer.out.append(f"<{tag}>{inner}</{tag}>" if writer.tags else inner)
            return
    writer.out.append(token)


def _token(writer: _Writer, token: str, text: str, at: int) -> int:
    """Write ``token``, which ends at ``at``; return where reading goes on."""
    first = token[0]
    if first == "{":
        writer.group(text, at)
    elif first == "}":
        writer.close()
    elif first == "\\":
        name = token[1:]
        if name[:1].isalpha() and name.isascii():
            return _word(writer, name, text, at)
        if name in _ACCENTS:
            writer.pending.append(_ACCENTS[name])
        else:
            writer.put(_MARKS.get(name, token))
    elif first == "$":
        _mathematics(writer, token)
    else:
        writer.rest()
        writer.out.append(_LIGATURES[token])
    return at


def _one_line(text: str) -> str:
    """Return ``text`` with each run of white space as one space; no-break and thin spaces are letters here."""
    text = text.translate(_SPACES) if "\n" in text or "\t" in text or "\r" in text else text
    while "  " in text:
        text = text.replace("        ", " ").replace("  ", " ")
    return text.strip(" ")


def _plain(text: str) -> bool:
    """Return whether no character of ``text`` means anything in LaTeX. Each look is one pass of the C library."""
    return not (
        "\\" in text or "{" in text or "}" in text or "$" in text or "~" in text
        or "--" in text or "''" in text or "``" in text
    )  # fmt: skip


def _convert(text: str, tags: bool) -> str:
    writer = _Writer(tags)
    search, at = _TOKEN.search, 0
    while match := search(text, at):
        start = match.start()
        if start > at:
            writer.put(text[at:start])
        at = _token(writer, match.group(), text, match.end())
    if at < len(text):
        writer.put(text[at:])
    writer.rest()
    writer.out.extend(reversed(writer.stack))
    writer.out.append(writer.tail)
    return "".join(writer.out)


def decode(text: str) -> str:
    """Return the Unicode text that a reader of ``text`` should see. Runs of white space become one space."""
    text = _one_line(text)
    if _plain(text):
        return text
    if "\\" in text and "$" not in text and "\\url" not in text:
        text = special(text)
        if _plain(text):
            return text
    return _convert(text, tags=False)


def csl(text: str) -> str:
    """Return ``text`` as CSL-JSON wants it: Unicode with ``<i> <b> <sup> <sub>``, small capitals and no-case spans."""
    text = _one_line(text)
    return text if _plain(text) else _convert(text, tags=True)


_LETTER = re.compile(r"(?<!\\)\{\\(?:[^A-Za-z{}\s]|[A-Za-z]++)[ ]?(?:\{(?:[^{}\\]|\\[ij])?\}|\\[ij]|[^{}\\\s])?\}")
_BARE = re.compile(r"(?<!\\)(?:\\[`'^~=.\"](?:\{(?:[^{}\\]|\\[ij])\}|[A-Za-z])|\\[uvHckdbr]\{[^{}\\]\})")


@lru_cache(maxsize=4096)
def _letter(text: str) -> str:
    letter = _convert(text, tags=False)
    # A command that gave something else than letters (a brace, a comma, nothing) would be read once more, so it stays.
    return letter if letter.isalpha() else text


def special(text: str) -> str:
    """Return ``text`` with accented letters decoded (``{\\"u}``, ``\\'e``) and every other brace and command left."""
    if "\\" not in text:
        return text
    text = _LETTER.sub(lambda match: _letter(match.group()), text)
    return _BARE.sub(lambda match: _letter(match.group()), text) if "\\" in text else text


def balanced(text: str) -> bool:
    """Return whether every brace of ``text`` has its partner; as in BibTeX, one after a backslash is a brace too."""
    depth = 0
    for match in _TIGHT.finditer(text):
        depth += 1 if match.group() == "{" else -1
        if depth < 0:
            return False
    return not depth


_ESCAPED = re.compile(r"[&%#_$~^\\{}]|-(?=-)|`(?=`)|'(?=')")
_ESCAPES = {
    "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "-": "-{}", "`": "`{}", "'": "'{}",
}  # fmt: skip
_BRACES = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}


def encode(text: str) -> str:
    """Return ``text`` as it must stand in a field so that `decode` gives it back (white space in runs of one).

    The braces of the result are balanced as BibTeX counts them, and it does not end in a backslash.
    """
    text = _one_line(text)
    escapes = _ESCAPES if balanced(text) else _ESCAPES | _BRACES
    return _ESCAPED.sub(lambda match: escapes[match.group()], text)
