"""One report with all six kinds of block, and with text that would like to be markup."""

from __future__ import annotations

import pytest

from libreview.words.blocks import (
    Block,
    Column,
    Heading,
    Listing,
    Paragraph,
    Quotation,
    Reference,
    Report,
    Run,
    Table,
    text,
)

HOSTILE = (
    "<script>alert(1)</script> [red]x[/red] :skull: \x1b[31m\x00 \u202e\udc80 *a* _b_ `c` |d| @key $5 &amp; \ufffe"
)

BLOCKS: tuple[Block, ...] = (
    Heading(text("Ringkasan"), 1),
    Paragraph(
        text(
            "Kata ",
            Run("miring", ("emphasis",)),
            " dan ",
            Run("tebal", ("strong",)),
            ", H",
            Run("2", ("subscript",)),
            "O, ",
            Run("kode", ("code",)),
            ", ",
            Run("laman", (), "https://a.b/c?d=1&e=2"),
            ".",
        )
    ),
    Paragraph(text(HOSTILE)),
    Quotation(
        (Paragraph(text("Kutipan pertama.")), Paragraph(text("Kutipan\nkedua."))), text("(Cremer dkk., 2001, hlm. 12)")
    ),
    Listing(((Paragraph(text("satu")),), (Paragraph(text("dua")), Listing(((Paragraph(text("dalam")),),), True)), ())),
    Table(
        (Column("Tema"), Column("Kutipan", "right"), Column("Arti", "centre")),
        ((text(Run("promosi", ("emphasis",))), 3, "=1+1"), ("a|b", 12, "")),
        text("Tabel 1"),
        text("N = 3"),
    ),
    Reference(
        "zed2004",
        text("Zed. (2004). ", Run("Metode penelitian", ("emphasis",)), ". ", Run("https://x.y", (), "https://x.y")),
        (Paragraph(text("Anotasi.")), Quotation((Listing(((Paragraph(text("butir")),),)),), text("(hlm. 1)"))),
    ),
)


@pytest.fixture
def report() -> Report:
    return Report(
        blocks=lambda: BLOCKS,
        data=lambda: [{"key": "zed2004", "text": HOSTILE}],
        rows=lambda: (["key", "n", "text"], [("zed2004", 3, HOSTILE), ("=1+1", -2, "a\tb\nc")]),
        title="Judul <b>",
        language="id",
    )
