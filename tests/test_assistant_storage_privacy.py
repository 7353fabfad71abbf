"""One person's data: shown whole, forgotten for good, and nobody else's touched."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.nouns import Event, Request, Turn
from assistant.places import database_url
from assistant.settings import load_settings
from assistant.storage.conversations import StoredConversations
from assistant.storage.database import Database
from assistant.storage.events import StoredEvents
from assistant.storage.privacy import Forgotten, exported, forget
from assistant.testing import NOON

pytest_plugins = ["fixtures_storage"]

SECRET = "a present for my sister Ottilie"


def lived_in(database: Database) -> str:
    """Two shoppers with two events and a conversation each; the id of kim's."""
    begun = ""
    for who in ("lee", "kim"):
        StoredEvents(database).add(
            [
                Event("b", who, "rating", "lamp-1", NOON, 4.5),
                Event("a", who, "view", "jacket-1", NOON),
                Event("c", who, "like", "ottilie-lamp", NOON - timedelta(days=1)),
            ]
        )
        conversations = StoredConversations(database)
        begun = conversations.begin(who).id
        turn = Turn(1, SECRET, "Here is one.", Request("search", "present"), (), ("lamp-1",), "lamp-1", NOON)
        conversations.append(begun, turn, '{"message": "Here is one."}')
    return begun


def test_all_that_is_kept_of_a_shopper_is_exported(database: Database) -> None:
    conversation = lived_in(database)
    lines = [json.loads(line) for line in exported(database, "kim")]
    assert [(line["record"], line.get("id")) for line in lines] == [
        ("event", "c"),
        ("event", "b"),
        ("event", "a"),
        ("turn", None),
    ]
    assert lines[1] == {
        "record": "event",
        "id": "b",
        "user_id": "kim",
        "kind": "rating",
        "item_id": "lamp-1",
        "at": "2026-11-02T12:00:00+00:00",
        "value": 4.5,
    }
    assert (lines[3]["conversation_id"], lines[3]["turn"]["message"]) == (conversation, SECRET)
    assert lines[3]["reply"] == {"message": "Here is one."}
    assert list(exported(database, "nobody")) == []


def test_the_forgotten_are_gone_and_the_others_stay(database: Database) -> None:
    lived_in(database)
    theirs = list(exported(database, "lee"))
    assert forget(database, "kim") == Forgotten(3, 1)
    assert list(exported(database, "kim")) == []
    assert list(exported(database, "lee")) == theirs
    assert forget(database, "kim") == Forgotten(0, 0)


def test_nothing_of_the_forgotten_is_left_in_the_files(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'whybuy.db'}"
    database = Database.open(url)
    lived_in(database)
    for who in ("kim", "lee"):
        forget(database, who)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    database.close()
    assert "whybuy.db" in files
    assert [name for name, data in files.items() if b"ttilie" in data] == []


def test_the_commands_show_and_forget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHYBUY_DATA_DIR", str(tmp_path))
    feed = ["--catalogue", str(tmp_path / "shop.jsonl")]
    for command in ("export", "forget"):
        nowhere = CliRunner().invoke(app, ["events", command, "--user", "kim", *feed])
        assert nowhere.exit_code == 1
        assert "no history is kept for this catalogue" in nowhere.output
    url = database_url(load_settings(catalogue=tmp_path / "shop.jsonl"))
    database = Database.open(url)
    lived_in(database)
    wanted = list(exported(database, "kim"))
    shown = CliRunner().invoke(app, ["events", "export", "--user", "kim", *feed])
    assert shown.stdout.splitlines() == wanted
    gone = CliRunner().invoke(app, ["events", "forget", "--user", "kim", *feed])
    assert gone.output == "forgotten: 3 events, 1 conversations\n"
    assert StoredEvents(database).of("kim") == []  # seen by who has had it open all along
    database.close()
    assert CliRunner().invoke(app, ["events", "export", "--user", "kim", *feed]).stdout == ""
