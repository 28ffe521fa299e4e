"""The names of Indonesian laws and regulations: ``UU 23 Tahun 2014 tentang Pemerintahan Daerah``, as people type them.

Kinds and ranks are those of UU No. 12 Tahun 2011, article 7 and 8, and the usual short names. What comes out is written as laws are
cited: the issuing body, the whole name, the year.
"""

from __future__ import annotations

import re

from libreview.texts.folding import fold
from libreview.value import Value

__all__ = ["Law", "parse"]

_LONGEST = 1_000
_STATE = "Republik Indonesia"


class Law(Value, frozen=True):
    """A law: its ``kind`` in full ("Peraturan Daerah"), the ``place`` or ministry that follows it, and who issued it.

    ``short`` is what its key begins with. ``number`` is empty for the constitution, ``year`` where it stands in the number, and
    ``about`` where nothing was said.
    """

    kind: str
    issuer: str
    short: str
    number: str
    year: str
    place: str = ""
    about: str = ""
    dated: str = ""

    @property
    def name(self) -> str:
        """The kind with the number and year, as the law prints them."""
        if not self.number:
            return self.kind
        year = f" Tahun {self.year}" if self.year else ""
        return f"{' '.join(filter(None, (self.kind, self.place)))} Nomor {self.number}{year}"

    @property
    def title(self) -> str:
        return f"{self.name} tentang {self.about}" if self.about else self.name

    @property
    def date(self) -> str:
        return self.year or self.dated

    @property
    def key(self) -> str:
        """The key that such laws have in the example: ``uu23-2014``, ``permendagri25-2020``."""
        if not self.number:
            return f"{self.short}{self.date}"
        number = re.match(r"0*([0-9]+|[a-z]+)", self.number.lower())
        return f"{self.short}{number[1] if number else ''}-{self.date}".rstrip("-")

    @property
    def same(self) -> tuple[str, str, str, str]:
        """What two writings of one law have in common."""
        number = self.number.lower()
        return self.kind.lower().replace("walikota", "wali kota"), self.place.lower(), number.lstrip("0"), self.date


class _Ruling(Value, frozen=True):
    """A kind of law: ``follows`` says what stands between its name and the number, ``issuer`` may name it (``{place}``)."""

    kind: str
    short: str
    issuer: str = _STATE
    follows: str = ""


_RULINGS = {
    ("undang-undang", "undang undang", "uu"): _Ruling("Undang-Undang", "uu"),
    ("undang-undang darurat", "uu darurat", "uudrt"): _Ruling("Undang-Undang Darurat", "uudrt"),
    ("peraturan pemerintah pengganti undang-undang", "perppu", "perpu"): _Ruling(
        "Peraturan Pemerintah Pengganti Undang-Undang", "perppu"
    ),
    ("peraturan pemerintah", "pp"): _Ruling("Peraturan Pemerintah", "pp"),
    ("peraturan presiden", "perpres"): _Ruling("Peraturan Presiden", "perpres"),
    ("keputusan presiden", "keppres", "kepres"): _Ruling("Keputusan Presiden", "keppres"),
    ("instruksi presiden", "inpres"): _Ruling("Instruksi Presiden", "inpres"),
    ("peraturan menteri", "permen"): _Ruling(
        "Peraturan Menteri", "permen", "Kementerian {place} Republik Indonesia", "ministry"
    ),
    ("keputusan menteri", "kepmen"): _Ruling(
        "Keputusan Menteri", "kepmen", "Kementerian {place} Republik Indonesia", "ministry"
    ),
    ("peraturan daerah", "perda"): _Ruling("Peraturan Daerah", "perda", "Pemerintah {place}", "region"),
    ("peraturan gubernur", "pergub"): _Ruling("Peraturan Gubernur", "pergub", "Pemerintah Provinsi {place}", "provinsi"),
    ("keputusan gubernur", "kepgub"): _Ruling("Keputusan Gubernur", "kepgub", "Pemerintah Provinsi {place}", "provinsi"),
    ("peraturan bupati", "perbup"): _Ruling("Peraturan Bupati", "perbup", "Pemerintah Kabupaten {place}", "kabupaten"),
    ("keputusan bupati", "kepbup"): _Ruling("Keputusan Bupati", "kepbup", "Pemerintah Kabupaten {place}", "kabupaten"),
    ("peraturan wali kota", "perwal", "perwali", "perwako"): _Ruling(
        "Peraturan Wali Kota", "perwal", "Pemerintah Kota {place}", "kota"
    ),
    ("peraturan walikota",): _Ruling("Peraturan Walikota", "perwal", "Pemerintah Kota {place}", "kota"),
    ("keputusan wali kota", "kepwal", "kepwali"): _Ruling(
        "Keputusan Wali Kota", "kepwal", "Pemerintah Kota {place}", "kota"
    ),
    ("keputusan walikota",): _Ruling("Keputusan Walikota", "kepwal", "Pemerintah Kota {place}", "kota"),
    ("peraturan desa", "perdes"): _Ruling("Peraturan Desa", "perdes", "Pemerintah Desa {place}", "desa"),
    ("qanun",): _Ruling("Qanun", "qanun", "Pemerintah {place}", "region"),
    ("peraturan mahkamah agung", "perma"): _Ruling("Peraturan Mahkamah Agung", "perma", f"Mahkamah Agung {_STATE}"),
    ("peraturan mahkamah konstitusi", "pmk mk"): _Ruling(
        "Peraturan Mahkamah Konstitusi", "permk", f"Mahkamah Konstitusi {_STATE}"
    ),
    ("peraturan komisi pemilihan umum", "peraturan kpu", "pkpu"): _Ruling(
        "Peraturan Komisi Pemilihan Umum", "pkpu", f"Komisi Pemilihan Umum {_STATE}"
    ),
    ("peraturan otoritas jasa keuangan", "peraturan ojk", "pojk"): _Ruling(
        "Peraturan Otoritas Jasa Keuangan", "pojk", "Otoritas Jasa Keuangan"
    ),
    ("peraturan bank indonesia", "pbi"): _Ruling("Peraturan Bank Indonesia", "pbi", "Bank Indonesia"),
    ("ketetapan majelis permusyawaratan rakyat", "ketetapan mpr", "tap mpr"): _Ruling(
        "Ketetapan Majelis Permusyawaratan Rakyat", "tapmpr", f"Majelis Permusyawaratan Rakyat {_STATE}"
    ),
}  # fmt: skip
_BY_NAME = {name: ruling for names, ruling in _RULINGS.items() for name in names}
_MOST_WORDS = max(name.count(" ") for name in _BY_NAME) + 1

