"""`add` by what names a source: registers and pages are answered by a server on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import asking, face
from libreview.deeds import looking_up
from registers import Answer, Registers

DOI = "10.1080/13604813.2011.568715"


@pytest.fixture(autouse=True)
def folder(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(review_folder)
    monkeypatch.setattr(looking_up, "today", lambda: "2026-11-24")
    return review_folder


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a person sit before the program."""
    monkeypatch.setattr(asking, "possible", lambda: True)


def run(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(face, words, input=given, prog_name="libreview")


def sources(folder: Path) -> list[str]:
    return sorted(one.name for one in (folder / "sources").iterdir())


def bib(folder: Path, key: str) -> str:
    return (folder / "sources" / f"{key}.bib").read_text(encoding="utf-8")


@pytest.fixture
def answering(registers: Registers) -> Registers:
    """The server, with an answer for each kind of identifier."""
    registers.sample(f"doi.org/{DOI}", "doi.json", "application/vnd.citationstyles.csl+json")
    registers.sample("export.arxiv.org/api/query", "arxiv.xml", "application/atom+xml")
    registers.sample("eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi", "pubmed.xml", "text/xml")
    registers.sample("openlibrary.org/api/books", "openlibrary.json", "application/json")
    registers.sample("jurnal.example.ac.id/index.php/jk/article/view/99", "article.html")
    registers.sample("www.kabar.example/read/1", "news.html")
    registers.sample("stadt.example/bandung", "town.html")
    return registers


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize(
    ("words", "key", "lines"),
    [
        ((DOI,), "wijaya2011two",
         ["@article{wijaya2011two,", "  author = {Wijaya, Rina Ayu and van den Berg, Jan and {Harbour Study Group}},",
          r"  title = {Two harbours \& a market: twinning in practice},", "  date = {2011-06},", f"  doi = {{{DOI}}},",
          "  pages = {345–362},"]),
        ((f"https://doi.org/{DOI}",), "wijaya2011two", ["@article{wijaya2011two,"]),
        (("doi:", DOI), "wijaya2011two", ["@article{wijaya2011two,"]),
        (("arXiv:2101.00001v2",), "muller2021networks",
         ["@misc{muller2021networks,", "  eprint = {2101.00001v2},", "  eprinttype = {arxiv},",
          "  author = {Müller, Ana and Sukarno and van der Berg, Jan},"]),
        (("2101.00001",), "muller2021networks", ["  eprint = {2101.00001},"]),
        (("PMID:12345678",), "hartono2003twin", ["  pmid = {12345678},",
          "  author = {Hartono, Budi S and King, Jr, Martin and {Town Health Group}},"]),
        (("0-306-40615-2",), "muller1980twin", ["@book{muller1980twin,", "  isbn = {9780306406157},", "  publisher = {Springer},"]),
        (("https://jurnal.example.ac.id/index.php/jk/article/view/99",), "wijaya2020kerja",
         ["@article{wijaya2020kerja,", "  journaltitle = {Jurnal Kota},", "  doi = {10.1234/jk.v6i2.99},", "  urldate = {2026-11-24},",
          "  url = {https://jurnal.example.ac.id/index.php/jk/article/view/99},"]),
        (("www.kabar.example/read/1",), "wirawan2020bandung",
         ["@online{wirawan2020bandung,", "  url = {https://www.kabar.example/read/1},", "  organization = {Kabar.com},"]),
        ((DOI, "--title", "Own title", "--year", "2012", "--key", "own", "--author", "{Kota}"), "own",
         ["  author = {{Kota}},", "  title = {Own title},", "  year = {2012},", f"  doi = {{{DOI}}},"]),
    ],
)  # fmt: skip
def test_a_source_is_added_by_its_name(folder: Path, words: tuple[str, ...], key: str, lines: list[str]) -> None:
    result = run("add", *words)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"saved sources/{key}.bib as {key}. Next: libreview tag {key} -p PAGE -t THEME\n"
    written = bib(folder, key).splitlines()
    assert [line for line in lines if line not in written] == []
    assert run("check").exit_code == 0
    assert run("undo").exit_code == 0
    assert sources(folder) == ["all.bib"]


@pytest.mark.usefixtures("answering")
def test_what_the_page_does_not_say_is_named(folder: Path) -> None:
    result = run("add", "https://stadt.example/bandung")
    assert result.exit_code == 0
    assert result.stderr.splitlines()[
        -1
    ] == "not found: author, date. Fill it in with: libreview edit bandung/indonesien" or (
        "not found: author, date" in result.stderr
    )
    assert "langid = {german}" in bib(folder, "bandung")


def test_nothing_is_written_to_try(folder: Path, answering: Registers) -> None:
    result = run("add", DOI, "--dry-run")
    assert "+++ sources/wijaya2011two.bib" in result.stdout
    assert sources(folder) == ["all.bib"]
    assert answering.asked == [f"doi.org/{DOI}"]


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("doi = {https://doi.org/10.1080/13604813.2011.568715}", (DOI,)),
        ("doi = {10.1234/TOWNS.2021}", ("2101.00001",)),  # known only from the answer
        ("eprint = {2101.00001v1}, archiveprefix = {arXiv}", ("arXiv:2101.00001v2",)),
        ("isbn = {0-306-40615-2}", ("9780306406157",)),
        ("pmid = {12345678}", ("PMID:12345678",)),
        ("doi = {10.1234/jth.2003.12}", ("PMID:12345678",)),
        ("url = {http://www.kabar.example/read/1/}", ("https://www.kabar.example/read/1?utm_source=wa",)),
        ("doi = {10.1234/jk.v6i2.99}", ("https://jurnal.example.ac.id/index.php/jk/article/view/99",)),
    ],
)
def test_what_the_review_has_is_not_added_again(folder: Path, fields: str, words: tuple[str, ...]) -> None:
    (folder / "sources" / "here.bib").write_text(
        f"@book{{here2001,\n title = {{Here}}, {fields}\n}}\n", encoding="utf-8"
    )
    result = run("add", *words)
    assert result.exit_code == 1
    assert "is in the review already, as here2001; nothing was changed\n  libreview show here2001\n" in result.stderr
    assert result.stdout == ""
    assert sources(folder) == ["all.bib", "here.bib"]


