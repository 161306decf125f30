"""Whose names have no place in a message: people and companies of other applications.

Of what is related (another application of the candidate, another applicant for the job) a part of a name counts: a
first name gives somebody away. Of all others only the whole name does: in a thousand applications there is an Anna.
Colleagues at one company belong to every application there, its other applicants to none.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, Protocol

from followup_rules.model.application import Application

# Looked up by candidate or job and a word of the name, or by the whole name: never by what a thousand rows share.
_TABLES: Final = (
    "create table of_candidate (candidate text, token text, name text, company text, "
    "primary key (candidate, token, name, company)) without rowid",
    "create table of_job (job text, token text, name text, candidate text, "
    "primary key (job, token, name, candidate)) without rowid",
    "create table whole (folded text, name text, company text, primary key (folded, name, company)) without rowid",
)
_WORD: Final = re.compile(r"[^\W_]+")
_HALF: Final = re.compile("[\ud800-\udfff]")
_LONGEST_NAME: Final = 6
_MOST: Final = 400
_SHARED: Final = 20
"""A word that more applicants for one job share than this tells nobody apart."""


class Named(NamedTuple):
    """Whom an application names: the candidate, the company, and everybody else on the employer's side."""

    id: str
    candidate: str | None
    name: str | None
    job: str | None
    company: str | None
    others: tuple[str, ...]


class _Words(NamedTuple):
    """A name as it can be stored, its words without case, and those that are written like names."""

    name: str
    folded: str
    tokens: tuple[str, ...]


class Foreign(Protocol):
    """Who knows the names of other applications."""

    def foreign(self, application: Application, text: str) -> tuple[str, ...]:
        """Names of other applications of which a text has something that could give them away, in stable order."""
        ...


class Names:
    """The names of all applications, in a database that the caller opens and closes."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        for statement in _TABLES:  # one by one: a script would end the caller's transaction
            db.execute(statement)

    def enter(self, application: Application) -> None:
        """Take note of everybody that an application names."""
        self.enter_all((named_in(application),))

    def enter_all(self, some: Iterable[Named]) -> None:
        """Take note of everybody that some applications name: many at once cost less than one after the other."""
        known: dict[str, _Words] = {}

        def words(name: str) -> _Words:
            found = known.get(name)
            if found is None:
                found = known[name] = _words(name)
            return found

        of_candidate: set[tuple[str, str, str, str]] = set()
        of_job: set[tuple[str, str, str, str]] = set()
        whole: set[tuple[str, str, str]] = set()
        for one in some:
            firm = words(one.company or "")
            entered = [(words(one.name), "")] if one.name else []
            if one.name and one.job is not None:
                owner = one.candidate or f"application {one.id}"
                of_job.update((one.job, token, entered[0][0].name, owner) for token in entered[0][0].tokens)
            others = [words(name) for name in one.others]
            if one.candidate is not None:
                of_candidate.update(
                    (one.candidate, token, other.name, firm.folded) for other in others for token in other.tokens
                )
            entered += [(other, firm.folded) for other in others]
            # A person of one word is half of somebody else's name.
            kept = [(who, company) for who, company in entered if who.name == firm.name or " " in who.folded]
            whole.update((who.folded, who.name, company) for who, company in kept)
        # In the order of the tables, so that neighbours are written together.
        self._db.executemany("insert or ignore into of_candidate values (?, ?, ?, ?)", sorted(of_candidate))
        self._db.executemany("insert or ignore into of_job values (?, ?, ?, ?)", sorted(of_job))
        self._db.executemany("insert or ignore into whole values (?, ?, ?)", sorted(whole))

    def foreign(self, application: Application, text: str) -> tuple[str, ...]:
        """Names of other applications of which a text has something that could give them away, in stable order."""
        candidate, company, job = application.candidate.id, _folded(application.job.company or ""), _job(application)
        own = (application.candidate.name or "", *_employers_side(application))
        mine = {_folded(name) for name in own}
        # A word of a name that belongs here gives nobody else away.
        known = {word for name in own for word in _tokens(name)}
        tokens = [word for word in dict.fromkeys(_tokens(text)) if word not in known][:_MOST]
        found: set[str] = set()
        if candidate is not None:
            query = "select name from of_candidate where candidate = ? and company <> ? and token in"
            found |= self._names(query, (candidate, company), tokens)
        if job is not None:
            of_job = "from of_job where job = ? and candidate <> ? and token in"
            who = (job, candidate or f"application {application.id}")
            rare = f" group by token having count(*) <= {_SHARED}"
            telling = self._names(f"select token {of_job}", who, tokens, rare)
            found |= self._names(f"select name {of_job}", who, sorted(telling))
        query = "select name from whole where (company = '' or company <> ?) and folded in"
        found |= self._names(query, (company,), list(dict.fromkeys(_runs(text)))[: 2 * _MOST])
        return tuple(sorted(name for name in found if _folded(name) not in mine))

    def _names(self, query: str, known: tuple[str, ...], keys: list[str], after: str = "") -> set[str]:
        if not keys:
            return set()
        marks = ",".join("?" * len(keys))
        return {name for (name,) in self._db.execute(f"{query} ({marks}){after}", (*known, *keys))}


def named_in(application: Application) -> Named:
    """Whom an application names."""
    candidate, company = application.candidate, application.job.company
    return Named(
        application.id, candidate.id, candidate.name, _job(application), company, tuple(_employers_side(application))
    )


def job_of(identity: str | None, company: str | None, title: str | None) -> str | None:
    """By what applicants for the same job are told."""
    return identity or (f"{company}\n{title}" if company and title else None)


def _job(application: Application) -> str | None:
    job = application.job
    return job_of(job.id, job.company, job.title)


def _employers_side(application: Application) -> Iterator[str]:
    if application.job.company:
        yield application.job.company
    yield from (contact.name for contact in application.contacts if contact.name)


def _words(name: str) -> _Words:
    clean = _clean(name)
    words = _WORD.findall(clean)
    folded = [word.casefold() for word in words]
    tokens = tuple(low for word, low in zip(words, folded, strict=True) if not word[0].islower())
    return _Words(clean, " ".join(folded), tokens)


def _clean(name: str) -> str:
    """A name that SQLite can store: a lone surrogate is no letter of any name."""
    return " ".join((name if name.isascii() else _HALF.sub(" ", name)).split())


def _folded(name: str) -> str:
    """The words of a name, without case and marks."""
    return _words(name).folded


def _tokens(text: str) -> Iterable[str]:
    """The words that are written like names, without their case."""
    return _words(text).tokens


def _runs(text: str) -> Iterator[str]:
    """Every row of up to six words that begins like a name: among them is every whole name in the text."""
    words = _WORD.findall(_clean(text))
    folded = [word.casefold() for word in words]
    for start, word in enumerate(words):
        if not word[0].islower():
            for end in range(start + 1, min(start + _LONGEST_NAME, len(words)) + 1):
                yield " ".join(folded[start:end])
