"""Statements that are made once and run often, and the rows that they give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, String, Table, bindparam, delete, insert, select, update

from restwell import Database, Statement

db = Database()
books = Table("books", db.metadata, Column("id", Integer, primary_key=True), Column("title", String))


@pytest.fixture(autouse=True)
def library(tmp_path: Path) -> Iterator[None]:
    app = Flask("library")
    app.config["DATABASE_URL"] = f"sqlite:///{tmp_path}/books.db"
    db.init_app(app)
    with app.app_context():
        db.create_all()
        yield


STATEMENTS = {
    "select": (select(books).where(books.c.id == bindparam("book_id")), {"book_id": 1}, [{"id": 1, "title": "Emma"}]),
    "insert": (insert(books), {"title": "Persuasion"}, [{"id": 2}]),
    "insert returning": (insert(books).returning(books.c.title), {"title": "Persuasion"}, [{"title": "Persuasion"}]),
    "update": (update(books).values(title="Lady Susan").returning(books), {}, [{"id": 1, "title": "Lady Susan"}]),
    "delete": (delete(books).returning(books.c.id), {}, [{"id": 1}]),
}


@pytest.mark.usefixtures("shortcuts")
@pytest.mark.parametrize("kind", STATEMENTS)
@pytest.mark.parametrize("is_named", [True, False])
def test_rows_are_dicts_and_an_insert_gives_the_key(kind: str, is_named: bool) -> None:
    executable, parameters, rows = STATEMENTS[kind]
    db.rows(insert(books), {"title": "Emma"})
    assert db.rows(db.statement(executable) if is_named else executable, parameters) == rows


def test_a_statement_says_what_it_runs() -> None:
    executable = select(books)
    statement = db.statement(executable)
    assert isinstance(statement, Statement)
    assert statement.executable is executable