_MINISTRIES = {
    "dagri": "Dalam Negeri", "lu": "Luar Negeri", "keu": "Keuangan", "kumham": "Hukum dan Hak Asasi Manusia",
    "dikbud": "Pendidikan dan Kebudayaan", "diknas": "Pendidikan Nasional",
    "dikbudristek": "Pendidikan, Kebudayaan, Riset, dan Teknologi", "dikdasmen": "Pendidikan Dasar dan Menengah",
    "ristekdikti": "Riset, Teknologi, dan Pendidikan Tinggi", "kes": "Kesehatan", "dag": "Perdagangan", "perin": "Perindustrian",
    "panrb": "Pendayagunaan Aparatur Negara dan Reformasi Birokrasi", "pan-rb": "Pendayagunaan Aparatur Negara dan Reformasi Birokrasi",
    "pupr": "Pekerjaan Umum dan Perumahan Rakyat", "pu": "Pekerjaan Umum", "kominfo": "Komunikasi dan Informatika",
    "komdigi": "Komunikasi dan Digital", "parekraf": "Pariwisata dan Ekonomi Kreatif", "par": "Pariwisata", "tan": "Pertanian",
    "hub": "Perhubungan", "sos": "Sosial", "naker": "Ketenagakerjaan", "nakertrans": "Tenaga Kerja dan Transmigrasi",
    "esdm": "Energi dan Sumber Daya Mineral", "lhk": "Lingkungan Hidup dan Kehutanan", "lh": "Lingkungan Hidup", "hut": "Kehutanan",
    "bumn": "Badan Usaha Milik Negara", "ag": "Agama", "agama": "Agama", "han": "Pertahanan", "pora": "Pemuda dan Olahraga",
    "desa": "Desa, Pembangunan Daerah Tertinggal, dan Transmigrasi", "kp": "Kelautan dan Perikanan",
    "kop ukm": "Koperasi dan Usaha Kecil dan Menengah", "kopukm": "Koperasi dan Usaha Kecil dan Menengah",
    "atr": "Agraria dan Tata Ruang", "bappenas": "Perencanaan Pembangunan Nasional", "pppa": "Pemberdayaan Perempuan dan Perlindungan Anak",
}  # fmt: skip
"""What a ministry is called after ``Permen``: Permendagri, Permenlu, Permen PUPR."""
_MINISTRY_KEYS = {name.lower(): short for short, name in reversed(_MINISTRIES.items())}
_OWN_NAMES = {
    "pmk": ("permen", "keu"),
    "pma": ("permen", "agama"),
    "kma": ("kepmen", "agama"),
    "kmk": ("kepmen", "keu"),
}

