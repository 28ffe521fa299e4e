"""The names of Indonesian laws, as they are typed and as they are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.texts.formats import bibtex
from libreview.texts.laws import parse

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("text", "title", "issuer", "key"),
    [
        ("UU 23 Tahun 2014 tentang Pemerintahan Daerah",
         "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah", "Republik Indonesia", "uu23-2014"),
        ("Undang-Undang Republik Indonesia Nomor 23 Tahun 2014 tentang Pemerintahan Daerah",
         "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah", "Republik Indonesia", "uu23-2014"),
        ("uu no. 23/2014 ttg Desa", "Undang-Undang Nomor 23 Tahun 2014 tentang Desa", "Republik Indonesia", "uu23-2014"),
        ("UU No 6 Th. 2014", "Undang-Undang Nomor 6 Tahun 2014", "Republik Indonesia", "uu6-2014"),
        ("Perppu 1 Tahun 2020 tentang X", "Peraturan Pemerintah Pengganti Undang-Undang Nomor 1 Tahun 2020 tentang X",
         "Republik Indonesia", "perppu1-2020"),
        ("PP 28 Tahun 2018 tentang Kerja Sama Daerah", "Peraturan Pemerintah Nomor 28 Tahun 2018 tentang Kerja Sama Daerah",
         "Republik Indonesia", "pp28-2018"),
        ("Perpres 59 Tahun 2017 tentang X", "Peraturan Presiden Nomor 59 Tahun 2017 tentang X", "Republik Indonesia",
         "perpres59-2017"),
        ("Permendagri 25 Tahun 2020 tentang X", "Peraturan Menteri Dalam Negeri Nomor 25 Tahun 2020 tentang X",
         "Kementerian Dalam Negeri Republik Indonesia", "permendagri25-2020"),
        ("Permen PUPR 10/2021", "Peraturan Menteri Pekerjaan Umum dan Perumahan Rakyat Nomor 10 Tahun 2021",
         "Kementerian Pekerjaan Umum dan Perumahan Rakyat Republik Indonesia", "permenpupr10-2021"),
        ("Permenkop UKM 3 Tahun 2018", "Peraturan Menteri Koperasi dan Usaha Kecil dan Menengah Nomor 3 Tahun 2018",
         "Kementerian Koperasi dan Usaha Kecil dan Menengah Republik Indonesia", "permenkopukm3-2018"),
        ("peraturan menteri luar negeri nomor 09/A/KP/XII/2006/01 tentang Panduan",
         "Peraturan Menteri Luar Negeri Nomor 09/A/KP/XII/2006/01 tentang Panduan",
         "Kementerian Luar Negeri Republik Indonesia", "permenlu9-2006"),
        ("PMK 123/PMK.05/2020 tentang X", "Peraturan Menteri Keuangan Nomor 123/PMK.05/2020 tentang X",
         "Kementerian Keuangan Republik Indonesia", "permenkeu123-2020"),
        ("perda kota bandung no. 5 tahun 2010 tentang X", "Peraturan Daerah Kota Bandung Nomor 5 Tahun 2010 tentang X",
         "Pemerintah Kota Bandung", "perdabandung5-2010"),
        ("Perda Kab. Bandung 3/2012", "Peraturan Daerah Kabupaten Bandung Nomor 3 Tahun 2012",
         "Pemerintah Kabupaten Bandung", "perdabandung3-2012"),
        ("Perda DKI Jakarta 1/2012", "Peraturan Daerah DKI Jakarta Nomor 1 Tahun 2012", "Pemerintah Daerah DKI Jakarta",
         "perdadkijakarta1-2012"),
        ("Pergub Jawa Barat 3 Tahun 2020", "Peraturan Gubernur Jawa Barat Nomor 3 Tahun 2020",
         "Pemerintah Provinsi Jawa Barat", "pergubjawabarat3-2020"),
        ("Perwali Kota Bandung 10/2019", "Peraturan Wali Kota Bandung Nomor 10 Tahun 2019", "Pemerintah Kota Bandung",
         "perwalbandung10-2019"),
        ("Perbup Sleman 7 Tahun 2021", "Peraturan Bupati Sleman Nomor 7 Tahun 2021", "Pemerintah Kabupaten Sleman",
         "perbupsleman7-2021"),
        ("Qanun Aceh 11 Tahun 2002", "Qanun Aceh Nomor 11 Tahun 2002", "Pemerintah Aceh", "qanunaceh11-2002"),
        ("TAP MPR Nomor XI/MPR/1998 tentang X", "Ketetapan Majelis Permusyawaratan Rakyat Nomor XI/MPR/1998 tentang X",
         "Majelis Permusyawaratan Rakyat Republik Indonesia", "tapmprxi-1998"),
        ("UUD 1945", "Undang-Undang Dasar Negara Republik Indonesia Tahun 1945", "Republik Indonesia", "uud1945"),
    ],
)  # fmt: skip
def test_laws(text: str, title: str, issuer: str, key: str) -> None:
    law = parse(text)
    assert law is not None
    assert (law.title, law.issuer, law.key) == (title, issuer, key)
    again = parse(law.title)
    assert again is not None
    assert again.same == law.same


@pytest.mark.parametrize(
    "text",
    ["", "UU", "UU 23", "PP Properti 2019", "Peraturan 5 Tahun 2010", "pada tahun 2014", "UU Desa", "Permenxyz 3 Tahun 2018",
     "Perda 5 Tahun 2010",
     "10.1080/2014", "https://example.org/uu-23-tahun-2014", "978-0-306-40615-7", "Two harbours 2014", "UU 1 Tahun 2014" * 100],
)  # fmt: skip
def test_what_is_no_law(text: str) -> None:
    assert parse(text) is None


def test_the_laws_of_the_example_are_read_as_they_are_written() -> None:
    reading = bibtex.read((ROOT / "sources" / "regulations.bib").read_bytes(), "regulations.bib")
    laws = [source for source in reading.sources if source.type == "legislation"]
    assert len(laws) > 10
    for source in laws:
        law = parse(source.title)
        assert law is not None, source.key
        assert (law.title, law.issuer) == (source.title, source.authors[0].literal), source.key
        assert (law.date, law.key) == (source.year, source.key)


@given(st.text(alphabet="UuPpTahun tentang0123456789/.-", max_size=80))
def test_reading_ends(text: str) -> None:
    law = parse(text)
    assert law is None or law.title
