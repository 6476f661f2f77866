"""A very small program with a window, on which the private desktop is tried."""

import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)


def main() -> int:
    app = QApplication(sys.argv)
    window, middle = QMainWindow(), QWidget()
    window.setCentralWidget(middle)
    window.setWindowTitle("Greeting")
    name, greet, answer, people = QLineEdit(), QPushButton("Greet"), QLabel("Nobody yet"), QListWidget()
    name.setAccessibleName("Name")
    answer.setAccessibleName("Answer")
    people.setAccessibleName("People")
    people.addItems(["Ada", "Grace"])
    column = QVBoxLayout(middle)
    for widget in (name, greet, answer, people):
        column.addWidget(widget)

    def show_greeting() -> None:
        answer.setText(f"Hello, {name.text()}")
        answer.setAccessibleName(f"Answer: Hello, {name.text()}")

    greet.clicked.connect(show_greeting)
    name.returnPressed.connect(show_greeting)
    # Assistive technology selects an item without making it the current one.
    people.itemSelectionChanged.connect(lambda: name.setText(people.selectedItems()[0].text()))
    signal.signal(signal.SIGTERM, lambda _number, _frame: app.quit())
    # Python's signal handlers run between two lines of Python, so there must be some.
    beat = QTimer(interval=50)
    beat.timeout.connect(lambda: None)
    beat.start()
    window.show()
    name.setFocus()
    print("shown", flush=True)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
