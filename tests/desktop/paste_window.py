"""A window with a field that reads HTML: it tells what was pasted into it, block by block."""

import json
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QTextCharFormat, QTextList, QTextTable
from PySide6.QtWidgets import QApplication, QTextEdit


def blocks_of(field: QTextEdit) -> list[dict[str, object]]:
    """The blocks with what they are: a heading, an item, a cell, code."""
    found: list[dict[str, object]] = []
    block = field.document().begin()
    while block.isValid():
        cursor = field.textCursor()
        cursor.setPosition(block.position())
        table: QTextTable | None = cursor.currentTable()
        items: QTextList | None = block.textList()
        parts = []
        part = block.begin()
        while not part.atEnd():
            parts.append(part.fragment().charFormat())
            part += 1
        cell = table.cellAt(cursor) if table is not None else None
        found.append(
            {
                "text": block.text(),
                "heading": block.blockFormat().headingLevel(),
                "list": items.format().style().name if items is not None else "",
                "cell": [cell.row(), cell.column()] if cell is not None else None,
                "code": bool(parts) and all(map(is_fixed, parts)),
                "bold": any(part.fontWeight() > 500 for part in parts),
                "links": [part.anchorHref() for part in parts if part.isAnchor()],
            }
        )
        block = block.next()
    return found


def is_fixed(part: QTextCharFormat) -> bool:
    return part.fontFixedPitch() or "monospace" in (part.fontFamilies() or [])


def main() -> int:
    app = QApplication(sys.argv)
    field = QTextEdit()
    field.setWindowTitle("Paste here")
    field.setAccessibleName("Pasted")

    def tell() -> None:
        if field.toPlainText():
            # What a program that reads the clipboard itself would get.
            html = bytes(QGuiApplication.clipboard().mimeData().data("text/html").data())
            Path(sys.argv[1]).write_bytes(html)
            print(json.dumps(blocks_of(field)), flush=True)

    field.textChanged.connect(tell)
    signal.signal(signal.SIGTERM, lambda _number, _frame: app.quit())
    # Python's signal handlers run between two lines of Python, so there must be some.
    beat = QTimer(interval=50)
    beat.timeout.connect(lambda: None)
    beat.start()
    field.resize(500, 400)
    field.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
