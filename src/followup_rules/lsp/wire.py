"""From what is known to the words of the protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from lsprotocol import types

from followup_rules.load.sources import Source
from followup_rules.lsp.chunks import Named
from followup_rules.lsp.completing import Choices
from followup_rules.lsp.diagnosing import Remark
from followup_rules.lsp.fixing import fix_of
from followup_rules.lsp.lines import Lines, Range
from followup_rules.lsp.navigating import Target
from followup_rules.report.pages import page_path

NAME: Final = "followup-rules"
_SEVERITY: Final = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "suggestion": types.DiagnosticSeverity.Information,
}
_SORT: Final = {
    "key": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.EnumMember,
    "pack": types.CompletionItemKind.Module,
    "rule": types.CompletionItemKind.Reference,
    "file": types.CompletionItemKind.File,
    "unit": types.CompletionItemKind.Unit,
}


def range_of(one: Range) -> types.Range:
    """A range of the protocol."""
    return types.Range(types.Position(*one.start), types.Position(*one.end))


def diagnostic(remark: Remark, packs: Sequence[Source]) -> types.Diagnostic:
    """A problem as a diagnostic: its code leads to the page, its data carry the mend."""
    problem = remark.problem
    page = page_path(problem.code)
    related = None
    if remark.elsewhere is not None and (file := _file(remark.elsewhere.file, packs)) is not None:
        at = types.Position(max(0, remark.elsewhere.line - 1), max(0, remark.elsewhere.column - 1))
        location = types.Location(file.as_uri(), types.Range(at, at))
        related = [types.DiagnosticRelatedInformation(location, problem.message)]
    return types.Diagnostic(
        range=range_of(remark.range),
        message=f"{problem.message}; {problem.hint}" if problem.hint else problem.message,
        severity=_SEVERITY.get(problem.severity, types.DiagnosticSeverity.Error),
        code=problem.code,
        code_description=types.CodeDescription(page.as_uri()) if page is not None else None,
        source=NAME,
        related_information=related,
        data={"hint": problem.hint},
    )


def completion(found: Choices, number: int, lines: Lines) -> types.CompletionList:
    """What may be written, each with the part of the line that it takes the place of."""
    start = lines.start(number)
    place = range_of(lines.range(start + found.start, start + found.end))
    items = [
        types.CompletionItem(
            label=one.label,
            kind=_SORT[one.sort],
            documentation=types.MarkupContent(types.MarkupKind.Markdown, one.meaning) if one.meaning else None,
            text_edit=types.TextEdit(place, one.text),
            filter_text=one.label,
            sort_text=f"{index:04}",
        )
        for index, one in enumerate(found.items)
    ]
    return types.CompletionList(is_incomplete=any(one.sort == "unit" for one in found.items), items=items)


def location(target: Target, read: Callable[[Path], str], unit: str) -> types.Location:
    """A place in a file, in the units of the client."""
    lines = Lines(read(target.path), unit)
    at = lines.at(target.line, target.column)
    return types.Location(
        target.path.as_uri(), range_of(lines.range(at, max(at, lines.word_end(at) if lines.text else at)))
    )


def symbol(one: Named, lines: Lines) -> types.DocumentSymbol:
    """A rule as a symbol of its file."""
    whole = lines.range(lines.start(one.chunk.first), lines.start(one.chunk.end))
    at = lines.start(one.line) + one.column
    return types.DocumentSymbol(
        name=one.id,
        detail=": ".join(part for part in (one.kind, one.title) if part),
        kind=types.SymbolKind.Object,
        range=range_of(whole),
        selection_range=range_of(lines.range(at, lines.word_end(at))),
    )


def actions(remarks: Sequence[Remark], wanted: types.Range, uri: str, lines: Lines) -> list[types.CodeAction]:
    """The mends of what is wrong in a range."""
    found = []
    for remark in remarks:
        at = range_of(remark.range)
        if remark.elsewhere is not None or at.end < wanted.start or wanted.end < at.start:
            continue
        fix = fix_of(remark.problem, remark.range, lines)
        if fix is not None:
            edit = types.WorkspaceEdit(changes={uri: [types.TextEdit(range_of(fix.range), fix.text)]})
            found.append(
                types.CodeAction(
                    fix.title, kind=types.CodeActionKind.QuickFix, diagnostics=[diagnostic(remark, ())], edit=edit
                )
            )
    return found


def _file(shown: str, packs: Sequence[Source]) -> Path | None:
    path = next((source.path for source in packs if source.shown == shown), Path(shown))
    return path.resolve() if path.is_absolute() else None
