"""What the columns of tables are called, in databases, programs and spreadsheets, and which field of biblatex each one is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from libreview.texts.formats import csljson, enw, medline, ris, wos

__all__ = ["FIELDS", "HEADERS", "column_of", "type_of"]

FIELDS = (
    "key", "type", "author", "editor", "title", "subtitle", "date", "year", "journaltitle", "booktitle", "series",
    "volume", "number", "pages", "eid", "publisher", "institution", "organization", "location", "edition", "doi", "isbn",
    "issn", "url", "urldate", "langid", "language", "keywords", "abstract", "note", "translator", "shorttitle",
    "shortjournal", "pmid", "pmcid", "database", "accession", "pagetotal", "volumes", "chapter", "eventtitle", "eventdate",
    "venue", "origtitle", "origdate", "entrysubtype", "pubstate", "titleaddon", "maintitle", "version", "library",
    "affiliation", "annotation", "howpublished", "part", "issue", "month", "addendum", "kind of work",
)  # fmt: skip
"""The columns that `csv.write` has, in their order; each is read as itself."""

_ITSELF = frozenset(FIELDS) - {"key", "type", "date", "year", "number", "issue", "pages", "note", "kind of work"}

_WORDS: Mapping[str, str] = {
    "biblatex": "biblatex",
    "key": "key; citation key; citekey; bibtex key; kunci",
    "mark": "id; record id; recordid; record number; identifier; no",
    "kind": "type; item type; publication type; document type; type of reference; reference type; entry type; jenis; tipe; "
    "jenis dokumen; jenis publikasi; type of publication; resource type; ref type; itemtype; entrytype; tipe dokumen",
    "type": "kind of work",
    "title": "title; titles; article title; document title; primary title; display name; judul; judul artikel; judul buku; "
    "judul penelitian; judul tulisan; titel; study title; paper title",
    "author": "author; authors; author s; author full names; author full name; author names; authors full; first authors; "
    "penulis; pengarang; nama penulis; nama pengarang; peneliti; autor; autoren; penulis pengarang; authors name; "
    "authorships author display name; authorships raw author name; creator; creators; author name; book authors",
    "editor": "editor; editors; book editors; penyunting; secondary authors; herausgeber",
    "translator": "translator; translators; penerjemah",
    "date": "year; date; publication year; publication date; date published; year published; pub year; published; "
    "tahun; tahun terbit; tahun publikasi; tanggal; tanggal terbit; jahr; issued; date of publication; pub date; yr",
    "container": "source title; publication name; "
    " journal; journal title; journal name; journal book; publication title; publication; periodical; "
    "container title; jurnal; nama jurnal; judul jurnal; zeitschrift; secondary title; full journal title; journaltitle full; "
    "primary location source display name; host venue display name; alternate title3; majalah; sumber jurnal; journal full title",
    "source": "source; sumber; citation; bibliographic citation",
    "booktitle": "book title; judul buku sumber",
    "shortjournal": "abbreviated source title; journal abbreviation; journal iso abbreviation; alternate title2; abbreviated journal; "
    "iso abbreviation; singkatan jurnal; short journal",
    "series": "book series title; series title; collection title; seri",
    "volume": "volume; vol; jilid; biblio volume; volume number",
    "number": "issue; number; issue number; nomor; no terbit; biblio issue; nummer; heft; edisi jurnal; journal issue",
    "pages": "pages; page; page s; halaman; hal; seiten; page range; page numbers",
    "begin": "page start; start page; first page; begin page; biblio first page; halaman awal; beginning page",
    "finish": "page end; end page; last page; ending page; biblio last page; halaman akhir",
    "eid": "art no; article number; article no; nomor artikel",
    "pagetotal": "num pages; number of pages; jumlah halaman",
    "house": "publisher; penerbit; verlag; publisher name; published by",
    "institution": "institution; university; universitas; school; institusi; perguruan tinggi; lembaga",
    "location": "place; place published; publisher city; publisher location; city; kota; kota terbit; tempat terbit; ort; "
    "publisher place; tempat; location",
    "edition": "edition; edisi; auflage",
    "doi": "doi; doi link; digital object identifier; crossref doi; elocationid doi; book doi",
    "serial": "isbn; issn; eissn; isbns; issns; isbn issn; issn isbn; print issn; electronic issn; e issn; issn l; issn print; "
    "issn electronic; ids issn; primary location source issn l; primary location source issn",
    "url": "url; link; urls; full text link; "
    " external url; article url; articleurl; tautan; web address; uri; source url; laman; alamat web; doi url",
    "link": "source urls; open url link; fulltext url; pdf link; file attachments2; oa url; primary location pdf url",
    "urldate": "access date; accessed; date accessed; tanggal akses; urldate; diakses",
    "langid": "language; language of original document; language of article; article language; bahasa; sprache; langid",
    "keywords": "keywords; author keywords; keyword; manual tags; kata kunci; katakunci; schlagwörter; tags; keywords display name",
    "abstract": "abstract; abstract note; summary; abstrak; ringkasan; zusammenfassung; abstracts; intisari",
    "note": "note; notes; extra; catatan; keterangan; remarks; comment",
    "pmid": "pmid; pubmed id; pubmed; medline pmid; ids pmid",
    "pmcid": "pmcid; pmc id; ids pmcid",
    "accession": "accession number; ut unique wos id; ut unique id; unique wos id; eid; embase accession id; pui; lens id; accession; "
    "ut; isi unique article identifier",
    "database": "database; basis data; provider; source database; library catalog",
    "library": "call number; nomor panggil",
    "affiliation": "affiliations; affiliation; addresses; afiliasi; author address; institutions",
    "eventtitle": "conference name; conference title; meeting name; nama konferensi",
    "eventdate": "conference date",
    "venue": "conference location; meeting place",
    "shorttitle": "short title",
    "origtitle": "original title; judul asli",
    "document": "document type wos",
}
_OWN = re.compile(r"x-[a-z]+-[a-z0-9-]+")
_NOT_IN_BLANKS = re.compile(r"[\W_]+")


def _plain(header: str) -> str:
    return _NOT_IN_BLANKS.sub(" ", header.casefold()).strip()


HEADERS: Mapping[str, str] = {
    **{header.strip(): field for field, words in _WORDS.items() for header in words.split(";")},
}
"""Headers, in lower case and with blanks for all other signs, and the field each one is (or what `filling` makes of it)."""


@lru_cache(maxsize=2048)
def column_of(header: str) -> str:
    """Return the field for which a column called ``header`` is taken: itself if it is named as a field is; empty if for none."""
    name = header.strip().strip("\ufeff")
    if _OWN.fullmatch(name) or name in _ITSELF:
        return name
    return HEADERS.get(_plain(header), "")


_TYPES: Mapping[str, str] = {
    "journal article": "article", "article": "article", "journalarticle": "article", "artikel": "article",
    "artikel jurnal": "article", "jurnal": "article", "journal": "article", "review": "article", "editorial": "article",
    "letter": "article", "note": "article", "short survey": "article", "erratum": "article", "data paper": "article",
    "article in press": "article", "conference review": "inproceedings", "conference paper": "inproceedings",
    "conferencepaper": "inproceedings", "conference abstract": "inproceedings", "conference proceedings article": "inproceedings",
    "proceedings article": "inproceedings", "proceedings paper": "inproceedings", "conference": "inproceedings",
    "prosiding": "inproceedings", "makalah": "inproceedings", "conference proceedings": "proceedings",
    "book": "book", "buku": "book", "monograph": "book", "edited book": "collection", "edited-book": "collection",
    "book chapter": "incollection", "book-chapter": "incollection", "booksection": "incollection", "book section": "incollection",
    "chapter": "incollection", "bab buku": "incollection", "bagian buku": "incollection", "reference entry": "inreference",
    "thesis": "thesis", "dissertation": "thesis", "skripsi": "thesis", "tesis": "thesis", "disertasi": "thesis",
    "report": "report", "laporan": "report", "working paper": "report", "webpage": "online", "web page": "online",
    "website": "online", "situs web": "online", "laman": "online", "blogpost": "online", "preprint": "online", "online": "online",
    "patent": "patent", "paten": "patent", "standard": "standard", "dataset": "dataset", "software": "software",
    "computerprogram": "software", "law": "legislation", "statute": "legislation", "undang-undang": "legislation",
    "peraturan": "legislation", "newspaper article": "article", "newspaperarticle": "article", "news": "article",
    "berita": "article", "magazinearticle": "article", "magazine article": "article", "manuscript": "unpublished",
    "other": "misc", "lainnya": "misc", "document": "misc", "journal-article": "article", "article-journal": "article",
}  # fmt: skip
_BIBLATEX = frozenset(
    (
        "article", "book", "mvbook", "inbook", "bookinbook", "suppbook", "booklet", "collection", "mvcollection",
        "incollection", "suppcollection", "dataset", "manual", "misc", "online", "patent", "periodical",
        "suppperiodical", "proceedings", "mvproceedings", "inproceedings", "reference", "mvreference", "inreference",
        "report", "set", "software", "thesis", "unpublished", "xdata", "artwork", "audio", "bibnote", "commentary",
        "image", "jurisdiction", "legislation", "legal", "letter", "movie", "music", "performance", "review",
        "standard", "video", "conference", "electronic", "mastersthesis", "phdthesis", "techreport", "www",
    )
)  # fmt: skip


@lru_cache(maxsize=2048)
def type_of(kind: str, document: str) -> str:
    """Return the type of biblatex for what a table calls a record; empty if it is none that we know."""
    if kind in wos.TYPES:
        return wos.type_of(kind, document)
    if kind in ris.TYPES:
        return ris.TYPES[kind]
    for one in (kind, document):
        word = one.strip().lower()
        found = (
            word
            if word in _BIBLATEX and word != "review" and word != "letter"
            else _TYPES.get(word) or csljson.TYPES.get(word) or enw.TYPES.get(word) or medline.TYPES.get(word)
        )
        if found:
            return found
        first = re.split(r"[;,|]", word)[0].strip()
        if first != word and first in _TYPES:
            return _TYPES[first]
    return ""
