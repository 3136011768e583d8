"""What a database's own errors mean to whoever gave the command: taken by another writer, away, or a fault of ours."""

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from engine.domain.errors import Busy, EngineError, Unavailable

_SQLITE_TAKEN = frozenset({5, 6})
"""SQLITE_BUSY, SQLITE_LOCKED."""
_SQLITE_AWAY = frozenset({8, 10, 13, 14})
"""SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN."""
_SQLITE_FULL, _DISK_FULL = 13, "53100"
_TAKEN = frozenset({"55P03", "40P01", "40001", "57014"})
"""Lock not available, deadlock, serialization failure, statement over its time."""
_AWAY = ("08", "53", "57P", "25P03", "25P04", "58")
"""Beginnings of SQLSTATEs: connection, resources (disk full, too many connections), shutdown, session ended, system error."""


def told(error: DBAPIError | PoolTimeout, *, committing: bool = False) -> EngineError | None:
    """Give the typed error for a refusal of the database; None for what is our own fault (a broken statement or constraint).

    `committing`: the link broke while the commit was under way, so that nobody knows whether it was done.
    """
    if isinstance(error, PoolTimeout) or _is_taken(error):
        return Busy("数据库正忙,这一步没有保存,请稍后再试")
    if not _is_away(error):
        return None
    if _sqlite_code(error) == _SQLITE_FULL or _sqlstate(error) == _DISK_FULL:
        return Unavailable("数据库所在的磁盘满了,这一步没有保存,请管理员腾出地方再试")
    if committing:
        return Unavailable("数据库刚好在保存时断开,这一步不一定保存了:请过一会儿刷新,看过再决定要不要重做")
    return Unavailable("数据库暂时连不上,这一步没有保存,请过一会儿再试")


def _is_taken(error: DBAPIError) -> bool:
    return _sqlite_code(error) in _SQLITE_TAKEN or _sqlstate(error) in _TAKEN


def _is_away(error: DBAPIError) -> bool:
    code, state = _sqlite_code(error), _sqlstate(error)
    if code is not None:
        return code in _SQLITE_AWAY
    if error.connection_invalidated or state.startswith(_AWAY):
        return True
    return isinstance(error, OperationalError) and not state  # libpq itself speaks: it has no connection


def _sqlite_code(error: DBAPIError) -> int | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""
