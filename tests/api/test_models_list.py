import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.models_list import models_of
from app.core.models import ModelCard
from tests.api.test_reducer import JSON


def ids(data: Any) -> list[str]:
    return [card.model_id for card in models_of(json.dumps(data).encode())]


@pytest.mark.parametrize(
    "data",
    [
        {"object": "list", "data": [{"id": "a"}, {"id": "b"}]},
        [{"id": "a"}, {"id": "b"}],
        ["a", "b"],
        {"models": [{"name": "a"}, {"model": "b"}]},
        {"models": [{"key": "a"}, {"id": "b", "name": "B"}]},
        {"data": [{"id": "a"}, {"id": "b"}], "models": [{"name": "x"}], "has_more": True},
        {"data": [{"id": "a"}, None, 5, {}, {"id": 7}, {"id": ""}, {"id": "b"}, {"id": "a"}]},
    ],
)
def test_Q65_every_shape_of_a_list(data: Any) -> None:
    assert ids(data) == ["a", "b"]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"data":null}', b'{"data":[]}', b"Internal Server Error", b"[", b"null", b"\xff"]
)
def test_Q65_nothing_to_list_is_an_empty_list(body: bytes) -> None:
    assert models_of(body) == ()


def test_Q65_what_a_card_says() -> None:
    data = {
        "data": [
            {
                "id": "m",
                "aliases": ["m-latest", 5],
                "max_context_length": 32768,
                "deprecation": "2026-01-01",
                "capabilities": {"completion_chat": False},
            }
        ]
    }
    assert models_of(json.dumps(data).encode()) == (
        ModelCard("m", ("m-latest",), 32768, chats=False, deprecated=True),
    )


def test_names_that_could_harm_a_list_are_left_out() -> None:
    assert ids(
        [{"id": "a\nb"}, {"id": "\u202eabc"}, {"id": "x" * 1000}, {"id": "\ud83d"}, {"id": "fine"}]
    ) == ["fine"]


def test_Q65_a_bom_before_the_list() -> None:
    assert [card.model_id for card in models_of(b'\xef\xbb\xbf{"data":[{"id":"a"}]}')] == ["a"]


@given(
    JSON
    | st.builds(lambda one: {"data": one}, JSON)
    | st.builds(lambda one: [{"id": one, "aliases": one}], JSON)
)
def test_Q65_no_json_makes_it_fail(data: Any) -> None:
    for card in models_of(json.dumps(data).encode()):
        card.model_id.encode()
