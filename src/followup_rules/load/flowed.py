"""Paragraphs whose lines were broken by a mail program (RFC 3676, `format=flowed`), put together again."""

from __future__ import annotations

from collections.abc import Iterator


def flowed(source: str, delete_space: bool = False) -> Iterator[tuple[int, str]]:
    """The pieces of the text: where each begins in the source, and what it says.

    A line that ends with a space goes on in the next one, if both are quoted equally deep; '-- ' ends a text.
    """
    position, depth_before, open_line = 0, 0, False
    for line in source.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        begin = depth + (line[depth : depth + 1] == " ")
        content = line[begin:]
        goes_on = content.endswith(" ") and content != "-- "
        joined = open_line and depth == depth_before and content != "-- "
        if position and not joined:
            yield position - 1, "\n"
        if depth and not joined:
            yield position, f"{line[:depth]} "
        yield position + begin, content[:-1] if goes_on and delete_space else content
        depth_before, open_line = depth, goes_on
        position += len(line) + 1
