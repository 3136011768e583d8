"""Daily roots over all histories: an order that is rewritten or removed whole shows against them."""

from sqlalchemy import Column, Integer, String, Table

from engine.store.tables.columns import Id, Moment, metadata

audit_root = Table(
    "audit_root",
    metadata,
    Column("day", String(10), primary_key=True),  # 2026-11-20, Asia/Shanghai
    Column("until", Moment, nullable=False),  # events before this moment are sealed
    Column("hash", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)

audit_leaf = Table(
    "audit_leaf",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("instance_id", Id, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