def test_what_the_review_has_is_known_without_asking(folder: Path, registers: Registers) -> None:
    (folder / "sources" / "here.bib").write_text(
        f"@book{{here2001,\n title = {{Here}}, doi = {{{DOI}}}\n}}\n", encoding="utf-8"
    )
    assert run("add", DOI).exit_code == 1
    assert registers.asked == []


# Without the network --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((DOI,), 1, ["libreview: doi.org cannot be reached: ", "  Try again later, or add it by hand: libreview add --title"]),
        (("10.9999/none",), 1, ["libreview: doi.org knows no DOI 10.9999/none\n", "  Look at it again"]),
        (("9999.99999",), 1, ["libreview: export.arxiv.org knows no arXiv 9999.99999\n"]),
        (("PMID:1",), 1, ["libreview: What eutils.ncbi.nlm.nih.gov answered for PMID 1 is no record\n", "  Try again later"]),
        (("0306406153",), 1, ["libreview: 0306406153 is no ISBN", "  Look at the book again"]),
        (("Two", "harbours"), 2, ['libreview: What "Two harbours" names is not known\n', "  Known are DOI"]),
        (("http://me:secret@kabar.example/",), 2, ["is not known"]),
        (("https://town.example/gone",), 1, ["libreview: town.example has no such page\n", "  Look at the address: https://"]),
        (("UU 23 Tahun 2014",), 2, ["libreview: Say what the law is about\n",
          '  libreview add "Undang-Undang Nomor 23 Tahun 2014 tentang ..."']),
    ],
)  # fmt: skip
def test_what_cannot_be_added(
    folder: Path,
    registers: Registers,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    status: int,
    said: list[str],
) -> None:
    registers.sample("export.arxiv.org/api/query", "arxiv-none.xml", "application/atom+xml")
    registers.answers["eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi"] = Answer(
        b"<html>Sign in to this network</html>"
    )
    if words == (DOI,):
        monkeypatch.setenv("LIBREVIEW_LOOKUP", "http://127.0.0.1:9")
    result = run("add", *words)
    assert result.exit_code == status
    assert [part for part in said if part not in result.stderr] == []
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) <= 2
    assert sources(folder) == ["all.bib"]


