"""A keychain of a machine's own for one release: the certificate that signs, and who asks Apple to notarise.

`python -m build_scripts.build.keychain` on macOS; what it reads stands in the environment.
"""

from __future__ import annotations

import base64
import os
import secrets
import shlex
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from build_scripts.build.macos import PROFILE_VARIABLE
from build_scripts.build.steps import BuildError, run, say
from build_scripts.build.tools import Run

CERTIFICATE = ("SIROCCO_MACOS_CERTIFICATE", "SIROCCO_MACOS_CERTIFICATE_PASSWORD")  # PKCS 12, in base64
NOTARY = ("SIROCCO_APPLE_ID", "SIROCCO_APPLE_TEAM", "SIROCCO_APPLE_PASSWORD")
LOCK_AFTER = 6 * 3600  # seconds; longer than any build


def open_keychain(place: Path, environment: Mapping[str, str], run: Run) -> None:
    """Make the keychain at `place` from what the environment holds; what is missing costs a line."""
    if not all(environment.get(name) for name in CERTIFICATE):
        say(f"No certificate: {' and '.join(CERTIFICATE)} aren't both set. Nothing will be signed.")
        return
    certificate, password = (environment[name] for name in CERTIFICATE)
    own = secrets.token_urlsafe(24)
    run = _discreet(run, (own, password, environment.get(NOTARY[-1], "")))
    run(["security", "create-keychain", "-p", own, place])
    run(["security", "set-keychain-settings", "-lut", str(LOCK_AFTER), place])
    run(["security", "unlock-keychain", "-p", own, place])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "certificate.p12")
        file.touch(mode=0o600)
        file.write_bytes(base64.b64decode(certificate, validate=True))
        run(
            [
                "security",
                "import",
                file,
                "-k",
                place,
                "-P",
                password,
                "-f",
                "pkcs12",
                "-T",
                "/usr/bin/codesign",
            ]
        )
    # Without this codesign would ask a person who isn't there.
    run(["security", "set-key-partition-list", "-S", "apple-tool:,apple:", "-s", "-k", own, place])
    run(["security", "list-keychains", "-d", "user", "-s", place, "login.keychain-db"])
    if not all(environment.get(name) for name in (*NOTARY, PROFILE_VARIABLE)):
        say(f"No notarisation: {', '.join(NOTARY)} and {PROFILE_VARIABLE} aren't all set.")
        return
    apple_id, team, secret = (environment[name] for name in NOTARY)
    who = ["--apple-id", apple_id, "--team-id", team, "--password", secret]
    profile = environment[PROFILE_VARIABLE]
    run(["xcrun", "notarytool", "store-credentials", profile, *who, "--keychain", place])


def _discreet(run: Run, hidden: Sequence[str]) -> Run:
    """`run`, whose errors repeat the command line, and with it these words, which are nobody's to read."""

    def run_discreetly(
        words: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> str:
        try:
            return run(words, env, cwd)
        except BuildError as error:
            said = str(error)
        for word in filter(None, hidden):
            said = said.replace(shlex.quote(word), "…").replace(word, "…")
        raise BuildError(said)

    return run_discreetly


def main() -> int:
    """Make it in the folder of the runner's own things."""
    try:
        open_keychain(Path(os.environ["RUNNER_TEMP"], "sirocco.keychain-db"), os.environ, run)
    except BuildError as error:
        print(f"keychain: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
