"""The hotkey by the portal of Wayland: rules of its versions, differences of desktops, crashes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.chord import parse_chord
from app.core.hotkey import Obstacle, Standing
from app.desktop.hotkey.portal_session import trigger_of
from tests.desktop_services.hotkey.heard import WAIT, Heard
from tests.desktop_services.hotkey.portal_system import PortalSystem, Rules
from tests.desktop_services.hotkey.systems import System

CHORD = "Ctrl+Alt+Space"
MakeHeard = Callable[[System], Heard]


@pytest.mark.parametrize(
    ("rules", "is_installed", "obstacle"),
    [
        pytest.param(Rules(has_registry=False, needs_app_id=False), False, None, id="1.18"),
        pytest.param(Rules(needs_app_id=False), True, None, id="1.20"),
        pytest.param(Rules(needs_app_id=False), False, None, id="1.20, not installed"),
        pytest.param(Rules(), True, None, id="1.21"),
        pytest.param(Rules(), False, Obstacle.NOT_INSTALLED, id="1.21, not installed"),
        pytest.param(Rules(has_shortcuts=False), True, Obstacle.NO_PORTAL, id="without global shortcuts"),
        pytest.param(Rules(answer=1), True, Obstacle.REFUSED, id="the person says no"),
    ],
)
def test_whom_the_portal_serves(
    portal: PortalSystem,
    make_heard: MakeHeard,
    rules: Rules,
    is_installed: bool,
    obstacle: Obstacle | None,
) -> None:
    portal.rules = rules
    if not is_installed:
        portal.installed.clear()
    state = make_heard(portal).bind(CHORD)
    assert state.obstacle is obstacle
    assert state.standing is (Standing.IMPOSSIBLE if obstacle else Standing.BOUND)
    # The portal refuses to hear it later.
    assert portal.calls[0] == "Register"


def test_the_desktops_permission_to_take_the_focus_comes_along(
    portal: PortalSystem, make_heard: MakeHeard
) -> None:
    heard = make_heard(portal)
    heard.bind(CHORD)
    portal.token = "from-the-compositor"
    portal.press(CHORD)
    heard.wait_for_presses(1)
    assert heard.tokens == ["from-the-compositor"]


def test_the_person_may_choose_another_chord_then_and_later(
    portal: PortalSystem, make_heard: MakeHeard
) -> None:
    portal.rules.chosen = "LOGO+space"
    heard = make_heard(portal)
    assert heard.bind(CHORD).trigger == "Press LOGO+space"
    portal.press("Meta+Space")
    heard.wait_for_presses(1)
    portal.change("CTRL+F9")
    heard.qtbot.waitUntil(lambda: heard.states[-1].trigger == "Press CTRL+F9", timeout=WAIT)
    portal.press("Ctrl+F9")
    heard.wait_for_presses(2)


def test_what_the_desktop_has_kept_is_not_asked_for_again(
    portal: PortalSystem, make_heard: MakeHeard
) -> None:
    portal.rules.keeps = True
    first = make_heard(portal)
    first.bind(CHORD)
    assert first.backend.close(10)
    portal.calls.clear()
    second = make_heard(portal)
    assert second.bind(CHORD).standing is Standing.BOUND
    assert "BindShortcuts" not in portal.calls
    portal.press(CHORD)
    second.wait_for_presses(1)


def test_one_that_keeps_nothing_is_asked_on_every_start(portal: PortalSystem, make_heard: MakeHeard) -> None:
    for _start in range(2):
        portal.calls.clear()
        heard = make_heard(portal)
        assert heard.bind(CHORD).standing is Standing.BOUND
        assert portal.calls.count("BindShortcuts") == 1
        assert heard.backend.close(10)


@pytest.mark.parametrize("how", ["crash", "close"])
def test_a_session_that_ends_is_begun_again(portal: PortalSystem, make_heard: MakeHeard, how: str) -> None:
    heard = make_heard(portal)
    heard.bind(CHORD)
    if how == "crash":
        portal.again_after = (0,)
        portal.end()
        portal.begin()
    else:
        portal.close_sessions()
    heard.qtbot.waitUntil(lambda: len(heard.states) == 3, timeout=WAIT)
    assert [one.standing for one in heard.states] == [Standing.BOUND, Standing.ASKING, Standing.BOUND]
    portal.press(CHORD)
    heard.wait_for_presses(1)
    assert len(heard.tokens) == 1


def test_a_portal_that_ends_every_session_is_given_up(portal: PortalSystem, make_heard: MakeHeard) -> None:
    portal.rules.closes_at_once = True
    heard = make_heard(portal)
    heard.bind(CHORD)
    heard.qtbot.waitUntil(lambda: heard.states[-1].standing is Standing.IMPOSSIBLE, timeout=WAIT)
    assert heard.states[-1].obstacle is Obstacle.CLOSED
    assert portal.calls.count("CreateSession") == 1 + len(portal.again_after)
    # A person who has mended it tries again.
    portal.rules.closes_at_once = False
    assert heard.bind(CHORD).standing is Standing.BOUND


@pytest.mark.parametrize("address", ["", "unix:path=/nonexistent", "nonsense", "tcp:host=127.0.0.1,port=9"])
def test_without_a_bus_it_is_impossible(portal: PortalSystem, make_heard: MakeHeard, address: str) -> None:
    portal.address, before = address, portal.address
    state = make_heard(portal).bind(CHORD)
    portal.address = before
    assert (state.standing, state.obstacle) == (Standing.IMPOSSIBLE, Obstacle.NO_BUS)


def test_without_a_portal_it_is_impossible(portal: PortalSystem, make_heard: MakeHeard) -> None:
    portal.end()
    state = make_heard(portal).bind(CHORD)
    portal.begin()
    assert (state.standing, state.obstacle) == (Standing.IMPOSSIBLE, Obstacle.NO_BUS)


def test_nonsense_is_not_heard(portal: PortalSystem, make_heard: MakeHeard) -> None:
    heard = make_heard(portal)
    heard.bind(CHORD)
    portal.tell_nonsense()
    portal.press(CHORD)
    heard.wait_for_presses(1)
    assert heard.tokens == ["token-1"]
    assert len(heard.states) == 1


def test_many_changes_of_mind_leave_one_session(portal: PortalSystem, make_heard: MakeHeard) -> None:
    heard = make_heard(portal)
    for number in range(1, 9):
        heard.backend.bind(parse_chord(f"Ctrl+Shift+F{number}") or pytest.fail("no chord"))
    heard.bind(CHORD)
    heard.qtbot.waitUntil(lambda: len(portal.sessions) == 1, timeout=WAIT)
    portal.press(CHORD)
    heard.wait_for_presses(1)
    assert {one.chord for one in heard.states} == {parse_chord(CHORD)}


@pytest.mark.parametrize(
    ("chord", "trigger"),
    [
        ("Ctrl+Alt+Space", "CTRL+ALT+space"),
        ("Meta+Shift+K", "SHIFT+LOGO+k"),
        ("Ctrl+Shift+F12", "CTRL+SHIFT+F12"),
        ("Ctrl+Alt+PgUp", "CTRL+ALT+Page_Up"),
    ],
)
def test_a_chord_is_named_as_the_specification_names_it(chord: str, trigger: str) -> None:
    found = parse_chord(chord)
    assert found is not None
    assert trigger_of(found) == trigger