@pytest.mark.parametrize("value", ['"off"', "false", '"no"', "0"])
def test_the_user_turns_the_network_off(folder: Path, answering: Registers, value: str) -> None:
    assert run("config", "--user", "network", "off").exit_code == 0
    place = Path(os.environ["LIBREVIEW_CONFIG"])
    place.write_text(f"network = {value}\n", encoding="utf-8")
    (folder / "libreview.toml").write_text('title = "x"\nnetwork = "on"\n', encoding="utf-8")  # no setting of a review
    for words in ((DOI,), ("https://www.kabar.example/read/1",), ("PMID:1",), ("9780306406157",)):
        result = run("add", *words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "libreview: Asking the network is turned off in your configuration\n" in result.stderr
        assert "  libreview config --user network on, or by hand: " in result.stderr
    assert answering.asked == []
    assert '"network" is not a setting of a review' in run("check").stdout
    assert run("config", "--user", "network", "on").exit_code == 0
    assert run("add", DOI).exit_code == 0


def test_a_switch_that_is_no_switch() -> None:
    result = run("config", "--user", "network", "maybe")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (2, 'libreview: network is on or off, not "maybe"')


def test_a_page_that_cannot_be_asked_is_added_by_options(folder: Path) -> None:
    assert run("config", "network", "off").exit_code == 0
    result = run("add", "https://stadt.example/bandung", "--title", "Bandung", "--author", "{Stadt Braunschweig}")
    assert result.exit_code == 0
    assert "Asking the network is turned off in your configuration." in result.stderr
    assert bib(folder, "stadtbandung") == (
        "@online{stadtbandung,\n  author = {{Stadt Braunschweig}},\n  title = {Bandung},\n"
        "  url = {https://stadt.example/bandung},\n  urldate = {2026-11-24},\n}\n"
    )


@pytest.mark.usefixtures("person")
def test_a_page_that_cannot_be_asked_is_added_by_answers(folder: Path, registers: Registers) -> None:
    registers.answers["stadt.example/bandung"] = Answer(status=403)
    result = run("add", "https://stadt.example/bandung", given="Bandung\n{Stadt Braunschweig}\n2024\nbraunschweig.de\n")
    assert result.exit_code == 0
    assert "stadt.example lets no program read this (status 403)." in result.stderr
    assert "organization = {braunschweig.de}" in bib(folder, "stadt2024bandung")


@pytest.mark.usefixtures("person", "answering")
def test_a_person_is_asked_for_what_the_page_does_not_say(folder: Path) -> None:
    result = run("add", "https://stadt.example/bandung", given="{Stadt Braunschweig}\n\n")
    assert result.exit_code == 0
    assert "Bandung/Indonesien\nAuthor (" in result.stderr
    assert "author = {{Stadt Braunschweig}}" in bib(folder, "stadtbandung")


@pytest.mark.usefixtures("person", "answering")
def test_nothing_is_asked_where_nothing_is_missing() -> None:
    result = run("add", DOI)
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        ["Asking doi.org ...", "wijaya2011two · Wijaya et al. (2011) Two harbours & a market: twinning in practice"],
    )


def test_what_a_register_sends_is_only_text(folder: Path, registers: Registers) -> None:
    registers.answers["doi.org/10.1/x"] = Answer(status=404)
    registers.answers["doi.org/10.1234/x"] = Answer(
        b'{"type":"book","title":"A}\\n\\\\input{/etc/passwd}@book{x,\\u001b[31m \\u202e% $x_1$ #1 ~","publisher":"}, key = {",'
        b'"author":[{"family":"and others } and","given":"{"}],"DOI":"10.1234/x","volume":"\\\\"}',
        "application/json",
    )
    result = run("add", "10.1234/x")
    assert result.exit_code == 0, result.stderr
    (name,) = set(sources(folder)) - {"all.bib"}
    text = (folder / "sources" / name).read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert run("list", "--keys").stdout.count("\n") == 3
    assert '"title":"A} \\\\input{/etc/passwd}@book{x,[31m % $x_1$ #1 ~"' in run("list", "--json").stdout


# Laws -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "key", "written"),
    [
        (
            ("UU 23 Tahun 2014 tentang Pemerintahan Daerah",), "uu23-2014",
            ("  author = {{Republik Indonesia}},\n  title = {Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah},\n"
            "  type = {undang-undang},\n  date = {2014},\n  langid = {indonesian},\n"),
        ),
        (
            ("perda", "kota", "bandung", "5/2010", "tentang", "Parkir"), "perdabandung5-2010",
            ("  author = {{Pemerintah Kota Bandung}},\n  title = {Peraturan Daerah Kota Bandung Nomor 5 Tahun 2010 tentang Parkir},\n"
            "  type = {peraturan daerah},\n  date = {2010},\n  langid = {indonesian},\n"),
        ),
    ],
)  # fmt: skip
def test_a_law_is_added_by_its_name(
    folder: Path, registers: Registers, words: tuple[str, ...], key: str, written: str
) -> None:
    result = run("add", *words)
    assert result.exit_code == 0, result.stderr
    assert sorted(bib(folder, key).splitlines()) == sorted(f"@legislation{{{key},\n{written}}}".splitlines())
    assert registers.asked == []
    again = run("add", *words)
    assert (again.exit_code, f"is in the review already, as {key}; nothing was changed" in again.stderr) == (1, True)


