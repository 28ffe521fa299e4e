"""Sources that may be one publication: normalise, block on several keys, score pairs, group with vetoes, propose."""

from __future__ import annotations

from libreview.findings.duplicates.finding import BUDGET, WIDE, Found, Group, Reason, find, find_among
from libreview.findings.nearness import Record, record_of

__all__ = ["BUDGET", "WIDE", "Found", "Group", "Reason", "Record", "find", "find_among", "record_of"]
