"""An editor for tests: pygls' own client, which starts the real server and speaks the protocol with it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from conftest import ROOT

LONG = 30.0


class Editor:
    """One session. What the server publishes is kept by URI, every time it does."""

    def __init__(self, folder: Path, encodings: Sequence[str] = (), command: Sequence[str] = ()) -> None:
        self.folder, self.published = folder, dict[str, list[types.PublishDiagnosticsParams]]()
        self.shown: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._client = LanguageClient("editor", "1")
        self._client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self._keep(params))
        self._client.feature(types.WINDOW_SHOW_MESSAGE)(lambda params: self.shown.append(params.message))
        self._do(self._start(command or (sys.executable, "-m", "followup_rules", "lsp"), encodings))

    def _keep(self, params: types.PublishDiagnosticsParams) -> None:
        self.published.setdefault(params.uri, []).append(params)

    async def _start(self, command: Sequence[str], encodings: Sequence[str]) -> None:
        env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "FOLLOWUP_RULES_PLUGINS": "off"}
        await self._client.start_io(*command, env=env, cwd=str(self.folder))
        general = types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind(e) for e in encodings])
        params = types.InitializeParams(
            capabilities=types.ClientCapabilities(general=general if encodings else None),
            root_uri=self.folder.as_uri(),
        )
        self.capabilities = (await self._client.initialize_async(params)).capabilities
        self._client.initialized(types.InitializedParams())

    def _do(self, work: Any) -> Any:
        return self._loop.run_until_complete(asyncio.wait_for(work, LONG))

    def uri(self, name: str) -> str:
        """The URI of a file in the folder; a URI stays as it is."""
        return name if ":" in name else (self.folder / name).as_uri()

    def _named(self, name: str, text: str) -> str:
        """Files of one folder with one pack name are one pack; here each is its own."""
        return text.replace("pack: ours\n", f"pack: {name.partition('.')[0]}\n".replace("untitled:", ""))

    def open(self, name: str, text: str, wait: bool = True) -> list[types.Diagnostic]:
        """Open a text and, if asked to, wait for what is said about it."""
        before = len(self.published.get(self.uri(name), []))
        self._client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(self.uri(name), "yaml", 1, self._named(name, text)))
        )
        return self.wait(name, before) if wait else []

    def change(self, name: str, text: str, version: int, wait: bool = True) -> list[types.Diagnostic]:
        """Change a text as a whole."""
        before = len(self.published.get(self.uri(name), []))
        self._client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, self.uri(name)),
                [types.TextDocumentContentChangeWholeDocument(self._named(name, text))],
            )
        )
        return self.wait(name, before) if wait else []

    def save(self, name: str) -> list[types.Diagnostic]:
        """Say that a text was saved."""
        before = len(self.published.get(self.uri(name), []))
        self._client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(self.uri(name)))
        )
        return self.wait(name, before)

    def close(self, name: str) -> None:
        """Close a text."""
        self._client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self.uri(name)))
        )

    def wait(self, name: str, before: int) -> list[types.Diagnostic]:
        """What is said about a text after so many times."""

        async def said() -> list[types.Diagnostic]:
            while len(self.published.get(self.uri(name), [])) <= before:
                await asyncio.sleep(0.01)
            return list(self.published[self.uri(name)][-1].diagnostics)

        return self._do(said())

    def idle(self, seconds: float) -> None:
        """Let time pass."""
        self._do(asyncio.sleep(seconds))

    def ask(self, method: str, name: str, line: int = 0, character: int = 0) -> Any:
        """Ask about a place in a text: `hover`, `completion`, `definition`, `document_symbol`."""
        document, at = types.TextDocumentIdentifier(self.uri(name)), types.Position(line, character)
        form = {
            "hover": types.HoverParams,
            "completion": types.CompletionParams,
            "definition": types.DefinitionParams,
        }.get(method)
        params = types.DocumentSymbolParams(document) if form is None else form(document, at)
        return self._do(getattr(self._client, f"text_document_{method}_async")(params))

    def actions(self, name: str, at: types.Range) -> list[types.CodeAction]:
        """The mends for a range."""
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(self.uri(name)), at, types.CodeActionContext(diagnostics=[])
        )
        return self._do(self._client.text_document_code_action_async(params)) or []

    def raw(self, method: str, params: Any) -> Any:
        """Send any request."""
        return self._do(asyncio.wrap_future(self._client.protocol.send_request(method, params)))

    def leave(self) -> int:
        """End the session as an editor does; the exit status of the server."""
        server = self._client._server
        self._do(self._client.shutdown_async(None))
        self._client.exit(None)
        status = self._do(server.wait())
        self._do(self._client.stop())
        self._loop.close()
        return int(status)
