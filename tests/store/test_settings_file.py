"""The settings file: whole or not at all, the owner's alone, and whatever is in it, the app starts."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.provider import Endpoint
from app.core.settings import Appearance, Settings, WindowGeometry
from app.store.faults import StoreError
from app.store.settings_file import FORMAT, MAX_BYTES, SettingsFile

posix_only = pytest.mark.skipif(os.name != "posix", reason="modes, links and pipes are POSIX's")

SAMPLE = Settings(
    endpoints=(Endpoint("e1", "Tab\tNäme \ud800", "https://example.org/v1", "m"),),
    default_endpoint_id="e1",
    appearance=Appearance.DARK,
    text_size=17,
    geometry=WindowGeometry(1, 2, 3, 4),
    unknown={"later": {"list": [1, 2.5, None, True]}},
)


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "config" / "settings.json")


def test_without_a_file_all_is_as_delivered(file: SettingsFile) -> None:
    assert file.load() == Settings()
    assert file.kept is None
    assert not file.path.parent.exists()


def test_settings_come_back_as_they_were_saved(file: SettingsFile) -> None:
    file.save(SAMPLE)
    assert SettingsFile(file.path).load() == SAMPLE
    file.save(Settings())
    assert file.load() == Settings()
    assert [one.name for one in file.path.parent.iterdir()] == ["settings.json"]


def test_what_a_newer_version_added_is_written_back(file: SettingsFile) -> None:
    file.save(Settings())
    data = json.loads(file.path.read_bytes())
    file.path.write_text(json.dumps({**data, "new_thing": {"a": [1]}}), encoding="utf-8")
    file.save(file.load())
    assert json.loads(file.path.read_bytes())["new_thing"] == {"a": [1]}
    assert file.kept is None


@posix_only
def test_SEC_10_the_file_is_the_owners_alone(file: SettingsFile) -> None:
    before = os.umask(0)
    try:
        file.save(SAMPLE)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    file.path.chmod(0o664)
    file.load()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def deep(path: Path) -> None:
    path.write_text("[" * 200_000, encoding="utf-8")


def huge(path: Path) -> None:
    path.write_bytes(b'{"a":"' + b"x" * MAX_BYTES + b'"}')


def a_folder(path: Path) -> None:
    path.mkdir()


def a_pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes with a name here")
    os.mkfifo(path)


def content(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(content(b""), id="empty"),
        pytest.param(content(b"\0" * 500), id="zeros"),
        pytest.param(content(b"\xff\xfe{}"), id="not UTF-8"),
        pytest.param(content(b'{"text_size": 1'), id="cut off"),
        pytest.param(content(b"[1, 2]"), id="a list"),
        pytest.param(content(b'{"text_size": ' + b"9" * 5000 + b"}"), id="a huge number"),
        deep,
        huge,
        a_folder,
        a_pipe,
    ],
)
def test_what_cannot_be_read_is_kept_and_the_start_goes_on(
    file: SettingsFile, make: Callable[[Path], object]
) -> None:
    file.path.parent.mkdir()
    make(file.path)
    is_file = file.path.is_file()
    before = file.path.read_bytes() if is_file else b""
    assert file.load() == Settings()
    assert file.kept is not None
    assert file.kept.name.startswith("settings-unreadable-")
    assert not file.is_newer
    assert not is_file or file.kept.read_bytes() == before
    assert not file.path.exists()
    file.save(SAMPLE)
    assert file.load() == SAMPLE
    assert file.kept is None


def test_two_bad_files_in_one_second_are_both_kept(file: SettingsFile) -> None:
    file.path.parent.mkdir()
    kept = set()
    for text in ("one", "two"):
        file.path.write_text(text, encoding="utf-8")
        file.load()
        assert file.kept is not None
        kept.add(file.kept.read_text(encoding="utf-8"))
    assert kept == {"one", "two"}


def test_a_copy_of_a_newer_versions_file_is_kept_before_it_is_written_over(file: SettingsFile) -> None:
    file.path.parent.mkdir()
    newer = json.dumps({"format": FORMAT + 1, "text_size": 18, "endpoints": {"in": "another form"}}).encode()
    file.path.write_bytes(newer)
    found = file.load()
    assert found.text_size == 18
    assert found.endpoints == ()
    assert file.kept is not None
    assert file.kept.read_bytes() == newer
    assert file.is_newer
    assert file.path.read_bytes() == newer
    file.save(found)
    assert json.loads(file.path.read_bytes())["format"] == FORMAT
    file.load()
    assert file.kept is None


@posix_only
def test_a_link_stays_a_link(file: SettingsFile, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "sirocco.json"
    target.parent.mkdir()
    target.write_text("{}", encoding="utf-8")
    file.path.parent.mkdir()
    file.path.symlink_to(target)
    file.save(SAMPLE)
    assert file.path.is_symlink()
    assert SettingsFile(target).load() == SAMPLE


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(file: SettingsFile) -> None:
    file.save(SAMPLE)
    before = file.path.read_bytes()
    endless: dict[str, object] = {}
    endless["self"] = endless
    with pytest.raises(ValueError, match="Circular"):
        file.save(Settings(unknown=endless))
    assert file.path.read_bytes() == before
    blocked = SettingsFile(file.path / "below a file" / "settings.json")
    with pytest.raises(StoreError):
        blocked.save(SAMPLE)
    assert [one.name for one in file.path.parent.iterdir()] == ["settings.json"]
