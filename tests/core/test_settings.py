from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.core.provider import Endpoint
from app.core.settings import (
    DEFAULT_HOTKEY,
    MAX_TEXT_SIZE,
    Appearance,
    LineLength,
    Settings,
    UpdateCheck,
    WindowGeometry,
    settings_from_data,
    settings_to_data,
)

WHOLE = Settings(
    endpoints=(Endpoint("a", "A", "https://a.example/v1", "m"), Endpoint("b", "B", "http://localhost:1/v1")),
    default_endpoint_id="b",
    appearance=Appearance.DARK,
    text_size=17,
    line_length=LineLength.FULL,
    hotkey="Ctrl+Shift+F9",
    hotkey_paused=True,
    update_check=UpdateCheck.ON,
    update_checked=1_795_000_000,
    update_skipped="0.2.0",
    geometry=WindowGeometry(1, 2, 900, 700, maximised=True),
    last_conversation_id="c",
    quick_ask_data={"minutes": 15},
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=8,
)


def test_settings_come_back_as_they_were_written() -> None:
    assert settings_from_data(settings_to_data(WHOLE)) == WHOLE
    assert settings_from_data({}) == Settings()


@given(st.dictionaries(st.sampled_from(sorted(settings_to_data(WHOLE))) | st.text(max_size=5), json_values))
def test_no_file_can_make_reading_fail(data: dict[str, Any]) -> None:
    settings = settings_from_data(data)
    assert settings_from_data(settings_to_data(settings)) == settings


def test_what_a_newer_version_wrote_is_kept() -> None:
    data = {**settings_to_data(WHOLE), "holograms": {"depth": 3}}
    assert settings_to_data(settings_from_data(data))["holograms"] == {"depth": 3}


def test_values_out_of_range_are_brought_into_it() -> None:
    assert settings_from_data({"text_size": 900}).text_size == MAX_TEXT_SIZE
    assert settings_from_data({"text_size": True}).text_size == 15
    assert settings_from_data({"line_length": 46}).line_length is LineLength.MEDIUM
    assert settings_from_data({"appearance": "pink"}).appearance is Appearance.SYSTEM
    assert settings_from_data({"hotkey": ["Ctrl"]}).hotkey == DEFAULT_HOTKEY
    assert settings_from_data({"hotkey": ""}).hotkey == ""


def test_endpoints_without_an_address_or_with_one_id_twice_are_left_out() -> None:
    data = {
        "endpoints": [{"id": "a", "base_url": "https://a/"}, {"id": "a", "base_url": "https://b/"}, 3, {}]
    }
    assert [one.base_url for one in settings_from_data(data).endpoints] == ["https://a/"]


def test_the_default_endpoint_is_the_chosen_one_else_the_first() -> None:
    assert WHOLE.default_endpoint == WHOLE.endpoints[1]
    assert replace(WHOLE, default_endpoint_id="gone").default_endpoint == WHOLE.endpoints[0]
    assert Settings().default_endpoint is None


def test_endpoints_are_added_replaced_and_removed_by_id() -> None:
    renamed = replace(WHOLE.endpoints[0], name="New")
    assert WHOLE.with_endpoint(renamed).endpoint("a") == renamed
    assert len(WHOLE.with_endpoint(Endpoint("c", "C", "https://c/")).endpoints) == 3
    assert WHOLE.without_endpoint("a").endpoint("a") is None
