"""Statements: SQL that SQLAlchemy compiles once and the driver runs as often as it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias
from weakref import ref

from sqlalchemy import Executable, Insert, exc
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.compiler import SQLCompiler

from restwell.shortcuts.pool import ConnectionPool

_Processor: TypeAlias = Callable[[Any], Any]
_Rows: TypeAlias = Iterable[Sequence[Any]]
_Dicts: TypeAlias = list[dict[str, Any]]


class PreparedStatement:
    """A statement as the driver takes it: its SQL, and what turns values into the driver's types and back.

    SQLAlchemy's ``execute`` puts these together anew each time, which takes longer than SQLite takes for a row.

    :param compiled: the compiled statement.
    :param names: the names of the parameters that it is run with.
    :param generated_key: the name of the primary key that the driver tells, where the SQL gives no row.
    """

    def __init__(self, compiled: SQLCompiler, names: Sequence[str], generated_key: str | None) -> None:
        self._sql = compiled.string
        self._order = compiled.positiontup
        self._columns = compiled._result_columns
        self._generated_key = generated_key
        self._make_dicts: Callable[[_Rows], _Dicts] | None = None
        processors: dict[str, _Processor] = {}
        for parameter, name in compiled.bind_names.items():  # several may have one name
            process = parameter.type.dialect_impl(compiled.dialect).bind_processor(compiled.dialect)
            if process is not None:
                processors[name] = process
        self._constants = {
            name: processors[name](value) if name in processors else value
            for name, value in compiled.params.items()
            if name not in names
        }
        self._processors = [(name, process) for name, process in processors.items() if name in names]

    def rows(self, engine: Engine, parameters: Mapping[str, Any]) -> _Dicts:
        """Run the statement on a connection of its own.

        :param engine: the engine, whose driver is in autocommit mode.
        :param parameters: the values of the parameters.
        :returns: the rows; of an insert without ``returning()`` one with the primary key.
        :raises sqlalchemy.exc.SQLAlchemyError: as SQLAlchemy's ``execute`` does.
        """
        values = self._bound(parameters, engine)
        pool: ConnectionPool = engine.pool  # type: ignore[assignment]  # the engine is plain
        dialect = engine.dialect
        try:
            entry = pool.lend()
        except dialect.loaded_dbapi.Error as error:
            raise _wrapped(error, None, None, engine, dialect.is_disconnect(error, None, None)) from error
        try:
            cursor = entry.dbapi_connection.cursor()  # type: ignore[union-attr]  # there is one
            try:
                cursor.execute(self._sql, values)
                if self._generated_key is not None:
                    return [{self._generated_key: cursor.lastrowid}]
                rows = cursor.fetchall()
                if self._make_dicts is None:
                    self._make_dicts = self._dict_maker(cursor, dialect)
            finally:
                cursor.close()
        except dialect.loaded_dbapi.Error as error:
            is_lost = dialect.is_disconnect(error, entry.dbapi_connection, None)
            pool.reset(entry, error, is_lost)
            raise _wrapped(error, self._sql, values, engine, is_lost) from error
        except BaseException as error:
            pool.reset(entry, error)
            raise
        finally:
            pool.take_back(entry)
        return self._make_dicts(rows)

    def _bound(self, parameters: Mapping[str, Any], engine: Engine) -> dict[str, Any] | tuple[Any, ...]:
        values = {**self._constants, **parameters}
        try:
            for name, process in self._processors:
                values[name] = process(values[name])
        except exc.StatementError:
            raise
        except Exception as error:
            raise _wrapped(error, self._sql, parameters, engine) from error
        return values if self._order is None else tuple(map(values.__getitem__, self._order))

    def _dict_maker(self, cursor: DBAPICursor, dialect: Dialect) -> Callable[[_Rows], _Dicts]:
        """What makes dicts of rows: code for just these columns, which takes half the time of a loop over them."""
        names: list[str] = []
        values: list[str] = []
        processors: dict[str, Any] = {}
        for column, (_, driver_type, *_) in zip(self._columns, cursor.description, strict=True):
            value = f"value_{len(names)}"
            process = column.type.dialect_impl(dialect).result_processor(dialect, driver_type)
            if process is not None:
                processors[f"process_{value}"] = process
            names.append(value)
            values.append(f"{column.keyname!r}: {value if process is None else f'process_{value}({value})'}")
        source = f"lambda rows: [{{{', '.join(values)}}} for {', '.join(names)}, in rows]"
        make_dicts: Callable[[_Rows], _Dicts] = eval(source, processors)  # noqa: S307 - names of columns are literals
        return make_dicts


def gives_key(statement: Executable) -> bool:
    """Whether a statement inserts just one row, and gives its primary key because it gives nothing else."""
    return (
        isinstance(statement, Insert)
        and not statement._returning
        and not statement._multi_values
        and statement.select is None
        and statement._post_values_clause is None  # ON CONFLICT, which may insert none
    )


def _generated_key(compiled: SQLCompiler, names: Sequence[str]) -> str | None:
    """The name of the primary key that the driver tells after an insert, where the SQL gives no row."""
    statement: Any = compiled.statement
    if not gives_key(statement) or not compiled.postfetch_lastrowid:
        return None
    [key, *others] = statement.table.primary_key
    process = key.type.dialect_impl(compiled.dialect).result_processor(compiled.dialect, None)
    return None if others or process is not None or key.key in names else key.key


def _wrapped(error: Exception, sql: str | None, values: Any, engine: Engine, is_lost: bool = False) -> BaseException:
    """The error as SQLAlchemy's own."""
    return exc.DBAPIError.instance(
        sql,
        values,
        error,
        engine.dialect.loaded_dbapi.Error,
        hide_parameters=engine.hide_parameters,
        connection_invalidated=is_lost,
        dialect=engine.dialect,
    )


_seen: set[ref[Executable]] = set()


def prepared(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> PreparedStatement | None:
    """The statement, prepared, when it is asked for again: one that is made for a single run is not worth it.

    :param statement: the statement.
    :param names: the names of the parameters that it is run with.
    :param dialect: that of the database.
    :returns: ``None`` the first time, and for a statement whose SQL or values change from run to run, as those with a
        list for ``IN`` or a column default, or whose columns SQLAlchemy does not know, as those of literal SQL.
    """
    if ref(statement) in _seen:
        return _prepare(statement, names, dialect)
    _seen.add(ref(statement, _seen.discard))
    return None


@lru_cache(maxsize=512)
def _prepare(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> PreparedStatement | None:
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=names)  # type: ignore[attr-defined]  # DDL has none
    changes = (
        compiled.post_compile_params
        or compiled.literal_execute_params
        or compiled.prefetch
        or statement.get_execution_options()
        or any(parameter.callable for parameter in compiled.bind_names)
    )
    is_silent = isinstance(statement, Insert) and not statement._returning and not gives_key(statement)
    lacks_values = any(parameter.required and name not in names for parameter, name in compiled.bind_names.items())
    knows_columns = (
        compiled._result_columns
        and compiled._ordered_columns
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


def as_dicts(names: tuple[str, ...], rows: _Rows) -> _Dicts:
    """The rows as dicts, in a quarter of the time that SQLAlchemy's mappings take."""
    return [dict(zip(names, row)) for row in rows]  # noqa: B905 - as long as the names, and being strict takes a third
