"""The look of every window: colours, type and icons of the active theme."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from app.core.settings import Appearance, LineLength, Settings
from app.ui.icons import Icons
from app.ui.style_sheet import STYLE_SHEET
from app.ui.type_styles import NORMAL_TEXT_SIZE, TYPE_STYLES, Face, Grows

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

# What stands for "no font was chosen" where a desktop names none.
GENERIC_FAMILIES = frozenset({"", "Sans", "Sans Serif", "sans-serif", "DejaVu Sans", "MS Shell Dlg 2"})
# With stronger contrast each of these takes the colour of the next (SPEC §2.1).
STRONGER = {
    "line.hair": "line.field",
    "line.control": "line.field",
    "text.tertiary": "text.secondary",
    "text.secondary": "text.primary",
}
ROLES: tuple[tuple[QPalette.ColorRole, str], ...] = (
    (QPalette.ColorRole.Window, "bg.canvas"),
    (QPalette.ColorRole.WindowText, "text.primary"),
    (QPalette.ColorRole.Base, "bg.surface"),
    (QPalette.ColorRole.AlternateBase, "bg.sunken"),
    (QPalette.ColorRole.Text, "text.primary"),
    (QPalette.ColorRole.PlaceholderText, "text.tertiary"),
    (QPalette.ColorRole.Button, "bg.surface"),
    (QPalette.ColorRole.ButtonText, "text.primary"),
    (QPalette.ColorRole.BrightText, "text.onAccent"),
    (QPalette.ColorRole.Light, "bg.surface"),
    (QPalette.ColorRole.Midlight, "fill.hover"),
    (QPalette.ColorRole.Mid, "line.control"),
    (QPalette.ColorRole.Dark, "line.field"),
    (QPalette.ColorRole.Shadow, "line.field"),
    (QPalette.ColorRole.Highlight, "fill.text"),
    (QPalette.ColorRole.HighlightedText, "text.primary"),
    (QPalette.ColorRole.Accent, "accent.mark"),
    (QPalette.ColorRole.Link, "accent.text"),
    (QPalette.ColorRole.LinkVisited, "accent.text"),
    (QPalette.ColorRole.ToolTipBase, "bg.tooltip"),
    (QPalette.ColorRole.ToolTipText, "text.onTooltip"),
)


class Theme(QObject):
    """Hands out what the active theme looks like, and puts it on the application.

    `resources` is the folder with `theme/tokens.json`, `icons/` and `logo/`. Nothing is put on the
    application before `follow()`.

    Signals: `changed()` after colours, text size, line length or motion changed. Every widget is repainted by
    itself; connect where something was kept: fonts, laid out text, pixmaps, formats.
    """

    changed = Signal()

    def __init__(self, application: QApplication, resources: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._application = application
        self._resources = resources
        self._icons = Icons(resources)
        self._tokens: dict[str, dict[str, str]] = json.loads(
            (resources / "theme" / "tokens.json").read_text(encoding="utf-8")
        )
        self._appearance = Appearance.SYSTEM
        self._text_size = NORMAL_TEXT_SIZE
        self._line_length = LineLength.MEDIUM
        self._less_motion = False
        self._strong_contrast = False
        self._is_dark = False
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[str, QFont] = {}
        self._families = _interface_families()
        self._applied: tuple[object, ...] = ()
        self._hints = application.styleHints()
        self._hints.colorSchemeChanged.connect(self._on_system_changed)
        self._wants_contrast = self._system_wants_contrast = False
        if hasattr(self._hints, "accessibility"):  # came with Qt 6.10
            # Kept in a name: its Python object is gone with the next statement otherwise.
            self._wishes = wishes = self._hints.accessibility()
            self._system_wants_contrast = wishes.contrastPreference() is Qt.ContrastPreference.HighContrast
            wishes.contrastPreferenceChanged.connect(self._on_contrast_preference_changed)
        self._read_colours()

    # -- what is asked ------------------------------------------------------------------------------------

    @property
    def resources(self) -> Path:
        """The folder of what comes with the app."""
        return self._resources

    @property
    def text_size(self) -> int:
        """Size of body text in px."""
        return self._text_size

    @property
    def line_length(self) -> LineLength:
        """How long lines of body text get."""
        return self._line_length

    @property
    def less_motion(self) -> bool:
        """True where nothing should move by itself."""
        return self._less_motion

    @property
    def focus_width(self) -> int:
        """Width of the focus ring in px."""
        return 3 if self._strong_contrast else 2

    def duration(self, milliseconds: int) -> int:
        """How long a movement of SPEC §2.6 takes here: 0 with less motion."""
        return 0 if self._less_motion else milliseconds

    def color(self, token: str) -> QColor:
        """The colour of a token such as `bg.canvas`, a copy; a KeyError for a name that isn't one."""
        return QColor(self._colours[token])

    def css(self, token: str) -> str:
        """The colour as a style sheet writes it."""
        return _css(self._colours[token])

    def font(self, style: str) -> QFont:
        """The font of a style of `TYPE_STYLES`; a copy that may be changed."""
        if style not in self._fonts:
            self._fonts[style] = self._make_font(style)
        return QFont(self._fonts[style])

    def figures(self, style: str) -> QFont:
        """The same font with figures of one width, for numbers that change or align."""
        font = self.font(style)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def line_height(self, style: str) -> float:
        """Distance of base lines in px, never less than the font needs."""
        wanted = TYPE_STYLES[style].line
        if TYPE_STYLES[style].grows is Grows.WITH_TEXT:
            wanted = wanted * self._text_size / NORMAL_TEXT_SIZE
        return max(wanted, QFontMetricsF(self.font(style)).height())

    def pixmap(self, name: str, token: str, size: int, ratio: float) -> QPixmap:
        """The icon `name` in the colour of `token`, `size` px, for a screen of device pixel ratio `ratio`."""
        return self._icons.pixmap(name, self._colours[token], size, ratio)

    def icon(self, name: str, token: str, size: int) -> QIcon:
        """The icon for what takes a QIcon (menus), sharp on every screen that is connected."""
        from PySide6.QtGui import QIcon  # the window is painted before anything needs one

        icon = QIcon()
        for ratio in {screen.devicePixelRatio() for screen in self._application.screens()}:
            icon.addPixmap(self.pixmap(name, token, size, ratio))
            icon.addPixmap(self.pixmap(name, "text.disabled", size, ratio), QIcon.Mode.Disabled)
        return icon

    def mark(self, size: int, ratio: float) -> QPixmap:
        """The product's mark for the ground of this theme."""
        return self._icons.logo("mark-on-dark" if self._is_dark else "mark", size, ratio)

    def logo(self, name: str, size: int, ratio: float) -> QPixmap:
        """The drawing `name` of `logo/` in its own colours."""
        return self._icons.logo(name, size, ratio)

    def window_icon(self) -> QIcon:
        """The app icon, a drawing of its own for each size."""
        from PySide6.QtGui import QIcon

        icon = QIcon()
        for size in (16, 24, 32, 48, 64, 128, 256):
            icon.addFile(str(self._resources / "logo" / f"app-icon-{size}.png"))
        return icon

    # -- what is told -------------------------------------------------------------------------------------

    def follow(self, settings: Settings) -> None:
        """Look as `settings` say: appearance, text, motion and contrast. Cheap if nothing changed."""
        self._appearance = settings.appearance
        self._text_size = settings.text_size
        self._line_length = settings.line_length
        self._less_motion = settings.less_motion
        self._wants_contrast = settings.strong_contrast
        wanted = {
            Appearance.SYSTEM: Qt.ColorScheme.Unknown,
            Appearance.LIGHT: Qt.ColorScheme.Light,
            Appearance.DARK: Qt.ColorScheme.Dark,
        }[self._appearance]
        if wanted is not self._asked_scheme():
            # So that title bars and the system's own dialogs look alike.
            self._hints.setColorScheme(wanted)
        self._apply()

    def _asked_scheme(self) -> Qt.ColorScheme:
        appearance = self._applied[0] if self._applied else Appearance.SYSTEM
        match appearance:
            case Appearance.LIGHT:
                return Qt.ColorScheme.Light
            case Appearance.DARK:
                return Qt.ColorScheme.Dark
            case _:
                return Qt.ColorScheme.Unknown

    def _on_contrast_preference_changed(self, preference: Qt.ContrastPreference) -> None:
        self._system_wants_contrast = preference is Qt.ContrastPreference.HighContrast
        self._on_system_changed()

    def _on_system_changed(self) -> None:
        # Not within the signal: Qt is still handing its own palette round.
        QTimer.singleShot(0, self, self._apply)

    def _apply(self) -> None:
        system_is_dark = self._hints.colorScheme() is Qt.ColorScheme.Dark
        self._is_dark = {Appearance.LIGHT: False, Appearance.DARK: True}.get(self._appearance, system_is_dark)
        self._strong_contrast = self._wants_contrast or self._system_wants_contrast
        looks = (self._is_dark, self._strong_contrast)
        wanted = (self._appearance, looks, self._text_size, self._line_length, self._less_motion)
        if wanted == self._applied:
            return
        first = not self._applied
        looks_alike = not first and looks == self._applied[1]
        self._applied = wanted
        self._fonts.clear()
        if first:
            self._application.setFont(self.font("ui"))
        if not looks_alike:
            self._read_colours()
            self._application.setPalette(self._palette())
            self._application.setStyleSheet(self._style_sheet())
        self.changed.emit()

    def _read_colours(self) -> None:
        tokens = self._tokens["dark" if self._is_dark else "light"]
        self._colours = {name: _colour(value) for name, value in tokens.items()}
        if self._strong_contrast:
            plain = dict(self._colours)
            self._colours.update({name: plain[stronger] for name, stronger in STRONGER.items()})

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, token in ROLES:
            palette.setColor(role, self._colours[token])
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self._colours["text.disabled"])
        return palette

    def _style_sheet(self) -> str:
        return re.sub(r"@([\w.]+)@", lambda found: self.css(found.group(1)), STYLE_SHEET)

    def _make_font(self, name: str) -> QFont:
        style = TYPE_STYLES[name]
        font = QFont(_code_families() if style.face is Face.CODE else self._families)
        size = style.size
        if style.grows is Grows.WITH_TEXT:
            size = size * self._text_size / NORMAL_TEXT_SIZE
        font.setPixelSize(round(size))
        font.setWeight(style.weight)
        if style.spacing:
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, style.spacing)
        if style.face is Face.CODE:
            font.setStyleHint(QFont.StyleHint.Monospace)
            for ligatures in ("liga", "calt"):
                font.setFeature(QFont.Tag(ligatures), 0)
        return font


