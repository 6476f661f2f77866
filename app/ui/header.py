"""The header: the chat's title, which can be written over, its model, and its menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.label import ElidedLabel, one_line
from app.ui.widgets.panel import Surface

HEIGHT = 52
MAX_TITLE = 200  # characters


class Header(Surface):
    """Shows one chat.

    Signals: `renamed(title)`; `show_chats_asked()`, `new_chat_asked()`: from the buttons that stand here
    while the sidebar doesn't; `find_asked()`; `menu_asked()`.
    """

    renamed = Signal(str)
    show_chats_asked = Signal()
    new_chat_asked = Signal()
    find_asked = Signal()
    menu_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "bg.canvas", edges=(Qt.Edge.BottomEdge,), parent=parent)
        self._can_rename = False
        self.setFixedHeight(HEIGHT)
        self._show_chats = IconButton(theme, "sidebar", self.tr("Show chats"), keys=QKeySequence("Ctrl+B"))
        self._show_chats.clicked.connect(self.show_chats_asked)
        self.title = TitleLabel(theme)
        self.title.clicked.connect(self.rename)
        self.editor = QLineEdit()
        self.editor.setProperty("kind", "inline")
        self.editor.setAccessibleName(self.tr("Title"))
        self.editor.setMaxLength(MAX_TITLE)
        self.editor.setFixedHeight(32)
        self.editor.setMaximumWidth(460)
        self.editor.installEventFilter(self)
        self.editor.editingFinished.connect(self._keep)
        self.editor.hide()
        self.model = ElidedLabel(theme, tone="text.secondary")
        self._new_chat = IconButton(theme, "new-chat", self.tr("New chat"), keys=QKeySequence("Ctrl+N"))
        self._new_chat.clicked.connect(self.new_chat_asked)
        self.find_button = IconButton(theme, "search", self.tr("Find in chat"), keys=QKeySequence("Ctrl+F"))
        self.find_button.setCheckable(True)
        self.find_button.clicked.connect(self.find_asked)
        self.find_button.hide()
        self.more = IconButton(theme, "more", self.tr("More"))
        self.more.clicked.connect(self.menu_asked)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(20, 0, 12, 0)
        self._layout.setSpacing(4)
        self._layout.addWidget(self._show_chats)
        self._layout.addSpacing(0)
        self._layout.addWidget(self.title)
        self._layout.addWidget(self.editor, 1)
        self._layout.addSpacing(10)
        self._layout.addWidget(self.model)
        self._layout.addStretch(1)
        self._layout.addWidget(self._new_chat)
        self._layout.addWidget(self.find_button)
        self._layout.addWidget(self.more)
        self._is_narrow = False
        theme.changed.connect(self._show_theme)
        self._show_theme()
        self.set_room(has_sidebar=True, is_narrow=False)

    def show_chat(self, title: str, model: str, *, can_rename: bool) -> None:
        """Show a chat's title and model; one that has no message yet has no name to write over."""
        self._can_rename = can_rename
        self.title.set_text(one_line(title) or self.tr("New chat"))
        self.title.set_editable(can_rename)
        self.model.set_text(one_line(model))
        self.more.setVisible(can_rename)

    def show_find(self, *, can_find: bool, is_finding: bool) -> None:
        """Say whether there is a chat to find something in, and whether that is being done."""
        self.find_button.setVisible(can_find)
        self.find_button.setChecked(is_finding)

    def set_room(self, *, has_sidebar: bool, is_narrow: bool) -> None:
        """Say whether the sidebar stands beside, and whether there is room for the model's name."""
        self._is_narrow = is_narrow
        self._show_chats.setVisible(not has_sidebar)
        self._new_chat.setVisible(not has_sidebar)
        self.model.setVisible(not is_narrow and self.editor.isHidden())
        self._layout.setContentsMargins(20 if has_sidebar else 10, 0, 12, 0)

    def rename(self) -> None:
        """Let the person write the title."""
        if not self._can_rename or not self.editor.isHidden():
            return
        self.editor.setText(self.title.text())
        self.title.hide()
        self.model.hide()
        self.editor.show()
        self.editor.selectAll()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self) -> None:
        if self.editor.isHidden():
            return
        title = one_line(self.editor.text())
        self._leave_editor()
        if title and title != self.title.text():
            self.renamed.emit(title)

    def _leave_editor(self) -> None:
        had_focus = self.editor.hasFocus()
        self.editor.hide()
        self.title.show()
        self.model.setVisible(not self._is_narrow)
        if had_focus:
            self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_theme(self) -> None:
        self.editor.setFont(self._theme.font("title.s"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.editor and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()  # Esc belongs to the field first
                return True
            if event.type() is QEvent.Type.KeyPress:
                self._leave_editor()
                return True
        return super().eventFilter(watched, event)


class TitleLabel(ElidedLabel):
    """The title; a click or F2 writes over it.

    Signals: `clicked()`.
    """

    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, style="title.s", parent=parent)
        self._is_editable = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_editable(self, editable: bool) -> None:
        """Say whether a click does anything."""
        self._is_editable = editable
        self.setCursor(Qt.CursorShape.IBeamCursor if editable else Qt.CursorShape.ArrowCursor)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, super().minimumSizeHint().height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._is_editable and event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit()
