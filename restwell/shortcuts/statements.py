"""Statements: SQL that SQLAlchemy compiles once and the driver runs as often as it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Executable, Insert, exc
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.compiler import SQLCompiler

from restwell.data.statements import Rows, as_dicts, gives_key

_Processor: TypeAlias = Callable[[Any], Any]


class PreparedStatement:
    """A statement as the driver takes it: its SQL, and what turns values into the driver's types and back.

    SQLAlchemy's ``execute`` puts these together anew each time, which takes longer than SQLite takes for a row.

    :param compiled: the compiled statement.
    :param names: the names of the parameters that it is run with.
    :param generated_key: the name of the primary key that the driver tells, where the SQL gives no row.
    """

    def __init__(self, compiled: SQLCompiler, names: Sequence[str], generated_key: str | None) -> None:
        self.sql = compiled.string
        self._order = compiled.positiontup
        self._dialect = compiled.dialect
        self._columns = compiled._result_columns
        self._names: list[str] = [column.keyname for column in self._columns]
        self._readers: list[tuple[str, _Processor]] | None = None
        self._has_key = generated_key is not None
        if generated_key is not None:
            self._names, self._readers = [generated_key], []
        writers: dict[str, _Processor] = {}
        for parameter, name in compiled.bind_names.items():  # several may have one name
            process = parameter.type.dialect_impl(compiled.dialect).bind_processor(compiled.dialect)
            if process is not None:
                writers[name] = process
        self._constants = {
            name: writers[name](value) if name in writers else value
            for name, value in compiled.params.items()
            if name not in names
        }
        self._writers = [(name, process) for name, process in writers.items() if name in names]

    def bound(self, parameters: Mapping[str, Any], engine: Engine) -> dict[str, Any] | tuple[Any, ...]:
        """From SQLAlchemy 2.1.9, DefaultExecutionContext._init_compiled: the values as the driver takes them."""
        values = {**self._constants, **parameters}
        try:
            for name, process in self._writers:
                values[name] = process(values[name])
        except exc.StatementError:
            raise
        except Exception as error:
            raise wrapped(error, self.sql, parameters, engine) from error
        return values if self._order is None else tuple(map(values.__getitem__, self._order))

    def fetched(self, cursor: DBAPICursor) -> Sequence[Any]:
        """From SQLAlchemy 2.1.9, CursorResultMetaData.__init__: what a cursor has, for :meth:`dicts`."""
        if self._has_key:
            return [(cursor.lastrowid,)]
        if self._readers is None:
            readers = [
                column.type.dialect_impl(self._dialect).result_processor(self._dialect, driver_type)
                for column, (_, driver_type, *_) in zip(self._columns, cursor.description, strict=True)
            ]
            self._readers = [(name, read) for name, read in zip(self._names, readers, strict=True) if read is not None]
        return cursor.fetchall()

    def dicts(self, rows: Sequence[Any]) -> Rows:
        """From SQLAlchemy 2.1.9, Result.mappings: the rows as dicts."""
        dicts = as_dicts(self._names, rows)
        for name, read in self._readers or ():
            for each in dicts:
                each[name] = read(each[name])
        return dicts


def wrapped(error: Exception, sql: str | None, values: Any, engine: Engine, is_lost: bool = False) -> BaseException:
    """From SQLAlchemy 2.1.9, Connection._handle_dbapi_exception: the error as SQLAlchemy's own."""
    return exc.DBAPIError.instance(
        sql,
        values,
        error,
        engine.dialect.loaded_dbapi.Error,
        hide_parameters=engine.hide_parameters,
        connection_invalidated=is_lost,
        dialect=engine.dialect,
    )


@lru_cache(maxsize=512)
def prepare(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> PreparedStatement | None:
    """The statement, prepared.

    :param names: the names of the parameters that it is run with.
    :returns: ``None`` for a statement whose SQL or values change from run to run, as those with a list for ``IN`` or a
        column default, or whose columns SQLAlchemy does not know, as those of literal SQL.
    """
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=names)  # type: ignore[attr-defined]  # DDL has none
    changes = (
        compiled.post_compile_params
        or compiled.literal_execute_params
        or compiled.prefetch
        or statement.get_execution_options()
        or any(parameter.callable for parameter in compiled.bind_names)
    )
    is_silent = isinstance(statement, Insert) and not statement._returning and not _inserts_one(statement)
    lacks_values = any(parameter.required and name not in names for parameter, name in compiled.bind_names.items())
    knows_columns = (
        compiled._result_columns
        and compiled._ordered_columns
        and len({column.keyname for column in compiled._result_columns}) == len(compiled._result_columns)
        and not compiled._textual_ordered_columns
        and not compiled._ad_hoc_textual
        and not any(
            getattr(part, "is_literal", False) for column in compiled._result_columns for part in column.objects
        )
    )
    generated_key = _generated_key(compiled, names)
    knows_result = knows_columns or generated_key is not None
    if changes or is_silent or lacks_values or not knows_result or compiled.escaped_bind_names:
        return None
    return PreparedStatement(compiled, names, generated_key)


def _inserts_one(statement: Insert) -> bool:
    """Whether an insert inserts just one row and gives its key; with the prefix OR IGNORE it may insert none."""
    return gives_key(statement) and not statement._multi_values and statement.select is None and not statement._prefixes


def _generated_key(compiled: SQLCompiler, names: Sequence[str]) -> str | None:
    """The name of the primary key that the driver tells after an insert, where the SQL gives no row."""
    statement: Any = compiled.statement
    if not (isinstance(statement, Insert) and _inserts_one(statement) and compiled.postfetch_lastrowid):
        return None
    [key, *others] = statement.table.primary_key
    process = key.type.dialect_impl(compiled.dialect).result_processor(compiled.dialect, None)
    return None if others or process is not None or key.key in names else str(key.key)
