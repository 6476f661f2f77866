"""The card of settings for the hotkey: whether there is one, which chord it is, and how it stands with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.chat.hotkey import GlobalHotkey
from app.chat.preferences import Preferences
from app.core.chord import Chord, ChordFault, parse_chord
from app.core.hotkey import HotkeyState, Obstacle, Standing
from app.core.settings import Settings
from app.ui.chord_keys import caps_of, chord_text
from app.ui.settings.chord_field import ChordField
from app.ui.settings.fields import Field
from app.ui.settings.rows import Card
from app.ui.settings.state_hint import HintKind, StateHint
from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, Size
from app.ui.widgets.label import one_line
from app.ui.widgets.switch import Switch

LONGEST_TRIGGER = 80  # characters of a desktop's own words
# Where no other chord would do either.
HOPELESS = frozenset({Obstacle.NO_BUS, Obstacle.NO_PORTAL, Obstacle.NOT_INSTALLED, Obstacle.NO_BACKEND})


class HotkeyCard(Card):
    """Every change applies at once."""

    def __init__(
        self, theme: Theme, preferences: Preferences, hotkey: GlobalHotkey, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._preferences = preferences
        self._hotkey = hotkey
        self._switch = Switch(theme, self.tr("Ask from anywhere"))
        self._switch.toggled.connect(self._on_switched)
        self.add_row(
            self.tr("Ask from anywhere"), self._switch, self.tr("A small window over whatever you are doing")
        )
        self._field = ChordField(theme, self.tr("Shortcut"))
        self._field.recorded.connect(self._on_recorded)
        self._field.cleared.connect(lambda: self._set_chord(""))
        self._field.refused.connect(self._on_refused)
        self._field.recording_changed.connect(self._on_recording_changed)
        self._hint = StateHint(theme)
        self._chord_row = self.add_row(self.tr("Shortcut"), self._field)
        self._chord_row.add_below(self._hint)
        self._choices = _Choices(theme)
        self._free_row = self.add_row(self.tr("These are free"), self._choices)
        self._again = Button(theme, self.tr("Ask again"), size=Size.SMALL)
        self._again.clicked.connect(hotkey.retry)
        self._again_row = self.add_row(self.tr("Your desktop can be asked once more"), self._again)
        self._command = Field(theme, self.tr("Command"))
        self._command.setFont(theme.font("code"))
        self._command.setReadOnly(True)
        self._command.setText(hotkey.command)
        self._command.setCursorPosition(0)
        self._copy = Button(theme, self.tr("Copy command"), icon="copy")
        self._copy.clicked.connect(self._on_copy)
        words = self.tr("Add a shortcut with this command in the settings of your desktop’s keyboard")
        self._command_row = self.add_row(self.tr("Command"), self._copy, words)
        self._command_row.add_below(self._command, 6)
        preferences.changed.connect(self._show_settings)
        hotkey.changed.connect(self._show_state)
        self._show_settings(preferences.current)

    def _show_settings(self, settings: Settings) -> None:
        self._switch.setChecked(not settings.hotkey_paused)
        self._field.set_chord(parse_chord(settings.hotkey))
        self._show_state(self._hotkey.state)

    def _show_state(self, state: HotkeyState) -> None:
        is_on = not self._preferences.current.hotkey_paused
        is_impossible = state.standing is Standing.IMPOSSIBLE
        self._chord_row.setVisible(is_on)
        self._field.setVisible(state.obstacle not in HOPELESS)
        if not self._field.is_recording:
            self._hint.say(*self._words_for(state))
        self._choices.show_chords(state.free, self._on_recorded)
        self._free_row.setVisible(bool(state.free))
        self._again_row.setVisible(state.obstacle in {Obstacle.REFUSED, Obstacle.CLOSED})
        self._command_row.setVisible(is_impossible and state.obstacle is not Obstacle.NO_DISPLAY)

    def _words_for(self, state: HotkeyState) -> tuple[HintKind, str]:
        match state.standing:
            case Standing.OFF:
                # The settings file may have been written by hand.
                chord = parse_chord(self._preferences.current.hotkey)
                if chord is not None and chord.fault is not None:
                    return HintKind.BAD, self._words_about(chord.fault)
                return HintKind.PLAIN, ""
            case Standing.ASKING:
                return HintKind.PLAIN, self.tr("Asking your desktop…")
            case Standing.BOUND if state.trigger:
                trigger = one_line(state.trigger)[:LONGEST_TRIGGER]
                return HintKind.GOOD, self.tr("Your desktop says: {trigger}").format(trigger=trigger)
            case Standing.BOUND:
                return HintKind.GOOD, self.tr("Free to use")
            case Standing.TAKEN:
                return HintKind.BAD, self.tr("Another app uses this shortcut. Choose a different one.")
            case Standing.NO_KEY:
                return HintKind.BAD, self.tr("Your keyboard has no such key. Choose a different one.")
            case Standing.IMPOSSIBLE:
                return self._words_against(state.obstacle)

    def _words_against(self, obstacle: Obstacle | None) -> tuple[HintKind, str]:
        match obstacle:
            case Obstacle.REFUSED:
                return HintKind.WARNING, self.tr("Your desktop did not give this shortcut")
            case Obstacle.CLOSED:
                return HintKind.WARNING, self.tr("Your desktop took this shortcut back")
            case Obstacle.NO_DISPLAY:
                return HintKind.WARNING, self.tr("The connection to your display is lost")
            case _:
                return HintKind.WARNING, self.tr("Your desktop assigns this shortcut")

    # -- what the person does ---------------------------------------------------------------------------

    def _on_switched(self, is_on: bool) -> None:
        self._preferences.set(replace(self._preferences.current, hotkey_paused=not is_on))

    def _on_recorded(self, chord: Chord) -> None:
        self._set_chord(str(chord))

    def _set_chord(self, text: str) -> None:
        self._preferences.set(replace(self._preferences.current, hotkey=text))

    def _on_recording_changed(self, is_recording: bool) -> None:
        if is_recording:
            self._hotkey.hold()
            self._hint.say(HintKind.PLAIN, self.tr("Escape leaves it as it is, Backspace removes it"))
        else:
            self._hotkey.start()
            self._show_state(self._hotkey.state)

    def _on_refused(self, fault: ChordFault | None) -> None:
        self._hint.say(HintKind.BAD, self._words_about(fault))

    def _words_about(self, fault: ChordFault | None) -> str:
        match fault:
            case ChordFault.NO_MODIFIER:
                return self.tr("Hold Ctrl, Alt or {meta} with it").format(meta=_meta())
            case ChordFault.APPS_OWN:
                return self.tr("Other apps use this themselves. Hold one more key.")
            case ChordFault.SYSTEMS_OWN:
                return self.tr("Your system uses this itself")
            case _:
                return self.tr("This key can’t be used. Letters, digits, Space and F keys can.")

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._command.text())
        self._copy.set_icon("check")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # The other app may have ended meanwhile. A desktop is asked again at the person's word alone.
        if self._hotkey.state.standing is Standing.TAKEN:
            self._hotkey.retry()


class _Choices(QWidget):
    """Chords as buttons, one below the other."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._chords: tuple[Chord, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._buttons: list[Button] = []

    def show_chords(self, chords: tuple[Chord, ...], choose: Callable[[Chord], None]) -> None:
        """Offer `chords`; a click on one calls `choose` with it."""
        if chords == self._chords:
            return
        self._chords = chords
        for button in self._buttons:
            self._layout.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        for chord in chords:
            button = Button(self._theme, chord_text(chord), size=Size.SMALL)
            button.clicked.connect(lambda _=False, chord=chord: choose(chord))
            self._layout.addWidget(button)
            self._buttons.append(button)


def _meta() -> str:
    """What the key that Qt calls Meta is called here."""
    return caps_of(Chord("Space", meta=True))[0]
