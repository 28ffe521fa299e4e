"""What all renderers of running text share: the walk over blocks, and the left margin of lines.

Blocks nest as deep as a user's lists do, so nothing here recurses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from libreview.words.blocks import Block, Listing, Paragraph, Quotation, Reference, Run, Text

__all__ = ["Margin", "Step", "attributed", "loose", "walk"]

Step = Literal["leaf", "open", "close", "item", "end"]


def loose(listing: Listing) -> bool:
    """Return whether the items of a list hold more than one block, so that they need room between them."""
    return any(len(item) > 1 and not all(isinstance(block, Listing) for block in item[1:]) for item in listing.items)


def _quoted(quotation: Quotation) -> tuple[Block, ...]:
    """Return the blocks of a quotation with the attribution at their end, in the last paragraph if there is one."""
    blocks = quotation.blocks
    if not quotation.attribution:
        return blocks
    if blocks and isinstance(blocks[-1], Paragraph):
        return (*blocks[:-1], Paragraph((*blocks[-1].text, Run(" "), *quotation.attribution)))
    return (*blocks, Paragraph(quotation.attribution))


def walk(blocks: Iterable[Block]) -> Iterator[tuple[Step, Block, int]]:
    """Yield every block: headings, paragraphs and tables as a "leaf"; others as "open" and "close" around their own.

    The items of a list come as "item" and "end" with their number from 0. A reference is "open" before its body.
    """
    stack: list[tuple[Iterator[Block], Block | None, int]] = [(iter(blocks), None, -1)]
    while stack:
        inside, owner, at = stack[-1]
        block = next(inside, None)
        if block is None:
            stack.pop()
            if owner is None:
                return
            if isinstance(owner, Listing):
                yield "end", owner, at
                if at + 1 < len(owner.items):
                    yield "item", owner, at + 1
                    stack.append((iter(owner.items[at + 1]), owner, at + 1))
                    continue
            yield "close", owner, 0
        elif isinstance(block, Quotation):
            yield "open", block, 0
            stack.append((iter(_quoted(block)), block, 0))
        elif isinstance(block, Reference):
            yield "open", block, 0
            stack.append((iter(block.body), block, 0))
        elif isinstance(block, Listing):
            if block.items:
                yield "open", block, 0
                yield "item", block, 0
                stack.append((iter(block.items[0]), block, 0))
        else:
            yield "leaf", block, 0


class Margin:
    """Lines with what stands left of them: bars of quotations, bullets, indents; and the empty lines between blocks."""

    __slots__ = ("_fresh", "_stack", "_tight", "lines")

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._stack: list[list[str]] = []  # what stands before the next line, and before those that follow
        self._fresh = True
        self._tight: list[bool] = []  # for each item around, whether its list has no room between blocks

    def push(self, first: str, rest: str) -> None:
        self._stack.append([first, rest])

    def pop(self) -> None:
        first, rest = self._stack[-1]
        if first != rest:  # an empty item still shows its bullet
            self._line("")
        self._stack.pop()
        self._fresh = False

    def item(self, listing: Listing, at: int) -> int:
        """Begin an item of a list and return how far in it stands."""
        tight = not loose(listing)
        if (at == 0 and not (self._tight and self._tight[-1])) or (at and not tight):
            self.gap()
        self._fresh = True
        mark = f"{at + 1}. " if listing.ordered else "- "
        self.push(mark, " " * len(mark))
        self._tight.append(tight)
        return len(mark)

    def end(self) -> None:
        """End an item of a list."""
        self._tight.pop()
        self.pop()

    def gap(self) -> None:
        """Put an empty line before what comes, unless it is the first of its kind."""
        if not self._fresh:
            self.lines.append("".join([one[1] for one in self._stack]).rstrip() if self._stack else "")
        self._fresh = True

    def join(self) -> None:
        """Let the next block follow without an empty line."""
        self._fresh = True

    def write(self, lines: Iterable[str]) -> None:
        """Write the lines of one block."""
        self.gap()
        if self._stack:
            for line in lines:
                self._line(line)
        else:
            self.lines.extend(lines)
        self._fresh = False

    def take(self) -> str:
        """Return the lines written since this was last called, and keep them no longer."""
        text = "".join([f"{line}\n" for line in self.lines])
        self.lines.clear()
        return text

    def _line(self, text: str) -> None:
        if not self._stack:
            self.lines.append(text)
            return
        prefix = ""
        for one in self._stack:
            prefix += one[0]
            one[0] = one[1]
        self.lines.append(prefix + text if text else prefix.rstrip())


def attributed(text: Text) -> str:
    """Return the text of ``text`` with the addresses of links that do not show them."""
    if len(text) == 1 and not text[0].link:
        return text[0].text
    return "".join(
        [run.text if not run.link or run.text.strip() in run.link else f"{run.text} <{run.link}>" for run in text]
    )