_NUMBERED = re.compile(
    r"(?P<head>\D*?\w)[\s,.:]*\b(?:(?:nomor|nomer|number|no|nr)\b[\s.:]*|#\s*)?"
    r"(?P<number>\d[\w./-]*|[IVXLC]{1,8}/MPRS?(?:/\d{4})?)"
    r"(?:[\s,]+(?:tahun|thn|th|year)\b\.?\s*(?P<year>\d{4}))?"
    r"[\s,]*(?:\b(?:tentang|ttg|about)\b\.?[:\s]*(?P<about>.*))?",
    re.IGNORECASE,
)
_CONSTITUTION = re.compile(
    r"(?:uud|undang-undang dasar)(?: negara(?: kesatuan)?)?(?: republik indonesia| ri)?(?: (?:tahun )?1945)?",
    re.IGNORECASE,
)
_REPUBLIC = re.compile(r" (?:republik indonesia|r\.?i\.?)$", re.IGNORECASE)
_REGIONS = {"kab": "Kabupaten", "kab.": "Kabupaten", "prov": "Provinsi", "prov.": "Provinsi", "propinsi": "Provinsi"}
_SEATS = ("Kota", "Kabupaten", "Provinsi", "Daerah")
_SMALL = frozenset(("dan", "di", "atau", "serta"))


def parse(text: str) -> Law | None:
    """Return the law that ``text`` names; None if it names none."""
    text = " ".join(text.translate(_DASHES).split()).strip(" .,;\"'“”")
    if len(text) > _LONGEST:
        return None
    if _CONSTITUTION.fullmatch(text):
        return Law("Undang-Undang Dasar Negara Republik Indonesia Tahun 1945", _STATE, "uud", "", "", dated="1945")
    found = _NUMBERED.fullmatch(text)
    if found is None:
        return None
    known = _kind(found["head"].strip(" ,.:"))
    if known is None:
        return None
    ruling, place, short = known
    number, year = found["number"].rstrip("./-,"), found["year"] or ""
    parts = re.fullmatch(r"(\d+[A-Za-z]?)/((?:19|20)\d\d)", number)
    if parts and not year:
        number, year = parts[1], parts[2]
    dated = year or next(iter(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", number)), "")
    if not dated and "/" not in number:
        return None
    issuer = ruling.issuer.format(place=_seat(ruling, place))
    return Law(ruling.kind, issuer, short, number, year, place, (found["about"] or "").strip(), dated)


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


def _kind(head: str) -> tuple[_Ruling, str, str] | None:
    """Return the kind that ``head`` begins with, the place or ministry after it, and its short name."""
    words = head.split(" ")
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        ruling = _BY_NAME.get(" ".join(words[:count]).lower())
        if ruling is not None:
            return _placed(ruling, " ".join(words[count:]))
    first, rest = words[0].lower(), " ".join(words[1:])
    if first in _OWN_NAMES:
        short, ministry = _OWN_NAMES[first]
        return _placed(_BY_NAME[short], ministry) if not _REPUBLIC.sub("", f" {rest}").strip() else None
    for begin in ("permen", "kepmen"):
        ministry = first.removeprefix(begin).strip("-")
        if first.startswith(begin):
            ministry = f"{ministry} {_REPUBLIC.sub('', f' {rest}').strip().lower()}".strip()
            return _placed(_BY_NAME[begin], ministry) if ministry in _MINISTRIES else None
    return None


def _placed(ruling: _Ruling, rest: str) -> tuple[_Ruling, str, str] | None:
    """Return ``ruling`` with the place that ``rest`` names, if such a law has one and only then."""
    rest = _REPUBLIC.sub("", f" {rest}").strip()
    if not ruling.follows:
        return None if rest else (ruling, "", ruling.short)
    if ruling.follows == "ministry":
        if not rest:
            return None
        place = _MINISTRIES.get(rest.lower()) or _titled(rest)
        return ruling, place, ruling.short + re.sub(r"\W", "", _MINISTRY_KEYS.get(place.lower(), ""))
    if not rest:
        return (ruling, "Aceh", ruling.short) if ruling.short == "qanun" else None
    words = rest.split(" ")
    if ruling.follows == "region":
        words[0] = _REGIONS.get(words[0].lower(), words[0])
    elif len(words) > 1 and _REGIONS.get(words[0].lower(), words[0]).lower() == ruling.follows:
        del words[0]
    words = _titled(" ".join(words)).split(" ")
    place = " ".join(words)
    named = " ".join(words[1:]) if words[0] in _SEATS and len(words) > 1 else place
    return ruling, place, ruling.short + re.sub(r"[^a-z]", "", fold(named).removeprefix(ruling.short))[:20]


def _seat(ruling: _Ruling, place: str) -> str:
    """Return the place as it stands in the name of its government."""
    if ruling.follows != "region" or place.split(" ")[0] in (*_SEATS, "Aceh"):
        return place
    return f"Daerah {place}"


def _titled(text: str) -> str:
    """Return a name with capitals, if it was typed without any or in nothing else: ``kota bandung``, ``KOTA BANDUNG``."""
    words = text.split(" ")
    if any(word[:1].isupper() and not word.isupper() for word in words) or (text.isupper() and len(text) < 5):
        return text
    return " ".join(word.lower() if at and word.lower() in _SMALL else word[:1].upper() + word[1:].lower()
                    for at, word in enumerate(words))  # fmt: skip
