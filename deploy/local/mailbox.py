"""The local post: takes every e-mail in and sends none, so that `./classroom mail` can show them.

`python -m deploy.local.mailbox PORT FOLDER`; the folder is a Maildir.
"""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

__all__ = ["main"]


def main(port: int, folder: Path) -> None:
    """Listen on 127.0.0.1 until told to end."""
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=port, ready_timeout=60)
    ended = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: ended.set())
    controller.start()
    ended.wait()
    controller.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
