"""Keys in a real Secret Service, unlocked, locked, empty and absent; and backends that misbehave."""

import base64
import traceback
from collections.abc import Callable
from pathlib import Path

import keyring.errors
import pytest
from keyring.backend import KeyringBackend

from app.core.provider import ApiKey
from app.store.api_keys import (
    WINDOWS_LIMIT,
    ApiKeyring,
    KeyringAbsent,
    KeyringError,
    KeyringFailed,
    KeyringLocked,
)
from tests.desktop.home import python
from tests.desktop.processes import until
from tests.desktop.session import Bus, Keyring

ORIGIN = "https://api.example.org:443"
SECRET = "sk-Marked-Key-7f3a91c2e5"

# What the app does on its keys thread, in a process of its own: its environment is another desktop's.
CHILD = """
import sys
from app.core.provider import ApiKey
from app.store.api_keys import ApiKeyring, KeyringError
origin, secret = sys.argv[1], sys.stdin.read()
try:
    keys = ApiKeyring()
    keys.open()
    for step in sys.argv[2:]:
        match step:
            case "set":
                keys.set(ApiKey(secret, origin))
            case "get":
                found = keys.get(origin)
                print("found" if found and found.reveal_for(origin) == secret else found)
            case "get other":
                print(keys.get("https://other.example.org:443"))
            case "delete":
                keys.delete(origin)
            case "lock":
                import secretstorage
                secretstorage.get_default_collection(secretstorage.dbus_init()).lock()
except KeyringError as error:
    print(type(error).__name__, error)
print("done")
"""


def child(bus: Bus, *steps: str, env: dict[str, str] | None = None) -> list[str]:
    """Do the steps in a process on `bus`; returns what it says."""
    process = bus.start(python(), "-c", CHILD, ORIGIN, *steps, env=env, stdin=SECRET.encode())
    assert process.wait() == 0, process.output
    *said, last = process.output.splitlines()
    assert last == "done"
    assert SECRET not in process.output
    return said


def traces(folder: Path) -> list[Path]:
    """The files below `folder` that hold the key in any form that a program may have written it in."""
    forms = (
        SECRET.encode(),
        SECRET.encode("utf-16-le"),
        base64.b64encode(SECRET.encode()).rstrip(b"="),
    )
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


def test_SEC_08_a_key_is_in_the_keyring_and_nowhere_else(private_bus: Bus) -> None:
    bus = private_bus
    assert child(bus, "get", "set", "get", "get other") == ["None", "found", "None"]
    assert bus.secret(service="sirocco", username=ORIGIN) == SECRET
    assert bus.secret(service="sirocco", username="https://other.example.org:443") is None
    assert traces(bus.home.path) == []
    assert traces(Path(bus.home.env["XDG_RUNTIME_DIR"])) == []
    assert child(bus, "get", "delete", "get", "delete") == ["found", "None"]
    assert bus.secret(service="sirocco", username=ORIGIN) is None


def test_SEC_08_the_environment_cannot_choose_another_backend(private_bus: Bus) -> None:
    bus = private_bus
    config = bus.home.config.parent / "python_keyring"
    config.mkdir(parents=True)
    plain = "[backend]\ndefault-keyring=keyring.backends.null.Keyring\n"
    (config / "keyringrc.cfg").write_text(plain, encoding="utf-8")
    env = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    assert child(bus, "set", "get", env=env) == ["found"]
    assert bus.secret(service="sirocco", username=ORIGIN) == SECRET


def test_REL_09_a_locked_keyring_says_so(private_bus: Bus) -> None:
    assert child(private_bus, "set", "lock", "get") == ["KeyringLocked The keyring is locked."]
    assert child(private_bus, "set") == ["KeyringLocked The keyring is locked."]
    assert child(private_bus, "delete") == ["KeyringLocked The keyring is locked."]


def test_REL_09_a_locked_keyring_is_not_unlocked_for_a_key_that_it_has_not(
    make_bus: Callable[[Keyring], Bus],
) -> None:
    bus = make_bus(Keyring.LOCKED)
    assert child(bus, "get", "delete", "get other") == ["None", "None"]
    assert child(bus, "set") == ["KeyringLocked The keyring is locked."]


def test_REL_09_no_keyring_is_made_for_a_look(make_bus: Callable[[Keyring], Bus]) -> None:
    bus = make_bus(Keyring.ABSENT)
    assert child(bus) == ["KeyringAbsent There is no keyring on this system."]
    # A Secret Service in which nobody has made a keyring yet.
    bus.processes.start(["gnome-keyring-daemon", "--foreground", "--components=secrets"], bus.env)
    until(lambda: bus.has("org.freedesktop.secrets"), "the Secret Service")
    assert child(bus, "get", "delete") == ["None"]
    (said,) = child(bus, "set")
    assert said.startswith("KeyringLocked")
    assert traces(bus.home.path) == []


