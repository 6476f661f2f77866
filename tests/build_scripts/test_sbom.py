"""The list of parts for machines, held against the schema of its own standard."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from build_scripts.build.licences import bundled
from build_scripts.build.sbom import SYSTEMS, bill, write_sbom
from tests.build_scripts.payload import RELEASE


@pytest.fixture
def payload(tmp_path: Path) -> Path:
    inside = tmp_path / "payload" / "_internal"
    inside.mkdir(parents=True)
    for name in ("libssl.so.3", "QtCore.pyd", "words.txt"):
        (inside / name).write_bytes(name.encode())
    (inside / "libssl.so").symlink_to("libssl.so.3")
    return inside.parent


def validated(text: str) -> Any:
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert problem is None, problem
    return json.loads(text)


@pytest.mark.parametrize("system", SYSTEMS)
def test_it_is_valid_on_every_system_and_names_every_part(payload: Path, tmp_path: Path, system: str) -> None:
    path = write_sbom(payload, tmp_path, RELEASE, system)
    assert re.fullmatch(rf"sirocco-1\.2\.3-{SYSTEMS[system]}-\w+\.cdx\.json", path.name)
    document = validated(path.read_text(encoding="utf-8"))
    own = document["metadata"]["component"]
    assert (own["name"], own["version"]) == ("Sirocco", "1.2.3")
    assert document["metadata"]["timestamp"] == "2025-06-15T15:06:40Z"
    libraries = [part for part in document["components"] if part["type"] == "library"]
    assert [own["name"], *(part["name"] for part in libraries)] == [part.name for part in bundled(system)]
    assert all(part["licenses"] for part in libraries)
    names = {part["name"] for part in libraries}
    assert {"httpx", "PySide6_Essentials", "OpenSSL", "Python"} <= names
    assert ("jeepney" in names) is (system == "linux")


def test_a_package_can_be_looked_up_where_faults_are_published(payload: Path) -> None:
    parts = {part["name"]: part for part in bill(payload, RELEASE, "linux")["components"]}
    assert re.fullmatch(r"pkg:pypi/httpx@[\d.]+", parts["httpx"]["purl"])
    assert parts["httpx"]["version"] == parts["httpx"]["purl"].partition("@")[2]
    assert parts["httpx"]["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]
    assert parts["cryptography"]["licenses"] == [{"expression": "Apache-2.0 OR BSD-3-Clause"}]


def test_every_library_of_the_folder_is_there_with_its_sum(payload: Path) -> None:
    files = {
        part["name"]: part["hashes"]
        for part in bill(payload, RELEASE, "linux")["components"]
        if part["type"] == "file"
    }
    assert set(files) == {"_internal/libssl.so.3", "_internal/QtCore.pyd"}
    digest = hashlib.sha256(b"libssl.so.3").hexdigest()
    assert files["_internal/libssl.so.3"] == [{"alg": "SHA-256", "content": digest}]


def test_the_same_build_has_the_same_list_and_another_one_has_not(payload: Path) -> None:
    first = bill(payload, RELEASE, "linux")
    assert bill(payload, RELEASE, "linux") == first
    assert bill(payload, replace(RELEASE, version="1.2.4"), "linux")["serialNumber"] != first["serialNumber"]
