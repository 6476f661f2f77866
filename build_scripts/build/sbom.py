"""The list of a build's parts that a machine reads (SBOM), as CycloneDX 1.6."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.core.components import Component
from build_scripts.build.licences import bundled
from build_scripts.build.release import Release, architecture

SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
_LIBRARY = re.compile(r"\.(so(\.\d+)*|dll|pyd|dylib)$|^sirocco(\.exe)?$|^Qt\w+$")
# What SPDX calls one licence; anything else is an expression of several.
_ONE = re.compile(r"[\w.-]+")


def write_sbom(payload: Path, out: Path, release: Release, system: str = sys.platform) -> Path:
    """Write the list of a frozen app into the folder `out`; returns it."""
    target = out / f"sirocco-{release.version}-{SYSTEMS[system]}-{architecture()}.cdx.json"
    text = json.dumps(bill(payload, release, system), ensure_ascii=False, indent=1)
    target.write_text(text + "\n", encoding="utf-8", newline="\n")
    return target


def bill(payload: Path, release: Release, system: str) -> dict[str, Any]:
    """The whole document; the same build has the same, with the same serial number."""
    own, *parts = (_component(part) for part in bundled(system))
    own |= {"type": "application", "version": release.version, "bom-ref": "sirocco"}
    files = [_file(path, payload) for path in _libraries(payload)]
    named = [part["bom-ref"] for part in (*parts, *files)]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": f"{datetime.fromtimestamp(release.epoch, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "component": own,
        },
        "components": [*parts, *files],
        "dependencies": [{"ref": "sirocco", "dependsOn": named}],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(document, sort_keys=True))
    return {"serialNumber": f"urn:uuid:{serial}", **document}


def _component(part: Component) -> dict[str, Any]:
    name = f"{part.package}@{part.version}" if part.package else part.name
    return {
        "type": "library",
        "bom-ref": f"part:{name}",
        "name": part.name,
        **({"version": part.version} if part.version else {}),
        "licenses": [_licence(part.licence)],
        **({"copyright": part.notice} if part.notice else {}),
        **({"purl": f"pkg:pypi/{name}"} if part.package else {}),
        **({"externalReferences": [{"type": "website", "url": part.homepage}]} if part.homepage else {}),
    }


def _licence(words: str) -> dict[str, Any]:
    if not _ONE.fullmatch(words):
        return {"expression": words}
    # A licence that SPDX doesn't list has a name and no id.
    return {"license": {"name": words} if words.startswith("LicenseRef-") else {"id": words}}


def _libraries(payload: Path) -> list[Path]:
    found = (path for path in payload.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if _LIBRARY.search(path.name))


def _file(path: Path, payload: Path) -> dict[str, Any]:
    name = path.relative_to(payload).as_posix()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {
        "type": "file",
        "bom-ref": f"file:{name}",
        "name": name,
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }
