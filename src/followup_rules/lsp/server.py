"""The protocol: which message is answered by which function. Whatever goes wrong is logged, and the session goes on."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol

from followup_rules.errors import InvalidInput
from followup_rules.lsp import wire
from followup_rules.lsp.completing import choices
from followup_rules.lsp.diagnosing import Remark, remarks
from followup_rules.lsp.hovering import hover
from followup_rules.lsp.lines import Lines, Position
from followup_rules.lsp.navigating import definition, symbols
from followup_rules.lsp.session import Open, Session, lines_of
from followup_rules.plugins import Plugins

_log: Final = logging.getLogger("followup-rules")
_PAUSE: Final = 0.25
_MANY: Final = 20_000
_Handler = TypeVar("_Handler", bound=Callable[..., Any])


class _Quiet(LanguageServerProtocol):
    """Errors reach the client in one line: what else is known about them goes to the log."""

    def _send_response(self, msg_id: Any, result: Any = None, error: Any = None) -> None:
        if error is not None:
            error.data = None
            error.message = str(error.message).splitlines()[0][:200] if error.message else "failed"
        super()._send_response(msg_id, result, error)


class Server(LanguageServer):
    """A language server for one client."""

    def __init__(self, plugins: Plugins, version: str) -> None:
        super().__init__(
            wire.NAME, version, text_document_sync_kind=types.TextDocumentSyncKind.Full, protocol_cls=_Quiet
        )
        self.session = Session(plugins.packs, plugins.checks)
        self.sources = tuple(plugins.packs.values())
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._worker = ThreadPoolExecutor(1, "judging")

    @property
    def unit(self) -> str:
        """What the client counts characters in."""
        return str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding) or "utf-16")

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Errors outside of requests are for the log, not for a window in front of the text."""
        _log.error("%s: %s", getattr(source, "__name__", source), error)

    @property
    def was_shut_down(self) -> bool:
        """True where the client asked for the end before it left."""
        return bool(getattr(self.protocol, "_shutdown", False))

    def shutdown(self) -> None:
        """Leave at once, also while something is being judged."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        super().shutdown()  # type: ignore[no-untyped-call]

    def look(self, uri: str) -> tuple[Open, Lines] | None:
        """An open text and its lines."""
        found = self.session.get(uri)
        return None if found is None else (found, Lines(found.text, self.unit))

    def judge(self, uri: str, pause: float = _PAUSE) -> None:
        """Judge a text soon, unless it changes before; and then every other open text, which may extend it."""
        if (task := self._waiting.pop(uri, None)) is not None:
            task.cancel()
        self._waiting[uri] = asyncio.get_running_loop().create_task(self._judged(uri, pause))

    def forget(self, uri: str) -> None:
        """A text was closed: what was said about it is taken back."""
        if (task := self._waiting.pop(uri, None)) is not None:
            task.cancel()
        self.session.close(uri)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    async def _judged(self, uri: str, pause: float) -> None:
        await asyncio.sleep(pause)
        for one in [uri, *(other for other in self.session.uris() if other != uri)]:
            await self._publish(one)

    async def _publish(self, uri: str) -> None:
        found = self.session.get(uri)
        if found is None:
            return
        # The clock is asked here, at the door, because `ignore` holds until a day.
        today, saved = datetime.now().astimezone().date(), uri in self.session.saved
        work = functools.partial(remarks, found.path, self.session.snapshot(), saved, today, self.unit)
        try:
            said: tuple[Remark, ...] = await asyncio.get_running_loop().run_in_executor(self._worker, work)
        except Exception:
            _log.exception("%s cannot be judged", uri)
            said = ()
        if self.session.get(uri) is not found:
            return
        self.session.said[uri] = said
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, [wire.diagnostic(one, self.sources) for one in said], found.version)
        )


def serve(plugins: Plugins, version: str) -> Server:
    """A server that knows every message it answers; `start_io` runs it."""
    server = Server(plugins, version)
    _add_texts(server)
    _add_answers(server)
    _add_lists(server)
    return server


def _add_texts(server: Server) -> None:
    def put(uri: str) -> None:
        document = server.workspace.text_documents.get(uri) or server.workspace.get_text_document(uri)
        server.session.put(uri, document.source, document.version, document.path if uri.startswith("file:") else None)

    @_safe(server, types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        if server.workspace.root_path:
            server.session.root = Path(server.workspace.root_path)
        put(params.text_document.uri)
        server.session.saved.add(params.text_document.uri)
        server.judge(params.text_document.uri, pause=0)

    @_safe(server, types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        put(params.text_document.uri)
        server.session.saved.discard(params.text_document.uri)
        server.judge(params.text_document.uri)

    @_safe(server, types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        if server.session.get(params.text_document.uri) is not None:
            server.session.saved.add(params.text_document.uri)
            server.judge(params.text_document.uri, pause=0)

    @_safe(server, types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.forget(params.text_document.uri)


def _add_answers(server: Server) -> None:
    options = types.CompletionOptions(trigger_characters=[" ", "[", "{", ".", "-"])

    @_safe(server, types.TEXT_DOCUMENT_COMPLETION, options)
    def complete(params: types.CompletionParams) -> types.CompletionList | None:
        if (found := server.look(params.text_document.uri)) is None:
            return None
        one, lines = found
        number, column = _cursor(lines, params.position)
        return wire.completion(
            choices(one.path, lines_of(lines), number, column, server.session.snapshot()), number, lines
        )

    @_safe(server, types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        if (found := server.look(params.text_document.uri)) is None:
            return None
        one, lines = found
        text = hover(one.path, lines_of(lines), *_cursor(lines, params.position), server.session.snapshot())
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text)) if text else None

    @_safe(server, types.TEXT_DOCUMENT_DEFINITION)
    def defined(params: types.DefinitionParams) -> types.Location | None:
        if (found := server.look(params.text_document.uri)) is None:
            return None
        one, lines = found
        snapshot = server.session.snapshot()
        target = definition(one.path, lines_of(lines), *_cursor(lines, params.position), snapshot)

        def read(path: Path) -> str:
            try:
                return snapshot.read(path, str(path))
            except InvalidInput:
                return ""

        return wire.location(target, read, server.unit) if target is not None else None


def _add_lists(server: Server) -> None:
    @_safe(server, types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def listed(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        if (found := server.look(params.text_document.uri)) is None:
            return []
        lines = found[1]
        return [wire.symbol(one, lines) for one in symbols(lines_of(lines))[:_MANY]]

    kinds = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])

    @_safe(server, types.TEXT_DOCUMENT_CODE_ACTION, kinds)
    def mended(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        if (found := server.look(uri)) is None:
            return []
        return wire.actions(server.session.said.get(uri, ()), params.range, uri, found[1])


def _cursor(lines: Lines, position: types.Position) -> tuple[int, int]:
    """The line and the character of Python's text at a position of the client."""
    offset = lines.offset(Position(position.line, position.character))
    number = min(max(position.line, 0), len(lines) - 1)
    return number, offset - lines.start(number)


def _safe(server: Server, method: str, options: Any = None) -> Callable[[_Handler], _Handler]:
    """Answer a message; what goes wrong is logged, and the client gets an empty answer."""

    def decorate(handler: _Handler) -> _Handler:
        def answer(params: Any) -> Any:
            try:
                return handler(params)
            except Exception:
                _log.exception("%s failed", method)
                return None

        server.feature(method, options)(answer)
        return handler

    return decorate
