"""Which comment belongs to what: to the entry after it, to the entry on its line, or to the end of a list."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from followup_rules.revising.tree import Collection, File, Item, Scalar, Value, every

_HASH: Final = re.compile(r"(?:(?<=\s)|^)#[^\n]*", re.MULTILINE)


class Comment(NamedTuple):
    """A comment; `alone` where nothing else is on its line, `blank` where the line above is empty."""

    start: int
    column: int
    text: str
    alone: bool
    gap: int
    blank: bool


class _Owner(NamedTuple):
    """An entry that comments can belong to, and the collections it is in, outermost first."""

    item: Item
    chain: tuple[Collection, ...]


def attach(file: File, opened: Sequence[Collection] = ()) -> None:
    """Put every comment, and every empty line before an entry, where it belongs.

    Lists and mappings in brackets that have comments inside are written with one entry a line from then on.

    Args:
        opened: others that are.
    """
    found = list(comments_of(file))
    brackets = [one for one in every(file.root) if isinstance(one, Collection) and one.flow]
    starts = [comment.start for comment in found]
    holding = [one for one in brackets if bisect.bisect(starts, one.start) != bisect.bisect(starts, one.end)]
    both = [one for one in brackets if one in opened or one in holding]
    for one in both:
        one.flow = False
    entries = _Entries(file, both)
    for comment in found:
        _place(file, comment, entries)
    for owner in entries.owners:
        if _blank_above(file.text, owner.item.start):
            owner.item.before.append("")


def comments_of(file: File) -> Iterator[Comment]:
    """Every comment of a file, in the order of writing."""
    position = 0
    while match := _HASH.search(file.text, position):
        start = match.start()
        index = bisect.bisect_right(file.opaque, (start, len(file.text))) - 1
        if index >= 0 and start < file.opaque[index][1]:
            position = file.opaque[index][1]
        else:
            position = match.end()
            yield _comment(file.text, start)


def _comment(text: str, start: int) -> Comment:
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    before = text[begin:start]
    gap = len(before) - len(before.rstrip())
    words = text[start : end if end >= 0 else len(text)].rstrip()
    return Comment(start, start - begin, words, not before.strip(), gap, _blank_above(text, start))


def _blank_above(text: str, start: int) -> bool:
    """True where nothing but blanks stands before it on its line, and the line above is empty."""
    begin = text.rfind("\n", 0, start) + 1
    above = text[text.rfind("\n", 0, begin - 1) + 1 : begin] if begin else "x"
    return not text[begin:start].strip() and not above.strip()


def _owners(value: Value, chain: tuple[Collection, ...]) -> Iterator[_Owner]:
    if isinstance(value, Scalar) or value.flow:
        return
    chain = (*chain, value)
    for item in value.items:
        yield _Owner(item, chain)
        yield from _owners(item.value, chain)


class _Entries:
    """The entries of a file in the order of writing, and the brackets that were opened up."""

    def __init__(self, file: File, opened: Sequence[Collection]) -> None:
        self.owners = list(_owners(file.root, ()))
        self.opened = opened
        self._starts = [owner.item.start for owner in self.owners]

    def before(self, start: int) -> _Owner | None:
        """The last entry before a place; entries in brackets that are closed by then are none."""
        closed = [one for one in self.opened if one.end <= start]
        for owner in reversed(self.owners[: bisect.bisect_left(self._starts, start)]):
            if not any(one in closed for one in owner.chain):
                return owner
        return None

    def after(self, start: int) -> _Owner | None:
        """The first entry after a place."""
        index = bisect.bisect_left(self._starts, start)
        return self.owners[index] if index < len(self.owners) else None


def _place(file: File, comment: Comment, entries: _Entries) -> None:
    inside = [one for one in entries.opened if one.start < comment.start < one.end]
    before, after = entries.before(comment.start), entries.after(comment.start)
    if before is None:
        early = file.explicit_start is not None and comment.start < file.explicit_start
        _add(file.preface if early else file.head, comment)
    elif not comment.alone:
        before.item.trailing.append(" " * max(2, comment.gap) + comment.text)
    elif inside and (after is None or inside[-1] not in after.chain):
        _add(inside[-1].foot, comment)
    else:
        _between(comment, before, after)


def _between(comment: Comment, before: _Owner, after: _Owner | None) -> None:
    """A line of its own between two entries: it belongs to what it is as deep as."""
    ended = [
        one
        for one in before.chain
        if after is None or (one not in after.chain and one.column > after.item.column)
        if one.column <= comment.column or (after is None and one is before.chain[0])
    ]
    if after is None or ended:
        _add(ended[-1].foot, comment)
    else:
        _add(after.item.before, comment)


def _add(lines: list[str], comment: Comment) -> None:
    if comment.blank:
        lines.append("")
    lines.append(comment.text)