@pytest.mark.usefixtures("person")
def test_a_person_is_asked_what_a_law_is_about(folder: Path) -> None:
    result = run("add", "Permendagri 25/2020", given="Tata Cara Kerja Sama\n\n")
    assert result.exit_code == 0
    assert "Peraturan Menteri Dalam Negeri Nomor 25 Tahun 2020 tentang: " in result.stderr
    assert "tentang Tata Cara Kerja Sama}" in bib(folder, "permendagri25-2020")
    assert "note" not in bib(folder, "permendagri25-2020")


# By kind --------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("kind", "answers", "key", "lines"),
    [
        ("skripsi", "Sukarno\nKota\n2018\nUniversitas X\nMakassar\n\n", "sukarno2018kota",
         ["@thesis{sukarno2018kota,", "  type = {skripsi},", "  institution = {Universitas X},", "  location = {Makassar},"]),
        ("tesis", "Ani\nKota\n2018\nUniversitas X\n\nhttps://repo.example/1\n\n", "ani2018kota",
         ["  type = {tesis},", "  url = {https://repo.example/1},", "  urldate = {2026-11-24},"]),
        ("disertasi", "Ani\nKota\n2018\nX\n\n\n", "ani2018kota", ["  type = {disertasi},"]),
        ("thesis", "Ani\nKota\n2018\nPhD thesis\nX\n\n\n", "ani2018kota", ["  type = {PhD thesis},"]),
        ("news", "Ani\nKota\n2018-02-01\nKompas\nhttps://kompas.example/1\n2024-01-01\n", "ani2018kota",
         ["@online{ani2018kota,", "  organization = {Kompas},", "  date = {2018-02-01},", "  urldate = {2024-01-01},"]),
        ("berita", "Ani\nKota\n2018-02-01\nKompas\n\n4\n", "ani2018kota",
         ["@article{ani2018kota,", "  journaltitle = {Kompas},", "  entrysubtype = {newspaper},", "  pages = {4},"]),
        ("legislation", "UU 6 Tahun 2014 tentang Desa\nLembaran Negara 7\n", "uu6-2014",
         ["@legislation{uu6-2014,", "  note = {Lembaran Negara 7},"]),
        ("legislation", "\n{Kota}\nStadtordnung\n1901\n7\n\n", "kota1901stadtordnung", ["  number = {7},"]),
    ],
)  # fmt: skip
def test_questions_by_kind(folder: Path, kind: str, answers: str, key: str, lines: list[str]) -> None:
    result = run("add", "--type", kind, given=answers)
    assert result.exit_code == 0, result.stderr
    written = bib(folder, key).splitlines()
    assert [line for line in lines if line not in written] == []


@pytest.mark.usefixtures("person")
def test_a_law_that_is_asked_for_is_looked_for_in_the_review(folder: Path) -> None:
    assert run("add", "UU 6 Tahun 2014 tentang Desa").exit_code == 0
    result = run("add", given="legislation\nuu no 6/2014\n")
    assert (result.exit_code, "is in the review already, as uu6-2014" in result.stderr) == (1, True)
    assert run("add", "--type", "law", given="UU 7/2014\nPerdagangan\nLembaran Negara 45\n").exit_code == 0
    assert "title = {Undang-Undang Nomor 7 Tahun 2014 tentang Perdagangan}" in bib(folder, "uu7-2014")


@pytest.mark.usefixtures("person")
def test_a_law_of_another_kind_keeps_the_name_that_was_typed(folder: Path) -> None:
    result = run("add", "--type", "law", given="Stadtordnung 1901\n{Stadt}\n1901\n\n\n")
    assert result.exit_code == 0, result.stderr
    assert "title = {Stadtordnung 1901}" in bib(folder, "stadt1901stadtordnung")


def test_kinds_by_options(folder: Path) -> None:
    words = ("--author", "Ani", "--title", "Kota", "--year", "2018")
    assert run("add", "--type", "Skripsi", *words, "--field", "institution=X").exit_code == 0
    assert "@thesis{ani2018kota," in bib(folder, "ani2018kota")
    assert "type = {skripsi}" in bib(folder, "ani2018kota")
    near = run("add", "--type", "skripsii", *words)
    assert (near.exit_code, "Did you mean skripsi" in near.stderr) == (2, True)
