"""Objects out of JSON text that may be cut, doubled or garbled, without ever raising (wire.md Q11 to Q13)."""

from __future__ import annotations

import json
import re
from typing import Any

_DECODER = json.JSONDecoder()
_NEXT = re.compile(r"data:\s*(?=[{\[])")


def value_of(text: str) -> Any:
    """The JSON value that `text` is, None where it is none."""
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def objects_of(text: str) -> tuple[list[dict[str, Any]], int]:
    """The objects in the data of one event, in order, and how many pieces of it could not be read.

    A lost line feed glues two objects together, and a lost half leaves one in the middle of another; what can
    be read of it is kept.
    """
    value = value_of(text)
    if isinstance(value, dict):
        return [value], 0
    if value is not None or text.strip() == "null":
        return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else [], 0
    objects: list[dict[str, Any]] = []
    bad = 0
    for piece in (one for line in text.split("\n") for one in _NEXT.split(line)):
        found, is_whole = _in_sequence(piece)
        objects += found
        bad += not is_whole
    if not objects and "\n" in text:
        return [], 1
    return objects, bad


def objects_in_a_row(text: str) -> list[dict[str, Any]]:
    """The objects that `text` begins with, one after the other, whatever stands behind them (Q16)."""
    return _in_sequence(text)[0] or objects_of(text)[0]


def first_value(text: str) -> Any:
    """The first JSON value of `text`, whatever stands behind it (Q16); None where there is none."""
    try:
        return _DECODER.raw_decode(text.lstrip("\ufeff \t\r\n"))[0]
    except (ValueError, RecursionError):
        return None


def _in_sequence(text: str) -> tuple[list[dict[str, Any]], bool]:
    found: list[dict[str, Any]] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return found, False
        if isinstance(value, dict):
            found.append(value)
    return found, True


def dumped(value: object) -> str:
    """`value`, which came out of JSON, as JSON again; only ASCII, so that no half character is in it."""
    try:
        return json.dumps(value)
    except RecursionError:
        return ""
