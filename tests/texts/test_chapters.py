"""Chapters as pandoc reads them: what is cited, and what goes on to the citation processor."""

from __future__ import annotations

from typing import Any

import pytest

from libreview.texts import chapters, notes


def words(text: str) -> list[dict[str, Any]]:
    pieces = text.replace(" ", "\n \n").split("\n")
    return [{"t": "Space"} if piece == " " else {"t": "Str", "c": piece} for piece in pieces if piece]


def cite(*citations: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    made = [
        {"citationId": key, "citationPrefix": [], "citationSuffix": suffix, "citationMode": {"t": "NormalCitation"}}
        for key, suffix in citations
    ]
    return {"t": "Cite", "c": [made, words("typed")]}


def tree(*blocks: dict[str, Any], **meta: Any) -> chapters.Tree:  # noqa: ANN401
    return {"meta": meta, "blocks": list(blocks)}


def para(*inlines: dict[str, Any]) -> dict[str, Any]:
    return {"t": "Para", "c": list(inlines)}


def said(inlines: list[dict[str, Any]]) -> str:
    return "".join(one.get("c", " ") if isinstance(one.get("c", " "), str) else "<>" for one in inlines)


@pytest.mark.parametrize(
    ("suffix", "language", "shown"),
    [
        (", hlm. 12", "en-US", ", p. 12"),
        (", p.\u00a012-14", "id-ID", ", hlm. 12–14"),
        ("hal. 4", "de-DE", "S. 4"),
        (", 12", "id", ", hlm. 12"),
        (", Pasal 6 ayat (2)", "en", ", Pasal 6 ayat (2)"),
        (", cited in a letter", "en", ", cited in a letter"),
        ("", "en", ""),
        (", ", "en", ", "),
    ],
)
def test_locators_in_the_language_of_the_document(suffix: str, language: str, shown: str) -> None:
    made = tree(para(cite(("a", words(suffix)))))
    assert chapters.prepare(made, {"a": "a"}, frozenset(), language) == 0
    assert said(made["blocks"][0]["c"][0]["c"][0][0]["citationSuffix"]) == shown


def test_what_stands_after_a_locator_stays() -> None:
    emphasis = {"t": "Emph", "c": words("sic")}
    made = tree(para(cite(("a", [*words(", hlm. 3 "), emphasis]))))
    chapters.prepare(made, {"a": "a"}, frozenset(), "en")
    assert said(made["blocks"][0]["c"][0]["c"][0][0]["citationSuffix"]) == ", p. 3 <>"


def test_what_follows_an_unknown_key_is_no_locator() -> None:
    made = tree(para(cite(("a", words(", hlm. 3")), ("b", []))))
    chapters.prepare(made, {}, frozenset(), "en")
    one, other = made["blocks"][0]["c"][0]["c"][0]
    assert (said(one["citationSuffix"]), other["citationSuffix"]) == ("{}, hlm. 3", [])


def test_keys_figures_and_raw_code() -> None:
    raw = {"t": "RawInline", "c": ["html", "<script>"]}
    comment = {"t": "RawBlock", "c": ["html", "<!-- later -->"]}
    made = tree(
        para(cite(("old", [])), cite(("fig:x", [])), raw), comment, title={"t": "MetaString", "c": "One"}, css={}
    )
    wanted = chapters.wants(made)
    assert (wanted.keys, wanted.placed) == (("old", "fig:x"), False)
    assert chapters.prepare(made, {"old": "new"}, frozenset({"fig:x"}), "en") == 1
    first, second, third = made["blocks"][0]["c"]
    assert first["c"][0][0]["citationId"] == "new"
    assert (second["t"], said(second["c"][1])) == ("Span", "typed")
    assert third == {"t": "Str", "c": ""}
    assert made["blocks"][1]["t"] == "Div"
    assert list(made["meta"]) == ["title"]


@pytest.mark.parametrize(
    ("last", "placed"),
    [
        (para(), False),
        ({"t": "Header", "c": [1, ["", [], []], words("Daftar Pustaka")]}, True),
        ({"t": "Div", "c": [["refs", [], []], []]}, True),
    ],
)
def test_where_the_bibliography_stands(last: dict[str, Any], placed: bool) -> None:
    assert chapters.wants(tree(para(), last)).placed is placed


def test_text_is_safe() -> None:
    made = tree(para({"t": "Str", "c": "a\x1b[31m\u202eb"}, {"t": "Code", "c": [["", [], []], "\x08x"]}))
    chapters.prepare(made, {}, frozenset(), "en")
    assert made["blocks"][0]["c"][0]["c"] == "a\\x1b[31m\\u202eb"
    assert made["blocks"][0]["c"][1]["c"][1] == "\\x08x"


def test_a_deep_tree_is_no_trouble() -> None:
    node: dict[str, Any] = para(cite(("deep", [])))
    for _ in range(5_000):
        node = {"t": "BlockQuote", "c": [node]}
    assert chapters.wants(tree(node)).keys == ("deep",)


def test_the_lines_of_citations() -> None:
    text = (
        "---\ntitle: x\n---\n\nOne [@a; @{b/c}]\nand @d.\n\n```\n@code\n```\n\n<!-- @gone -->\n[@a, p. 3] `@no` x@y.z\n"
    )
    assert notes.cited_lines(text) == (("a", 5), ("b/c", 5), ("d", 6), ("a", 13))
    assert notes.citations_in(text) == ("a", "b/c", "d")