def set_background(widget: QWidget, colour: QColor) -> None:
    """Fill `widget` with one colour before it paints, without a style sheet of its own.

    A scroll area and its viewport are filled together: give either of the two.
    """
    area = widget.parentWidget()
    if isinstance(area, QAbstractScrollArea) and area.viewport() is widget:
        widget = area
    _fill(widget, colour)
    if isinstance(widget, QAbstractScrollArea):
        # It takes the area's colours only until a style sheet has given it its own.
        _fill(widget.viewport(), colour)


def _fill(widget: QWidget, colour: QColor) -> None:
    palette = widget.palette()
    palette.setColor(QPalette.ColorRole.Window, colour)
    palette.setColor(QPalette.ColorRole.Base, colour)
    widget.setPalette(palette)
    widget.setAutoFillBackground(True)


def _interface_families() -> list[str]:
    chosen = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    wanted = [] if chosen in GENERIC_FAMILIES else [chosen]
    if chosen == "Segoe UI":
        wanted.insert(0, "Segoe UI Variable Text")
    installed = [family for family in (*wanted, "Inter", "Noto Sans") if QFontDatabase.hasFamily(family)]
    return installed or [chosen]


@cache
def _code_families() -> list[str]:
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    return [family for family in ("JetBrains Mono",) if QFontDatabase.hasFamily(family)] + [fixed]


def _colour(value: str) -> QColor:
    """Read `#RRGGBB`, or `#RRGGBB@32%` for a colour that lets something through."""
    solid, _, percent = value.partition("@")
    colour = QColor(solid)
    if percent:
        colour.setAlphaF(int(percent.rstrip("%")) / 100)
    return colour


def _css(colour: QColor) -> str:
    if colour.alpha() == 255:
        return colour.name()
    return f"rgba({colour.red()}, {colour.green()}, {colour.blue()}, {colour.alpha()})"
