"""Hears second starts as the app does, and does nothing of what they say: `listener_child`."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QCoreApplication

from app.desktop.paths import folders, instance_socket
from app.desktop.single_instance import InstanceServer

application = QCoreApplication(sys.argv)
path = instance_socket(folders(), os.environ)
if path is None:
    sys.exit("there is no private folder for a socket")
server = InstanceServer(path)
if not server.listen():
    sys.exit("the socket can't be listened at")
print("listening", flush=True)
sys.exit(application.exec())
