"""Pictures that the user attached: decoded beside the GUI thread, and the views that show them."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from threading import Event

from PySide6.QtCore import QCoreApplication, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTextCursor,
)
from PySide6.QtWidgets import QWidget

from app.core.errors import ChatError
from app.ui.safe_picture import bytes_of, decode
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockAction
from app.ui.transcript.document import SafeDocument
from app.ui.transcript.pieces import PicturePiece
from app.ui.transcript.side_thread import SideThread
from app.ui.widgets.focus_ring import GAP, is_by_keyboard
from app.ui.widgets.label import Label

HIGHEST = 320  # px of a picture in a message
CACHE = 64_000_000  # bytes of decoded pictures that are kept
RADIUS = 10


class Pictures(QObject):
    """Decoded pictures by their address. Signal: `decoded(address)`."""

    decoded = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._asked: set[str] = set()
        self._thread = SideThread("pictures", self)

    def image(self, url: str) -> QImage | None:
        """The picture, a null one where it can't be shown; None while it is being decoded."""
        if url in self._images:
            self._images.move_to_end(url)
            return self._images[url]
        if url not in self._asked and not self._thread.ended.is_set():
            self._asked.add(url)
            job = partial(_decoded, url, self._thread.ended)
            self._thread.put(job, partial(self._take, url), partial(self._on_failed, url))
        return None

    def shut_down(self, seconds: float) -> bool:
        """Decode no more, and join the thread within `seconds`; False where it was left behind, alive."""
        return self._thread.shut_down(seconds)

    def _on_failed(self, url: str, _error: ChatError) -> None:
        self._take(url, QImage())

    def _take(self, url: str, image: QImage) -> None:
        self._asked.discard(url)
        if self._thread.ended.is_set():
            return
        self._images[url] = image
        while len(self._images) > 1 and sum(one.sizeInBytes() for one in self._images.values()) > CACHE:
            self._images.popitem(last=False)
        self.decoded.emit(url)


def _decoded(url: str, ended: Event) -> QImage:
    data = bytes_of(url) if not ended.is_set() else None
    return (decode(data) if data is not None else None) or QImage()


class PictureDrawing:
    """The room that a picture takes. Its document is empty: there are no words in it to select or to find."""

    width = 0
    lead = 0

    def __init__(self, piece: PicturePiece) -> None:
        self.document = SafeDocument()
        self._piece = piece

    def end_cursor(self) -> QTextCursor:
        """A cursor in the empty document."""
        return self.document.end_cursor()

    def show(self, piece: PicturePiece) -> None:
        """Make room for this picture."""
        self._piece = piece

    def lay_out(self, width: int) -> int:
        """Return the height of the picture in a column `width` px wide."""
        return shown_size(self._piece, width).height()

    def paint(self, painter: QPainter, clip: QRectF) -> None:
        """The view paints itself."""


class PictureView(Label):
    """Shows one `PicturePiece`; an empty box of its size until it is decoded."""

    def __init__(self, theme: Theme, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(theme, parent=parent)
        self._pictures = pictures
        self._piece: PicturePiece | None = None
        self._shows_focus = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        pictures.decoded.connect(self._on_decoded)

    @property
    def image(self) -> QImage | None:
        """What is shown; a null picture where it can't be, None while it is being decoded."""
        return self._pictures.image(self._piece.url) if self._piece is not None else None

    def show_piece(self, piece: PicturePiece) -> None:
        """Show this picture."""
        if piece == self._piece:
            return
        self._piece = piece
        self._show_name()
        self.update()

    def unbind(self) -> None:
        """Show nothing."""
        self._piece = None

    def block_actions(self) -> list[BlockAction]:
        """What the context menu offers for this picture."""
        image = self.image
        if image is None or image.isNull():
            return []
        clipboard = QGuiApplication.clipboard()
        return [BlockAction(self.tr("Copy picture"), "image", lambda: clipboard.setImage(image))]

    def _on_decoded(self, url: str) -> None:
        if self._piece is not None and url == self._piece.url:
            self._show_name()
            self.update()

    def _show_name(self) -> None:
        image, piece = self.image, self._piece
        if piece is None:
            return
        words = (
            _tr("Picture") if image is None or not image.isNull() else _tr("A picture that can't be shown")
        )
        self.setAccessibleName(f"{words}: {piece.alt}" if piece.alt else words)

    def _box(self) -> QRectF:
        """Where the picture is in the view."""
        size = shown_size(self._piece, self.width()) if self._piece is not None else QSize()
        left = self.width() - size.width() if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 0
        return QRectF(left, 0, size.width(), size.height())

    def _paint_picture(self, painter: QPainter, box: QRectF) -> None:
        image = self.image
        if image is not None and not image.isNull():
            path = QPainterPath()
            path.addRoundedRect(box, RADIUS, RADIUS)
            painter.setClipPath(path)
            painter.drawImage(box, image)
            return
        painter.setPen(QPen(self._theme.color("line.hair"), 1))
        painter.setBrush(self._theme.color("bg.sunken"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if image is not None:
            painter.setFont(self._theme.font("ui"))
            painter.setPen(self._theme.color("text.secondary"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box.adjusted(8, 8, -8, -8), flags.value, self.accessibleName())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._shows_focus = is_by_keyboard(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._shows_focus = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._piece is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_picture(painter, self._box())
        if self._shows_focus:
            painter.setClipping(False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            width = self._theme.focus_width
            # Whatever colour the picture has there, the ring stands off it.
            self._paint_ring(painter, "bg.canvas", width, GAP)
            self._paint_ring(painter, "line.focus", 0, width)

    def _paint_ring(self, painter: QPainter, token: str, within: int, width: int) -> None:
        inset = within + width / 2
        painter.setPen(QPen(self._theme.color(token), width))
        box = self._box().adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, RADIUS - inset, RADIUS - inset)


def shown_size(piece: PicturePiece, width: int) -> QSize:
    """How large a picture is shown in a column `width` px wide: never larger than it is."""
    size = QSize(piece.width, piece.height)
    bound = QSize(max(1, width), HIGHEST)
    if size.width() > bound.width() or size.height() > bound.height():
        size = size.scaled(bound, Qt.AspectRatioMode.KeepAspectRatio)
    return size.expandedTo(QSize(1, 1))


def _tr(text: str) -> str:
    return QCoreApplication.translate("PictureView", text)
