"""Fields that name other entries."""

from __future__ import annotations

import pytest

from libreview.texts.formats.bibtex import references
from libreview.texts.formats.bibtex.reader import read


@pytest.mark.parametrize("field", ["crossref", "xdata", "xref", "related", "entryset"])
def test_each_field_that_names_an_entry_is_known(field: str) -> None:
    (source,) = read(b"@book{a, title = {T}, " + field.encode() + b" = {x, b}}\n", "s.bib").sources
    assert references.referring(source, ["b"]) == (field,)
    assert references.referring(source, ["c"]) == ()
    assert references.repointed(source.fields[field], {"b": "c"}) == "x, c"


@pytest.mark.parametrize(
    ("key", "data"),
    [
        ("plain", b"@book{plain,}"),
        ("müller", "@book{müller,}".encode()),
        ("müller", "@book{müller,}".encode("latin-1")),
        ("m“ller", "@book{m“ller,}".encode("cp1252")),
        ("m\u0081ller", "@book{m\u0081ller,}".encode("latin-1")),
        ("ключ", "@book{ключ,}".encode()),
        ("ключ", "@book{ключ,}".encode("utf-16")),
    ],
)
def test_a_key_is_found_in_a_file_of_any_encoding(key: str, data: bytes) -> None:
    assert references.mentions(data, [key])
    assert references.mentions(data, ["none", key])
    assert not references.mentions(data, ["none", "нет"])
