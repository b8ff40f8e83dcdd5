"""Whether a database has the schema that its application expects, found out without Alembic."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from restwell import Database, setup
from restwell.data.migrations import folder, is_current

ENVIRONMENT = """
from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db
with database.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=database.metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = """
revision = {name!r}
down_revision: str | None = {after!r}


def upgrade():
    pass


def downgrade():
    pass
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "env.py").write_text(ENVIRONMENT)
    (versions.parent / "alembic.ini").write_text("[alembic]\n")
    (versions / "1_first.py").write_text(REVISION.format(name="1", after=None))
    (versions / "2_second.py").write_text(REVISION.format(name="2", after="1"))
    return tmp_path


@pytest.fixture
def shop(project: Path, database_url: str) -> Flask:
    app = Flask("shop", root_path=str(project), instance_path=str(project / "instance"))
    setup(app, {"DATABASE_URL": database_url}, database=Database())
    return app


def state(app: Flask) -> bool:
    with app.app_context(), app.extensions["sqlalchemy"].engine.connect() as connection:
        return is_current(app, connection)


def test_database_is_current_when_every_revision_has_been_applied(shop: Flask) -> None:
    run = shop.test_cli_runner().invoke
    assert not state(shop)
    assert run(args=["db", "upgrade", "1"]).exit_code == 0
    assert not state(shop)
    assert run(args=["db", "upgrade"]).exit_code == 0
    assert state(shop)
    assert shop.test_client().get("/ready").json == {"status": "ready"}


def test_application_without_revisions_is_always_current(tmp_path: Path) -> None:
    app = Flask("shop", root_path=str(tmp_path), instance_path=str(tmp_path / "instance"))
    setup(app, {"DATABASE_URL": f"sqlite:///{tmp_path}/shop.db"}, database=Database())
    assert state(app)


def test_folder_is_the_applications_own_or_beside_the_instance(project: Path, tmp_path: Path) -> None:
    inside = Flask("shop", root_path=str(project), instance_path=str(tmp_path / "elsewhere" / "instance"))
    assert folder(inside) == project / "migrations"
    beside = Flask("shop", root_path=str(tmp_path / "shop"), instance_path=str(project / "instance"))
    assert folder(beside) == project / "migrations"


def test_alembic_is_not_imported_to_serve(tmp_path: Path) -> None:
    script = """
import sys
from run import create_app
app = create_app({"DATABASE_URL": sys.argv[1]})
assert app.test_client().get("/ready").status_code == 503
assert not {"alembic", "flask_migrate"} & sys.modules.keys()
"""
    command = [sys.executable, "-c", script, f"sqlite:///{tmp_path}/items.db"]
    run = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
