from models import db
from run import create_app


def test_server_is_alive_and_ready(client):
    assert client.get("/health").json == {"status": "alive"}
    assert client.get("/ready").json == {"status": "ready"}


def test_server_without_its_database_is_alive_but_not_ready(tmp_path):
    client = create_app({"DATABASE_URL": f"sqlite:///{tmp_path}/no/such/folder/items.db"}).test_client()
    assert client.get("/health").status_code == 200
    response = client.get("/ready")
    assert (response.status_code, response.headers["Retry-After"], response.json["error"]) == (
        503,
        "2",
        "Service Unavailable",
    )


def test_server_is_not_ready_before_its_database_is_migrated(tmp_path, caplog):
    client = create_app({"DATABASE_URL": f"sqlite:///{tmp_path}/items.db"}).test_client()
    response = client.get("/ready")
    message = "The database is reachable, but its migrations are not current."
    assert (response.status_code, response.json["message"], response.headers["Retry-After"]) == (503, message, "2")
    assert [(record.levelname, record.exc_info) for record in caplog.records] == [("WARNING", None)]
    assert message in caplog.text


def test_server_is_not_ready_on_a_newer_database(app, client):
    with app.app_context(), db.connection() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'from the future'")
    assert client.get("/ready").status_code == 503


def test_answers_are_never_used_from_a_cache_unasked(client):
    assert client.get("/ready").headers["Cache-Control"] == "no-cache"


def test_health_needs_no_token(tmp_path):
    app = create_app(
        {"DATABASE_URL": f"sqlite:///{tmp_path}/items.db", "API_TOKENS": ["secret"], "API_PROTECT_READS": True}
    )
    assert app.test_client().get("/health").status_code == 200
    assert app.test_client().get("/api/items").status_code == 401
