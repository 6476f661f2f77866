"""Announcements are read without trust, and versions compared as packaging compares them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from app.core.update import MAX_NOTES, Release, _key, is_update, release_of

PAGE = "https://sirocco.example/download"

numbers = st.integers(0, 20)
stages = st.sampled_from(["", "a", "b", "rc", ".alpha", "-beta", "_c", "pre", ".preview."])
posts = st.sampled_from(["", ".post", "-r", "rev", ".post1", "-2"])
devs = st.sampled_from(["", ".dev", "dev3", "-dev.1"])


@st.composite
def versions(draw: st.DrawFn) -> str:
    release = ".".join(map(str, draw(st.lists(numbers, min_size=1, max_size=4))))
    stage = draw(stages)
    number = str(draw(numbers)) if stage and draw(st.booleans()) else ""
    lead = draw(st.sampled_from(["", "v", "V"]))
    return f"{lead}{release}{stage}{number}{draw(posts)}{draw(devs)}"


@given(versions(), versions())
def test_versions_are_ordered_as_packaging_orders_them(one: str, other: str) -> None:
    first, second = Version(one), Version(other)
    assert (_key(one) < _key(other)) == (first < second)
    assert (_key(one) == _key(other)) == (first == second)


@pytest.mark.parametrize(
    ("version", "running", "is_offered"),
    [
        ("0.2.0", "0.1.0", True),
        ("0.10.0", "0.9.9", True),
        ("1.0", "1.0.0", False),
        ("0.1.0", "0.2.0", False),
        ("1.0.0", "1.0.0rc1", True),
        ("1.1.0rc1", "1.0.0", False),
        ("1.0.0rc2", "1.0.0rc1", True),
        ("1.0.0.dev5", "0.9", False),
        ("1.0+local", "1.0", False),
    ],
)
def test_what_is_newer_is_offered_and_what_is_tested_to_testers_alone(
    version: str, running: str, is_offered: bool
) -> None:
    assert is_update(version, running) is is_offered


@pytest.mark.parametrize(
    "version", ["", "new", "1.x", "1.0 beta!", "1." * 30 + "0", "9" * 41, "\u0661.0", "1.0\n2.0"]
)
def test_what_is_no_version_is_an_error(version: str) -> None:
    with pytest.raises(ValueError, match="no version"):
        is_update(version, "1.0")


def test_an_announcement_is_read() -> None:
    data = {"version": " 0.2.0 ", "page": PAGE, "notes": "# New\n" + "x" * MAX_NOTES, "more": {"a": 1}}
    assert release_of(json.dumps(data).encode()) == Release("0.2.0", data["notes"][:MAX_NOTES], PAGE)  # type: ignore[index]
    assert release_of(json.dumps({"version": "1", "page": PAGE, "notes": 7}).encode()).notes == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"<html>",
        b"null",
        b"[]",
        b"[" * 60_000,
        b'{"version": "1.0"}',
        b'{"version": 1, "page": "https://a.example/"}',
        b'{"version": "../../x", "page": "https://a.example/"}',
        b'{"version": "1.0", "page": ["https://a.example/"]}',
        b'{"version": ' + b"9" * 5000 + b', "page": "https://a.example/"}',
        *(
            json.dumps({"version": "1.0", "page": page}).encode()
            for page in (
                "http://a.example/",
                "https://",
                "https:a.example",
                "HTTPS://a.example/",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "https://you@a.example/",
                "https://a.example/\u202e",
                "https://a.example/\n",
                "mailto:a@a.example",
            )
        ),
    ],
)
def test_what_is_no_announcement_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        release_of(body)


@given(
    st.dictionaries(
        st.sampled_from(["version", "page", "notes"]),
        st.none() | st.integers() | st.text() | st.sampled_from(["1.0", PAGE]) | st.lists(st.text()),
    )
)
def test_nothing_but_a_value_error_or_a_release_comes_of_any_object(data: dict[str, Any]) -> None:
    try:
        release = release_of(json.dumps(data).encode())
    except ValueError:
        return
    assert release.page.startswith("https://")
