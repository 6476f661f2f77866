"""API keys in the keyring of the system, each under the origin that it was entered for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

from app.core.provider import ApiKey

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "sirocco"
WINDOWS_LIMIT = 2560  # bytes in UTF-16: what one entry of the Windows Credential Manager holds

T = TypeVar("T")


class KeyringError(Exception):
    """The keyring did not do what it was asked. str() is a sentence; no secret is in it, nor behind it."""


class KeyringAbsent(KeyringError):  # noqa: N818 - named after what happened, as the errors of core are
    """There is no keyring that Sirocco trusts."""


class KeyringLocked(KeyringError):  # noqa: N818
    """The keyring is locked, and stayed so."""


class KeyringFailed(KeyringError):  # noqa: N818
    """The keyring reported an error, or gave back something else than what was stored."""


class ApiKeyring:
    """The keys that the system keeps for us.

    Only backends that encrypt are used, whatever the environment or a keyringrc asks for (SEC-08): the
    Secret Service, KWallet, the macOS keychain, the Windows Credential Manager. An entry is found by the
    service's name and the origin. Everything blocks, a locked keyring perhaps for ever, while the system
    asks the person for the password; so all is called on a thread that nobody waits for.
    """

    def __init__(self, service: str = SERVICE, backend: KeyringBackend | None = None) -> None:
        self._service = service
        self._backend = backend

    def open(self) -> None:
        """Choose the backend of this system; KeyringAbsent where there is none. Asks for no password."""
        if self._backend is None:
            self._backend = _guarded(_backend_of_this_system)

    @property
    def name(self) -> str:
        """What the backend calls itself, such as "SecretService Keyring"; empty before `open`."""
        return str(self._backend.name) if self._backend is not None else ""

    def get(self, origin: str) -> ApiKey | None:
        """The key that was stored for this origin. A locked keyring that has none is left locked."""
        backend = self._opened()

        def look() -> str | None:
            if _surely_lacks(backend, self._service, origin):
                return None
            return backend.get_password(self._service, origin)

        secret = _guarded(look)
        return ApiKey(secret, origin) if secret else None

    def set(self, key: ApiKey) -> None:
        """Store the key in the place of the one before, and read it back; KeyringFailed if it differs."""
        backend = self._opened()
        secret = key.reveal_for(key.origin)
        if _is_of("Windows", backend) and len(secret.encode("utf-16-le")) > WINDOWS_LIMIT:
            raise KeyringFailed("The key is longer than the Windows Credential Manager can keep.")

        def store_and_read() -> str | None:
            backend.set_password(self._service, key.origin, secret)
            return backend.get_password(self._service, key.origin)

        if _guarded(store_and_read) != secret:
            raise KeyringFailed("The keyring did not give back the key that was stored in it.")

    def delete(self, origin: str) -> None:
        """Delete the key for this origin, if there is one."""
        import keyring.errors

        backend = self._opened()

        def remove() -> None:
            if _surely_lacks(backend, self._service, origin):
                return
            try:
                backend.delete_password(self._service, origin)
            except keyring.errors.PasswordDeleteError:
                # It says so of an entry that isn't there, too.
                if backend.get_password(self._service, origin) is not None:
                    raise

        _guarded(remove)

    def _opened(self) -> KeyringBackend:
        if self._backend is None:
            raise KeyringAbsent("The keyring is not open.")
        return self._backend


def _backend_of_this_system() -> KeyringBackend:
    viable = [backend for backend in _trusted_backends() if backend.viable]
    if not viable:
        raise KeyringAbsent("There is no keyring on this system.")
    return max(viable, key=lambda backend: backend.priority)()


def _trusted_backends() -> Iterator[type[KeyringBackend]]:
    # keyring.get_keyring() would follow PYTHON_KEYRING_BACKEND and keyringrc.cfg, and be led to a null or a
    # plain-text backend; so the classes are named here, and nothing is looked up. Their import takes 0.2 s.
    match sys.platform:
        case "win32":
            from keyring.backends import Windows

            yield Windows.WinVaultKeyring
        case "darwin":
            from keyring.backends import macOS

            yield macOS.Keyring
        case _:
            from keyring.backends import SecretService, kwallet

            yield SecretService.Keyring
            yield kwallet.DBusKeyring


def _surely_lacks(backend: KeyringBackend, service: str, origin: str) -> bool:
    """True where the backend can say that it has no such entry without asking the person for a password.

    The Secret Service can be searched while it is locked. keyring would unlock it first, and, where there is
    no default collection, ask the person to make one, only to find nothing.
    """
    from keyring.backend import SchemeSelectable

    if not isinstance(backend, SchemeSelectable) or not _is_of("SecretService", backend):
        return False
    import secretstorage

    names = backend.schemes[backend.scheme]
    with closing(secretstorage.dbus_init()) as bus:
        found = secretstorage.search_items(bus, {names["service"]: service, names["username"]: origin})
        return next(found, None) is None


def _is_of(module: str, backend: KeyringBackend) -> bool:
    return type(backend).__module__ == f"keyring.backends.{module}"


def _guarded(ask: Callable[[], T]) -> T:
    """Do what asks the keyring; whatever it raises becomes one of our errors.

    The original is not kept: a message of D-Bus or of a backend may quote the secret that it was given. So
    ours is raised after the handler has ended, and has no context.
    """
    import keyring.errors

    problem: KeyringError
    try:
        return ask()
    except KeyringError:
        raise
    except keyring.errors.NoKeyringError:
        problem = KeyringAbsent("There is no keyring on this system.")
    except keyring.errors.KeyringLocked:
        problem = KeyringLocked("The keyring is locked.")
    except Exception as error:  # noqa: BLE001 - jeepney, D-Bus, win32 and the keychain each raise their own
        if type(error.__cause__).__name__ == "PromptDismissedException":
            problem = KeyringLocked("The question for the keyring's password was not answered.")
        else:
            problem = KeyringFailed(f"The keyring reported an error ({type(error).__name__}).")
    raise problem
