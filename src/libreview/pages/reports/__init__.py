"""Findings as reports: blocks to draw, data for scripts, rows for tables. One module per group, handed on here."""

from __future__ import annotations

from libreview.pages.reports.cards import excerpt, source, theme
from libreview.pages.reports.lists import codebook, hits, sources
from libreview.pages.reports.problems import problems
from libreview.pages.reports.summary import summary
from libreview.pages.reports.tables import concept_matrix, frequency, matrix, sources_table

__all__ = [
    "codebook",
    "concept_matrix",
    "excerpt",
    "frequency",
    "hits",
    "matrix",
    "problems",
    "source",
    "sources",
    "sources_table",
    "summary",
    "theme",
]
