"""Settings, one a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from libreview.words import i18n
from libreview.words.blocks import Block, Column, Report, Table, text

__all__ = ["Setting", "settings"]


class Setting(Protocol):
    """A setting with its place (`libreview.deeds.configuring.Setting` is one)."""

    @property
    def scope(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def value(self) -> str | tuple[str, ...]: ...
    @property
    def path(self) -> str: ...


def _shown(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ",".join(value)


def settings(finding: Sequence[Setting], language: str) -> Report:
    """Return the settings by scope."""
    say = i18n.language(language)

    def blocks() -> Iterator[Block]:
        for scope, caption in (("review", say("This review")), ("user", say("You, in every review"))):
            rows = tuple((one.key, _shown(one.value)) for one in finding if one.scope == scope)
            path = next((one.path for one in finding if one.scope == scope), "")
            if rows:
                yield Table((Column(say("Setting")), Column(say("Value"))), rows, text(caption), text(path))

    def data() -> object:
        return [
            {
                "scope": one.scope,
                "key": one.key,
                "value": one.value if isinstance(one.value, str) else list(one.value),
                "path": one.path,
            }
            for one in finding
        ]

    def rows() -> tuple[list[str], list[tuple[str, str, str]]]:
        return ["scope", "key", "value"], [(one.scope, one.key, _shown(one.value)) for one in finding]

    return Report(blocks, data, rows, say("Settings"), language)
