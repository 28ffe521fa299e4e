"""Cells of tables that spreadsheets open: text that never becomes a formula, and the same text again when it comes back.

A spreadsheet takes what begins with ``=``, ``+``, ``-`` or ``@`` for a formula (OWASP, "CSV Injection").
"""

from __future__ import annotations

import re

__all__ = ["Figure", "is_formula", "restored"]

_FORMULA = re.compile(r"(?!-[0-9]+\.[0-9]+\Z)'*\s{0,8}[=+\-@\t\r\n＝＋－＠]")


class Figure(str):
    """A number that is not whole, written with a point. A spreadsheet whose language puts a comma must be given a comma."""

    __slots__ = ()


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet could take ``text`` for a formula; whoever writes it puts one apostrophe before it.

    Text that begins with apostrophes of its own counts too, so that `restored` can tell them apart.
    """
    return _FORMULA.match(text) is not None


def restored(cell: str) -> str:
    """Return the text that a cell was written from, without the apostrophe that kept it from being a formula."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell
