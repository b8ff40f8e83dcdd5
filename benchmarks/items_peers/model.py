"""The items as a model of Flask-SQLAlchemy, with the settings that the layer's own database has."""

from datetime import datetime, timezone
from typing import ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, event
from sqlalchemy.orm import Mapped, mapped_column

db = SQLAlchemy()

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 3000",
)


def now() -> datetime:
    return datetime.now(timezone.utc)


class Item(db.Model):
    __tablename__ = "orm_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    price: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, onupdate=now)
    version: Mapped[int] = mapped_column()
    __mapper_args__: ClassVar = {"version_id_col": version}


def configure(app, url):
    """Connect an application to its database and create its table."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", set_pragmas)
        db.create_all()


def set_pragmas(connection, _):
    for pragma in PRAGMAS:
        connection.execute(pragma)
