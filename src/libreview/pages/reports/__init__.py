"""Findings as reports: blocks to draw, data for scripts, rows for tables. One module per group.

The modules are loaded when a report of theirs is asked for, so that a list does not wait for what draws a summary.
"""

from __future__ import annotations

from typing import Any

from libreview.words.rooms import load

_ROOMS = {
    "agreement": "agreement",
    "card_matrix": "crossing",
    "co_occurrence": "crossing",
    "codebook": "themes",
    "concept_matrix": "tables",
    "contradictions": "weighing",
    "crosstab": "crossing",
    "description": "descriptions",
    "duplicates": "duplicates",
    "excerpt": "cards",
    "frequency": "tables",
    "gaps": "weighing",
    "hits": "lists",
    "problems": "checking",
    "saturation": "weighing",
    "source": "cards",
    "sources": "lists",
    "sources_table": "tables",
    "state": "standing",
    "summary": "summaries",
    "synthesis": "crossing",
    "tabulated": "tables",
    "theme": "cards",
    "timeline": "crossing",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 (a function of one of the modules: finding and language to report)
    if name in _ROOMS:
        return getattr(load(f"{__name__}.{_ROOMS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
