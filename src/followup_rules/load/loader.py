"""From rule files to packs. Every fault of every file is collected, and each file is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from followup_rules.errors import InvalidInput, Place, Problem, did_you_mean
from followup_rules.judge.template_check import template_fault
from followup_rules.load.entries import read_rules
from followup_rules.load.outlines import Outline, faults_of_ignore, outline
from followup_rules.load.property_entries import read_properties
from followup_rules.load.sources import KEYS, SUFFIXES, Source, is_of_others, no_rule_file, sources_of
from followup_rules.load.yaml import LARGEST, Document, parse, read_text
from followup_rules.policy import Pack

SCHEMA: Final = "followup-rules/1"
_LARGEST_TEMPLATE: Final = 200_000


class Loader:
    """Loads each file once, however many packs extend it.

    `read` gives the text of a file and `exists` says whether there is one; an editor knows texts that are not saved.
    """

    def __init__(
        self,
        packs: Mapping[str, Source],
        read: Callable[[Path, str, int], str] = read_text,
        exists: Callable[[Path], bool] = Path.is_file,
    ) -> None:
        self._packs = packs
        self._read_text, self._exists = read, exists
        self._loaded: dict[Path, Pack | None] = {}
        self._documents: dict[Path, Document | None] = {}
        self._open: list[Path] = []
        self._faulty: set[Path] = set()
        self._paths: dict[Pack, Path] = {}
        self._siblings: dict[str, list[Source]] = {}
        self.problems: list[Problem] = []
        self.others: dict[str, None] = {}

    def load(self, names: Sequence[str]) -> tuple[Pack, ...]:
        listed: dict[str, list[Source]] = {}
        for name in names:
            try:
                listed[name] = sources_of(name, self._packs)
            except InvalidInput as error:
                self.problems += error.problems
        asked = {source.path.resolve() for found in listed.values() for source in found if not source.found}
        sources: list[Source] = []
        for name, found in listed.items():
            ours = [source for source in found if not self._is_of_others(source, asked)]
            self.problems += [] if ours else [no_rule_file(name, len(found))]
            sources += ours
        return self.load_sources(sources)

    def _is_of_others(self, source: Source, asked: set[Path]) -> bool:
        """True for a file that lies in a folder and belongs to another program; `others` then names it."""
        if not source.found or source.path.resolve() in asked:
            return False
        document = self._document(source)
        if document is None or not is_of_others(document.data):
            return False
        self.others[source.shown] = None
        return True

    def load_sources(self, sources: Sequence[Source]) -> tuple[Pack, ...]:
        """The packs of some files, which know each other by name."""
        texts = {source.path: document for source in sources if (document := self._document(source)) is not None}
        for source in sources:
            pack = _get(texts[source.path].data, "pack") if source.path in texts else None
            if isinstance(pack, str):
                self._siblings.setdefault(pack, []).append(source)
        found = [self._pack(source) for source in sources]
        return tuple(dict.fromkeys(pack for pack in found if pack is not None))

    def fail_if_faulty(self) -> None:
        """Raise every fault that was found, once each, in the order of the places."""
        if self.problems:
            raise InvalidInput(sorted(dict.fromkeys(self.problems), key=lambda problem: problem.place))

    def _document(self, source: Source) -> Document | None:
        key = source.path.resolve()
        if key not in self._documents:
            try:
                self._documents[key] = parse(self._read_text(source.path, source.shown, LARGEST), source.shown)
            except InvalidInput as error:
                self.problems += error.problems
                self._documents[key] = None
        return self._documents[key]

    def outlines(self) -> dict[str, Outline]:
        """The outline of every file that was read, by the name that it is shown by."""
        return {
            one.file: outline(one)
            for one in self._documents.values()
            if one is not None and one.file not in self.others
        }

    def is_faulty(self, pack: Pack) -> bool:
        """True where a fault was found in the pack or in anything that it extends."""
        return self._paths[pack] in self._faulty

    def path_of(self, pack: Pack) -> Path:
        """The file that a pack was read from."""
        return self._paths[pack]

    def common_templates(self) -> Mapping[str, str]:
        """The templates of the bundled pack, which every rule file can use."""
        return self._templates(self._packs["default"]) if "default" in self._packs else {}

    def _pack(self, source: Source) -> Pack | None:
        key = source.path.resolve()
        if key not in self._loaded:
            before = len(self.problems)
            self._open.append(key)
            document = self._document(source)
            pack = self._loaded[key] = self._read(document, source) if document is not None else None
            self._open.pop()
            if pack is not None:
                self._paths[pack] = key
            if pack is None or len(self.problems) > before:
                self._faulty.add(key)
        if key in self._faulty:
            self._faulty.update(self._open)
        return self._loaded[key]

    def _read(self, document: Document, source: Source) -> Pack | None:
        data = document.data
        if not isinstance(data, dict):
            self._fault("FR102", "a rule file is a mapping with schema, pack and rules", document.place())
            return None
        for key in data:
            if key not in KEYS:
                hint = did_you_mean(key, KEYS) or f"known are {', '.join(KEYS)}"
                self._fault("FR104", f"unknown key '{key}' in a rule file", document.place((key,), True), hint)
        self._schema(document)
        name = data.get("pack")
        if not isinstance(name, str) or not name.strip():
            code, text = ("FR101", "'pack' is missing") if "pack" not in data else ("FR102", "'pack' must be a text")
            self._fault(code, f"{text}: every file names its pack", document.place(("pack",)))
            name = ""
        parents = tuple(self._parents(document, source, name))
        self.problems += faults_of_ignore(document)
        rules = tuple(read_rules(document, self.problems))
        properties = tuple(read_properties(document, self.problems))
        disabled = tuple(self._disabled(document))
        return Pack(name, document.place(), rules, parents, disabled, self._templates(source), properties)

    def _schema(self, document: Document) -> None:
        schema = document.data.get("schema")
        if schema is None:
            self._fault("FR101", f"'schema' is missing; write 'schema: {SCHEMA}' as the first line", document.place())
        elif schema != SCHEMA:
            place, text = document.place(("schema",)), f"'{schema}' is not known here; write 'schema: {SCHEMA}'"
            self._fault("FR121", text, place, _way_from(str(schema)))

    def _names(self, document: Document, key: str) -> Iterator[tuple[str, Place]]:
        listed = document.data.get(key, [])
        if not isinstance(listed, list):
            self._fault("FR102", f"'{key}' is a list, as in [default]", document.place((key,)))
            return
        for index, name in enumerate(listed):
            place = document.place((key, index))
            if isinstance(name, str) and name:
                yield name, place
            else:
                self._fault("FR102", f"'{key}' is a list of texts", place)

    def _disabled(self, document: Document) -> Iterator[tuple[str, Place]]:
        yield from self._names(document, "disable")

    def _parents(self, document: Document, source: Source, own: str) -> Iterator[Pack]:
        for name, place in self._names(document, "extends"):
            for parent in self._parent_sources(name, source, own, place):
                if parent.path.resolve() in self._open:
                    self._fault("FR115", f"'{name}' extends itself, directly or through what it extends", place)
                    continue
                pack = self._pack(parent)
                if pack is not None:
                    yield pack

    def _parent_sources(self, name: str, source: Source, own: str, place: Place) -> list[Source]:
        if "/" in name or Path(name).suffix in SUFFIXES:
            path = source.path.parent / name
            if self._exists(path):
                return [Source(path, (Path(source.shown).parent / name).as_posix())]
            self._fault("FR114", f"there is no file '{name}' beside this one", place)
        elif name == own:
            self._fault("FR115", f"the pack '{name}' extends itself", place)
        elif name in self._siblings:
            return self._siblings[name]
        elif name in self._packs:
            return [self._packs[name]]
        else:
            known = {*self._packs, *self._siblings}
            hint = did_you_mean(name, known) or f"known are {', '.join(sorted(known))}"
            self._fault("FR114", f"there is no pack called '{name}'", place, hint)
        return []

    def _templates(self, source: Source) -> dict[str, str]:
        folder = source.path.parent / "templates"
        texts: dict[str, str] = {}
        for file in sorted(folder.glob("*.j2")) if folder.is_dir() else ():
            shown = (Path(source.shown).parent / "templates" / file.name).as_posix()
            try:
                text = self._read_text(file, shown, _LARGEST_TEMPLATE)
            except InvalidInput as error:
                self.problems += error.problems
                continue
            fault = template_fault(text)
            if fault is not None:
                self._fault("FR120", f"the template cannot be used: {fault[1]}", Place(shown, fault[0]))
            texts[file.name] = text
        return texts

    def _fault(self, code: str, message: str, place: Place, hint: str = "") -> None:
        self.problems.append(Problem(code, message, place, hint))


def _get(data: Any, key: str) -> Any:
    return data.get(key) if isinstance(data, dict) else None


def _way_from(schema: str) -> str:
    """What to do with a file of another version."""
    name, _, version = schema.partition("/")
    if f"{name}/" != "followup-rules/" or not version.isdigit():
        return ""
    return "`followup-rules migrate` moves it" if int(version[:9]) == 0 else "or upgrade this program to a newer one"
