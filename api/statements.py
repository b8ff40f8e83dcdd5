"""Statements: SQL that SQLAlchemy compiles once and the driver runs as often as it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, TypeAlias, cast

from sqlalchemy import Select, TextClause, exc
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase

Statement: TypeAlias = Select[Any] | UpdateBase
"""A select, or an insert, update or delete that returns rows."""

_Processor = Callable[[Any], Any]
_Rows = Iterable[Sequence[Any]]
_Dicts = list[dict[str, Any]]


class PreparedStatement:
    """A statement as the driver takes it: its SQL, and what turns values into the driver's types and back.

    SQLAlchemy's ``execute`` puts these together anew each time, which takes longer than SQLite takes for a row.

    :param compiled: the compiled statement.
    :param names: the names of the parameters that it is run with.
    """

    def __init__(self, compiled: SQLCompiler, names: Sequence[str]) -> None:
        self._sql = compiled.string
        self._order = compiled.positiontup
        self._types = [column["type"] for column in _columns(cast("Statement", compiled.statement))]
        self._make_dicts: Callable[[_Rows], _Dicts] | None = None
        self._processors: list[tuple[str, _Processor]] = []
        self._constants = {name: value for name, value in compiled.params.items() if name not in names}
        for parameter, name in compiled.bind_names.items():
            process = parameter.type.dialect_impl(compiled.dialect).bind_processor(compiled.dialect)
            if process is not None and name in names:
                self._processors.append((name, process))
            elif process is not None:
                self._constants[name] = process(self._constants[name])

    def rows(self, engine: Engine, parameters: Mapping[str, Any]) -> _Dicts:
        """Run the statement on a connection of its own.

        :param engine: the engine, whose driver is in autocommit mode.
        :param parameters: the values of the parameters.
        :returns: the rows.
        :raises sqlalchemy.exc.SQLAlchemyError: as SQLAlchemy's ``execute`` does.
        """
        values = self._bound(parameters)
        connection = None
        try:
            connection = engine.raw_connection()
            cursor = connection.cursor()
            cursor.execute(self._sql, values)
            rows = cursor.fetchall()
            if self._make_dicts is None:
                self._make_dicts = self._dict_maker(cursor, engine.dialect)
            cursor.close()
        except engine.dialect.loaded_dbapi.Error as error:
            is_lost = engine.dialect.is_disconnect(error, connection, None)
            if is_lost and connection is not None:
                connection.invalidate(error)
            raise self._failure(error, values, is_lost, engine) from error
        except BaseException as error:
            if not isinstance(error, Exception) and connection is not None:
                connection.invalidate(error)  # an interrupt, maybe amid an exchange with the server
            raise
        finally:
            if connection is not None:
                connection.close()
        return self._make_dicts(rows)

    def _bound(self, parameters: Mapping[str, Any]) -> dict[str, Any] | tuple[Any, ...]:
        values = {**self._constants, **parameters}
        try:
            for name, process in self._processors:
                values[name] = process(values[name])
        except Exception as error:
            raise exc.StatementError(f"{type(error).__name__}: {error}", self._sql, values, error) from error
        return values if self._order is None else tuple([values[name] for name in self._order])

    def _failure(self, error: Exception, values: Any, is_lost: bool, engine: Engine) -> exc.StatementError:
        return exc.DBAPIError.instance(
            self._sql,
            values,
            error,
            engine.dialect.loaded_dbapi.Error,
            hide_parameters=engine.hide_parameters,
            connection_invalidated=is_lost,
            dialect=engine.dialect,
        )

    def _dict_maker(self, cursor: DBAPICursor, dialect: Dialect) -> Callable[[_Rows], _Dicts]:
        """What makes dicts of rows: code for just these columns, which takes half the time of a loop over them."""
        names: list[str] = []
        values: list[str] = []
        processors: dict[str, Any] = {}
        for column_type, (name, driver_type, *_) in zip(self._types, cursor.description, strict=True):
            value = f"value_{len(names)}"
            process = column_type.dialect_impl(dialect).result_processor(dialect, driver_type)
            if process is not None:
                processors[f"process_{value}"] = process
            names.append(value)
            values.append(f"{name!r}: {value if process is None else f'process_{value}({value})'}")
        source = f"lambda rows: [{{{', '.join(values)}}} for {', '.join(names)}, in rows]"
        make_dicts: Callable[[_Rows], _Dicts] = eval(source, processors)  # noqa: S307 - names of columns are literals
        return make_dicts


class _Use:
    """What is known of a statement with certain parameters on a database."""

    is_repeated = False

    def __init__(self, statement: Statement, names: tuple[str, ...], dialect: Dialect) -> None:
        self._arguments = statement, names, dialect

    @cached_property
    def prepared(self) -> PreparedStatement | None:
        statement, names, dialect = self._arguments
        compiled = statement.compile(dialect=dialect, column_keys=names)
        is_complete = not any(
            parameter.callable or (parameter.required and name not in names)
            for parameter, name in compiled.bind_names.items()
        )
        is_fixed = not (
            compiled.post_compile_params
            or compiled.literal_execute_params
            or compiled.escaped_bind_names
            or compiled.prefetch
            or statement.get_execution_options()
            or any(isinstance(column["expr"], TextClause) for column in _columns(statement))
        )
        return PreparedStatement(compiled, names) if is_complete and is_fixed else None


_use = lru_cache(maxsize=512)(_Use)


def prepared(statement: Statement, names: tuple[str, ...], dialect: Dialect) -> PreparedStatement | None:
    """The statement, prepared, when it is asked for again: one that is made for a single run is not worth it.

    :param statement: the statement.
    :param names: the names of the parameters that it is run with.
    :param dialect: that of the database.
    :returns: ``None`` the first time, and for a statement whose SQL or values change from run to run, as those with a
        list for ``IN`` or a column default.
    """
    use = _use(statement, names, dialect)
    if use.is_repeated:
        return use.prepared
    use.is_repeated = True
    return None


def is_observed(engine: Engine) -> bool:
    """Whether somebody listens to, or logs, what an engine executes: then SQLAlchemy has to execute it."""
    return engine._has_events or engine.dialect._has_events or engine.logger.isEnabledFor(logging.INFO)


def as_dicts(names: tuple[str, ...], rows: _Rows) -> _Dicts:
    """The rows as dicts, in a quarter of the time that SQLAlchemy's mappings take."""
    return [dict(zip(names, row)) for row in rows]  # noqa: B905 - as long as the names, and being strict takes a third


def _columns(statement: Statement) -> Any:
    return statement.column_descriptions if isinstance(statement, Select) else statement.returning_column_descriptions
