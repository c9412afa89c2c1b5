"""A plain server behind which one pair's record lies, as the room's own door has it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from workshop.record.file import RecordFile
from workshop.record.served import answer
from workshop.record.values import Role

SEATS: dict[str, Role | None] = {
    "p" * 20: "product",
    "e" * 20: "engineering",
    "a" * 20: None,
}
TOKENS = {seat: token for token, seat in SEATS.items()}


def word_of(seat: str) -> str:
    return f"the room's word for {seat}"


@contextmanager
def room(file: RecordFile, example: Any = lambda: None) -> Iterator[str]:
    """Serve one record on loopback for as long as this lasts; give the address."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._say(asked)

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
            stamp = file.wait_for_change(asked["stamp"][0], float(asked["seconds"][0]))
            self._send(200, {"stamp": stamp})

        def _say(self, asked: Any) -> None:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if token not in SEATS:
                return self._send(403, {})
            seat = SEATS[token]
            told = answer(asked, file=file, seat=seat, words=word_of, example=example)
            return self._send(200, told)

        def _send(self, status: int, told: dict[str, Any]) -> None:
            data = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