def test_REL_09_without_a_session_bus_there_is_no_keyring(private_bus: Bus) -> None:
    env = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    assert child(private_bus, "get", env=env) == ["KeyringAbsent There is no keyring on this system."]


def test_REL_09_a_service_that_is_gone_is_an_error_with_a_name(make_bus: Callable[[Keyring], Bus]) -> None:
    bus = make_bus(Keyring.ABSENT)
    script = CHILD.replace("keys.open()", "").replace(
        "ApiKeyring()",
        "ApiKeyring(backend=__import__('keyring.backends.SecretService').backends.SecretService.Keyring())",
    )
    process = bus.start(python(), "-c", script, ORIGIN, "get", stdin=SECRET.encode())
    assert process.wait() == 0
    assert process.output.startswith("KeyringFailed The keyring reported an error (")


# -- backends given by hand -------------------------------------------------------------------------------


class MemoryBackend(KeyringBackend):
    """A backend that keeps what it is given."""

    priority = 0.1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("no such password")


class ForgetfulBackend(MemoryBackend):
    """Takes everything and keeps nothing, as the null backend does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class ChangingBackend(MemoryBackend):
    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[:10])


class TalkativeBackend(MemoryBackend):
    """Quotes what it was given in what it raises."""

    error: type[Exception] = OSError

    def set_password(self, service: str, username: str, password: str) -> None:
        try:
            raise ValueError(f"cannot encode {password!r}")
        except ValueError as error:
            raise self.error(f"cannot store {password!r} for {username}") from error

    def delete_password(self, service: str, username: str) -> None:
        raise keyring.errors.PasswordDeleteError(f"still holding {self.kept}")


def opened(backend: KeyringBackend) -> ApiKeyring:
    keys = ApiKeyring(backend=backend)
    keys.open()
    return keys


def test_keys_are_kept_by_origin() -> None:
    backend = MemoryBackend()
    keys = opened(backend)
    key, other = ApiKey(SECRET, ORIGIN), ApiKey("another", "http://localhost:80")
    assert keys.get(ORIGIN) is None
    keys.set(key)
    keys.set(other)
    assert (keys.get(ORIGIN), keys.get(other.origin)) == (key, other)
    assert backend.kept == {("sirocco", ORIGIN): SECRET, ("sirocco", other.origin): "another"}
    keys.delete(ORIGIN)
    keys.delete(ORIGIN)
    assert keys.get(ORIGIN) is None
    assert keys.get(other.origin) == other


@pytest.mark.parametrize("backend", [ForgetfulBackend, ChangingBackend])
def test_SEC_08_a_key_that_does_not_read_back_is_an_error(backend: type[MemoryBackend]) -> None:
    with pytest.raises(KeyringFailed, match="did not give back"):
        opened(backend()).set(ApiKey(SECRET, ORIGIN))


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (OSError, KeyringFailed),
        (RuntimeError, KeyringFailed),
        (keyring.errors.PasswordSetError, KeyringFailed),
        (keyring.errors.InitError, KeyringFailed),
        (keyring.errors.KeyringLocked, KeyringLocked),
        (keyring.errors.NoKeyringError, KeyringAbsent),
    ],
)
def test_SEC_08_what_a_backend_says_is_not_passed_on(
    raised: type[Exception], expected: type[KeyringError]
) -> None:
    backend = TalkativeBackend()
    backend.error = raised
    with pytest.raises(expected) as caught:
        opened(backend).set(ApiKey(SECRET, ORIGIN))
    error = caught.value
    assert SECRET not in "".join(traceback.format_exception(error))
    assert SECRET not in repr(error)
    assert (error.__context__, error.__cause__) == (None, None)


def test_a_key_that_cannot_be_deleted_is_an_error() -> None:
    backend = TalkativeBackend()
    backend.kept["sirocco", ORIGIN] = SECRET
    with pytest.raises(KeyringFailed) as caught:
        opened(backend).delete(ORIGIN)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_key_that_windows_cannot_hold_is_refused_before_it_is_tried() -> None:
    class WindowsBackend(MemoryBackend):
        __module__ = "keyring.backends.Windows"

    backend = WindowsBackend()
    keys = opened(backend)
    keys.set(ApiKey("k" * (WINDOWS_LIMIT // 2), ORIGIN))
    with pytest.raises(KeyringFailed, match="longer than the Windows Credential Manager"):
        keys.set(ApiKey("k" * (WINDOWS_LIMIT // 2 + 1), ORIGIN))
    assert len(backend.kept["sirocco", ORIGIN]) == WINDOWS_LIMIT // 2


def test_a_keyring_that_is_not_open_is_absent() -> None:
    keys = ApiKeyring()
    for ask in (keys.get, keys.delete):
        with pytest.raises(KeyringAbsent):
            ask(ORIGIN)
    with pytest.raises(KeyringAbsent):
        keys.set(ApiKey(SECRET, ORIGIN))
