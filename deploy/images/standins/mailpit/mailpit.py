#!/usr/bin/python3
"""Stands in for Mailpit where its image cannot be had.

Takes mail in at port 1025, keeps it in the file that `MP_DATABASE` names, and answers at port 8025:
`/readyz`, `/api/v1/search?query=to:…`, `/api/v1/message/ID`, and a page that lists what came.
`/mailpit readyz` asks the one that runs.
"""

from __future__ import annotations

import html
import json
import os
import signal
import sqlite3
import sys
import urllib.request
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from aiosmtpd.controller import Controller

FILE = os.environ.get("MP_DATABASE", "/tmp/mail.db")  # noqa: S108 - a container of its own
TABLE = "CREATE TABLE IF NOT EXISTS mail (at INTEGER PRIMARY KEY, id TEXT, source BLOB)"


def mails() -> sqlite3.Connection:
    return sqlite3.connect(FILE, isolation_level=None)


class Post:
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002
        row = (uuid4().hex, envelope.content)
        with mails() as connection:
            connection.execute("INSERT INTO mail (id, source) VALUES (?, ?)", row)
        return "250 OK"


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        address = urlsplit(self.path)
        match address.path.strip("/").split("/"):
            case ["readyz" | "livez"]:
                self._answer(b"ok", "text/plain")
            case ["api", "v1", "search" | "messages"]:
                query = parse_qs(address.query).get("query", [""])[0]
                self._json({"messages": [_summary(*row) for row in _found(query)]})
            case ["api", "v1", "message", wanted]:
                rows = [row for row in _found("") if row[0] == wanted]
                self._json(_whole(*rows[0])) if rows else self.send_error(404)
            case [""]:
                self._answer(_list().encode(), "text/html; charset=utf-8")
            case _:
                self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Probes would fill the log."""

    def _json(self, content: dict[str, Any]) -> None:
        self._answer(json.dumps(content).encode(), "application/json")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _found(query: str) -> list[tuple[str, EmailMessage]]:
    """Newest first, as Mailpit has it. Of its queries only `to:"address"` is understood."""
    wanted = query.removeprefix("to:").strip('"').casefold()
    parser = BytesParser(policy=policy.default)
    rows = mails().execute("SELECT id, source FROM mail ORDER BY at DESC").fetchall()
    found = [(key, parser.parsebytes(source)) for key, source in rows]
    return [(key, mail) for key, mail in found if wanted in str(mail["to"]).casefold()]


def _summary(key: str, mail: EmailMessage) -> dict[str, Any]:
    to = [{"Name": a.display_name, "Address": a.addr_spec} for a in mail["to"].addresses]
    return {"ID": key, "Subject": str(mail["subject"]), "To": to}


def _whole(key: str, mail: EmailMessage) -> dict[str, Any]:
    parts = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
    text = {kind: str(part.get_content()) if part else "" for kind, part in parts.items()}
    return {**_summary(key, mail), "Text": text["plain"], "HTML": text["html"]}


def _list() -> str:
    shown = "".join(
        f"<h2>{html.escape(one['Subject'])}</h2><p>{html.escape(str(mail['to']))}</p>"
        f"<pre>{html.escape(one['Text'])}</pre>"
        for key, mail in _found("")
        for one in [_whole(key, mail)]
    )
    return f"<!doctype html><html lang=en><title>Mail</title><h1>Mail</h1>{shown}"


def main() -> None:
    if sys.argv[1:] == ["readyz"]:
        urllib.request.urlopen("http://127.0.0.1:8025/readyz", timeout=5)
        return
    with mails() as connection:
        connection.execute(TABLE)
    post = Controller(Post(), hostname="0.0.0.0", port=1025)  # noqa: S104 - a container of its own
    post.start()
    page = ThreadingHTTPServer(("0.0.0.0", 8025), Page)  # noqa: S104 - a container of its own
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    page.serve_forever()


if __name__ == "__main__":
    main()
