"""Buttons: text buttons of five kinds and icon buttons, painted as SPEC §2.5 says."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.tooltip import set_tooltip


class Kind(Enum):
    """What a button is for; at most one PRIMARY on a surface."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    DANGER = "danger"
    DANGER_TEXT = "danger text"


class Size(Enum):
    """Height, padding at the sides and radius in px, style of type."""

    SMALL = (28, 10, 7, "ui.medium")
    DEFAULT = (32, 12, 8, "ui.medium")
    LARGE = (40, 18, 10, "ui.large")


ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})
ICON_SIZES = {Size.SMALL: 16, Size.DEFAULT: 16, Size.LARGE: 18}
ICON_GAP = 7


class PushButton(QPushButton):
    """A button that leaves the arrow keys to what it stands in, where Qt would go to just any neighbour."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class Button(PushButton):
    """A button with a text, and an icon before it where one is named.

    The accessible name is the text. `set_keys` shows a shortcut in small type behind the text.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        kind: Kind = Kind.SECONDARY,
        size: Size = Size.DEFAULT,
        icon: str = "",
        icon_tone: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind = kind
        self._size = size
        self._icon = icon
        self._icon_tone = icon_tone
        self._trailing_icon = ""
        self._keys = ""
        self._label = ""
        self.setText(text)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(size.value[3]))

    @property
    def label(self) -> str:
        """The text as it is shown."""
        return self._label

    def setText(self, text: str) -> None:
        """Show `text` as it is: an ampersand in the name of a model is no mnemonic."""
        self._label = text
        super().setText(text.replace("&", "&&"))
        self.updateGeometry()

    def set_icon(self, name: str, tone: str = "") -> None:
        """Show the icon `name` before the text; none for an empty name."""
        self._icon, self._icon_tone = name, tone
        self.updateGeometry()
        self.update()

    def set_trailing_icon(self, name: str) -> None:
        """Show the small icon `name` behind the text, such as a chevron."""
        self._trailing_icon = name
        self.updateGeometry()
        self.update()

    def set_keys(self, keys: QKeySequence | None) -> None:
        """Show `keys` behind the text; None shows nothing."""
        self._keys = native_text(keys) if keys is not None else ""
        self.updateGeometry()
        self.update()

    def _padding(self) -> int:
        return self._size.value[1]

    def _radius(self) -> float:
        return self._size.value[2]

    def _fill(self) -> str | None:
        held, over = self.isDown(), self.underMouse() and self.isEnabled()
        match self._kind:
            case Kind.PRIMARY | Kind.SECONDARY | Kind.DANGER if not self.isEnabled():
                return "fill.disabled"
            case Kind.PRIMARY:
                return "accent.pressed" if held else "accent.hover" if over else "accent.fill"
            case Kind.DANGER:
                return "danger.fill"
            case Kind.SECONDARY:
                return "fill.pressed" if held else "fill.hover" if over else "bg.surface"
            case _:
                if self.isChecked():
                    return "fill.selected"
                return "fill.pressed" if held else "fill.hover" if over else None

    def _outline(self) -> str | None:
        if not self.isEnabled():
            return None
        return "line.control" if self._kind is Kind.SECONDARY else None

    def _tone(self) -> str:
        if not self.isEnabled():
            return "text.disabled"
        match self._kind:
            case Kind.PRIMARY | Kind.DANGER:
                return "text.onAccent"
            case Kind.DANGER_TEXT:
                return "danger.text"
            case Kind.QUIET if self.isChecked():
                return "accent.text"
            case Kind.QUIET if not (self.isDown() or self.underMouse()):
                return "text.secondary"
            case _:
                return "text.primary"

    def _paint_ground(self, painter: QPainter) -> None:
        fill, outline = self._fill(), self._outline()
        if fill is None and outline is None:
            return
        painter.setPen(QPen(self._theme.color(outline), 1) if outline else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(fill) if fill else Qt.BrushStyle.NoBrush)
        edge = 0.5 if outline else 0.0
        radius = self._radius() - edge
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), radius, radius)

    def _content_width(self) -> int:
        width = QFontMetrics(self.font()).horizontalAdvance(self._label)
        if self._icon:
            width += ICON_SIZES[self._size] + ICON_GAP - 2
        if self._trailing_icon:
            width += 14 + 5
        if self._keys:
            width += 10 + QFontMetrics(self._theme.font("key")).horizontalAdvance(self._keys)
        return width

    def sizeHint(self) -> QSize:
        height = max(self._size.value[0], QFontMetrics(self.font()).height() + 10)
        return QSize(self._content_width() + 2 * self._padding(), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, self._radius())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        content = self._content_width()
        inner = self.rect().adjusted(4, 0, -4, 0)
        at = max((self.width() - content) // 2, inner.left())
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft

        def place(left: int, width: int) -> QRect:
            rect = QRect(left, 0, width, self.height())
            return QRect(self.width() - left - width, 0, width, self.height()) if mirrored else rect

        if self._icon:
            size = ICON_SIZES[self._size]
            tone = self._icon_tone if self._icon_tone and self.isEnabled() else self._tone()
            paint_icon(painter, self._theme, self._icon, tone, size, place(at - 2, size))
            at += size + ICON_GAP - 2
        painter.setFont(self.font())
        painter.setPen(self._theme.color(self._tone()))
        metrics = QFontMetrics(self.font())
        room = inner.right() + 1 - at - (19 if self._trailing_icon else 0)
        width = min(metrics.horizontalAdvance(self._label), room)
        text = metrics.elidedText(self._label, Qt.TextElideMode.ElideRight, room)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.drawText(place(at, width), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, text)
        at += width
        if self._keys:
            font = self._theme.font("key")
            painter.setFont(font)
            is_on_accent = self._kind in {Kind.PRIMARY, Kind.DANGER}
            painter.setPen(self._theme.color(self._tone() if is_on_accent else "text.tertiary"))
            width = QFontMetrics(font).horizontalAdvance(self._keys)
            painter.drawText(place(at + 10, width + 1), Qt.AlignmentFlag.AlignVCenter, self._keys)
        elif self._trailing_icon:
            paint_icon(painter, self._theme, self._trailing_icon, self._tone(), 14, place(at + 5, 14))


class IconButton(PushButton):
    """A square button with an icon alone; its tooltip is its accessible name, with the keys behind."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        *,
        keys: QKeySequence | None = None,
        side: int = 32,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._side = side
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name, keys)

    def set_name(self, name: str, keys: QKeySequence | None = None) -> None:
        """Call the button `name`, for a screen reader and in the tooltip, where `keys` stand too."""
        self.setAccessibleName(name)
        set_tooltip(self, name, native_text(keys) if keys is not None else "")

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon = name
        self.update()

    def _radius(self) -> float:
        return {26: 6, 28: 7}.get(self._side, 8)

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, self._radius())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = self.underMouse() and self.isEnabled()
        if self.isDown():
            fill, tone = "fill.pressed", "text.primary"
        elif self.isChecked():
            fill, tone = "fill.selected", "accent.text"
        elif over:
            fill, tone = "fill.hover", "text.primary"
        else:
            fill, tone = "", "text.secondary" if self.isEnabled() else "text.disabled"
        if fill:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color(fill))
            painter.drawRoundedRect(self.rect(), self._radius(), self._radius())
        paint_icon(painter, self._theme, self._icon, tone, 18 if self._side >= 32 else 16, self.rect())


def paint_icon(painter: QPainter, theme: Theme, name: str, tone: str, size: int, rect: QRect) -> None:
    """Paint the icon `name`, `size` px, in the middle of `rect`."""
    ratio = painter.device().devicePixelRatio()
    corner = QPoint(rect.left() + (rect.width() - size) // 2, rect.top() + (rect.height() - size) // 2)
    painter.drawPixmap(corner, theme.pixmap(name, tone, size, ratio))


def native_text(keys: QKeySequence) -> str:
    """`keys` as this system writes them."""
    return keys.toString(QKeySequence.SequenceFormat.NativeText)
