"""Settings are taken at once and saved behind; endpoints come from the person and from the environment."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.chat.disk import Disk
from app.chat.preferences import Preferences
from app.core.provider import DEMO_ENDPOINT, ENVIRONMENT_ID, Endpoint
from app.core.settings import Appearance, Settings
from tests.chat.house import House

OWN = Endpoint("own", "Own", "https://own.example/v1", "own-model")
SECRET = "sk-marked-secret-0123456789"


def test_taken_at_once_and_saved(qtbot: QtBot, make_house: Callable[..., House], tmp_path: Path) -> None:
    house = make_house()
    settings = replace(house.preferences.current, appearance=Appearance.DARK)
    with qtbot.waitSignal(house.preferences.changed) as changed:
        house.preferences.set(settings)
    assert changed.args == [settings]
    file = tmp_path / "settings.json"
    qtbot.waitUntil(file.exists)
    assert json.loads(file.read_text())["appearance"] == "dark"
    assert make_house().preferences.current == settings


def test_the_same_again_changes_nothing(qtbot: QtBot, make_house: Callable[..., House]) -> None:
    house = make_house()
    with qtbot.assertNotEmitted(house.preferences.changed):
        house.preferences.set(house.preferences.current)


def test_saved_on_leaving(make_house: Callable[..., House]) -> None:
    house = make_house()
    house.preferences.save_endpoint(OWN)
    assert house.library.shut_down(60.0)
    assert make_house().preferences.endpoints() == (OWN,)


def test_saved_without_the_disk_thread(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    preferences = Preferences(path, Disk(tmp_path / "history.db"), {})
    preferences.save_endpoint(OWN)
    preferences.flush()
    assert Preferences(path, Disk(tmp_path / "history.db"), {}).endpoints() == (OWN,)


def test_garbage_is_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"\x00garbage")
    assert Preferences(path, Disk(tmp_path / "history.db"), {}).current == Settings()


def test_the_environments_endpoint_is_never_written(make_house: Callable[..., House], tmp_path: Path) -> None:
    environment = {"MISTRAL_API_KEY": SECRET, "MISTRAL_BASE_URL": "https://env.example", "MISTRAL_MODEL": "m"}
    house = make_house(environment=environment)
    found = house.preferences.endpoint(ENVIRONMENT_ID)
    assert found is not None
    assert (found.name, found.host, found.default_model) == ("Environment", "env.example", "m")
    assert house.preferences.default_endpoint() == found
    key = house.keys.key_for_endpoint(found)
    assert key is not None
    assert key.origin == found.origin
    house.preferences.save_endpoint(OWN)
    assert house.preferences.endpoints() == (OWN, found)
    assert house.preferences.default_endpoint() == OWN
    house.preferences.set_default_endpoint(ENVIRONMENT_ID)
    assert house.preferences.default_endpoint() == found
    assert house.library.shut_down(60.0)
    written = "".join(one.read_text("latin-1") for one in tmp_path.iterdir() if one.is_file())
    assert "env.example" not in written
    assert SECRET not in written


def test_the_demo(qtbot: QtBot, make_house: Callable[..., House]) -> None:
    house = make_house(demo=DEMO_ENDPOINT, environment={"MISTRAL_API_KEY": SECRET})
    assert house.preferences.default_endpoint() == DEMO_ENDPOINT
    other = make_house()
    assert other.preferences.endpoints() == ()
    assert other.preferences.default_endpoint() is None
    assert other.preferences.endpoint(DEMO_ENDPOINT.endpoint_id) == DEMO_ENDPOINT
    with qtbot.waitSignal(other.preferences.endpoints_changed):
        other.preferences.offer_demo()
    assert other.preferences.default_endpoint() == DEMO_ENDPOINT


def test_a_removed_endpoint(qtbot: QtBot, make_house: Callable[..., House]) -> None:
    house = make_house()
    house.preferences.save_endpoint(OWN)
    with qtbot.waitSignal(house.preferences.endpoints_changed):
        house.preferences.remove_endpoint("own")
    assert house.preferences.endpoint("own") is None
