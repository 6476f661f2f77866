from hypothesis import given
from hypothesis import strategies as st

from app.core.chord import ALTERNATIVES, KEYS, MAX_TEXT, Chord, ChordFault, parse_chord

chords = st.builds(
    Chord, st.sampled_from(sorted(KEYS)), st.booleans(), st.booleans(), st.booleans(), st.booleans()
)


@given(chords)
def test_a_chord_comes_back_from_its_text(chord: Chord) -> None:
    assert parse_chord(str(chord)) == chord
    assert len(str(chord)) <= MAX_TEXT


@given(st.text(max_size=80) | st.lists(st.sampled_from(["Ctrl", "+", "Alt", "K", " "])).map("".join))
def test_no_text_makes_reading_fail(text: str) -> None:
    found = parse_chord(text)
    assert found is None or parse_chord(str(found)) == found


def test_case_order_and_long_names_do_not_matter() -> None:
    assert parse_chord("alt + CTRL + delete") == Chord("Del", ctrl=True, alt=True)
    assert parse_chord("shift+meta+pageup") == Chord("PgUp", shift=True, meta=True)
    assert str(Chord("K", meta=True, shift=True, ctrl=True)) == "Ctrl+Shift+Meta+K"


def test_what_is_no_chord_is_none() -> None:
    for text in ("", "+", "Ctrl", "Ctrl+", "Ctrl+Ctrl+K", "Hyper+K", "Ctrl+KK", "Ctrl+K+Alt", "x" * 500):
        assert parse_chord(text) is None, text


def test_what_would_take_keys_away_is_no_good_as_a_global_chord() -> None:
    faults = {
        "K": ChordFault.NO_MODIFIER,
        "Shift+K": ChordFault.NO_MODIFIER,
        "F9": ChordFault.NO_MODIFIER,
        "Ctrl+C": ChordFault.APPS_OWN,
        "Alt+Left": ChordFault.APPS_OWN,
        "Alt+F4": ChordFault.SYSTEMS_OWN,
        "Alt+Tab": ChordFault.SYSTEMS_OWN,
        "Ctrl+Alt+Del": ChordFault.SYSTEMS_OWN,
        "Ctrl+Alt+F2": ChordFault.SYSTEMS_OWN,
        "Ctrl+Alt+Space": None,
        "Ctrl+Shift+K": None,
        "Meta+K": None,
        "Alt+Space": None,
        "Ctrl+F9": None,
        "Ctrl+Alt+F13": None,
    }
    for text, fault in faults.items():
        chord = parse_chord(text)
        assert chord is not None, text
        assert chord.fault is fault, text


def test_every_alternative_is_good_and_none_is_there_twice() -> None:
    assert all(chord.fault is None for chord in ALTERNATIVES)
    assert len(set(ALTERNATIVES)) == len(ALTERNATIVES)
    assert Chord("Space", alt=True) not in ALTERNATIVES  # SPEC §5
