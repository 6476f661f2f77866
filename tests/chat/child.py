"""A process that lives in a folder, asks a server one question, and ends as it is told or is killed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from app.chat.activity import ActivityKind
from tests.chat.house import House


def main(folder: str, url: str, quit_at: str) -> int:
    """Ask `url`; leave when the reply is at the activity `quit_at`, which may be a name that never comes.

    Says who has a message now, and when how much of the answer has come.
    """
    application = QCoreApplication([])
    house = House(Path(folder))
    house.use(url)
    house.start()
    session = house.new_session()

    def leave_at(kind: ActivityKind) -> None:
        if kind == quit_at:
            QTimer.singleShot(0, application.quit)

    session.activity_changed.connect(lambda activity: leave_at(activity.kind))
    session.message_added.connect(lambda turn: print(turn.role.value, flush=True))
    session.reply_changed.connect(lambda turn: print(time.monotonic(), len(turn.text), flush=True))
    QTimer.singleShot(0, lambda: session.send("Tell me a long story"))
    application.exec()
    # How long it takes is asserted elsewhere, of the app itself: here nothing may be left behind.
    return 0 if house.library.shut_down(30.0) else 3


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
