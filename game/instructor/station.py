"""The window's side: a loopback socket that answers whoever knows its token, looked at once a frame.

A window announces itself by a file in the user's folder that nobody else may read: port and token. What is
said on the wire is one JSON object a line, a request and its answer. No threads: what an instructor asks
happens between two frames, like what the hands at the window do.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

from game.settings import user_folder

LONGEST, MOST_CLIENTS, CHUNK = 65_536, 4, 16_384
Answer = Callable[[dict], dict]


def announced() -> Path:
    """The folder in which windows announce themselves."""
    return user_folder() / "windows"


class Station:
    """Listens for instructors. `about` are facts (JSON) that stand in the announcement. Raises OSError where
    neither a socket nor the file can be had."""

    def __init__(self, about: dict):
        self._token = secrets.token_hex(16)
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=MOST_CLIENTS)
        self._socket.setblocking(False)
        self._clients: list[_Client] = []
        self.path = announced() / f"{os.getpid()}.json"
        try:
            self.announce(about)
        except OSError:
            self._socket.close()
            raise

    @property
    def attended(self) -> bool:
        """Whether an instructor is there now."""
        return any(client.known for client in self._clients)

    def announce(self, about: dict) -> None:
        """Tell what the window plays now."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self.path.with_suffix(".part")
        told = {"pid": os.getpid(), "port": self._socket.getsockname()[1], "token": self._token, **about}
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(told, file)
        os.replace(part, self.path)

    def serve(self, answer: Answer) -> int:
        """Answer what has arrived; how many requests that were."""
        while len(self._clients) < MOST_CLIENTS:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                break
            connection.setblocking(False)
            self._clients.append(_Client(connection))
        served = 0
        for client in list(self._clients):
            for request in client.requests(self._token):
                client.send(answer(request))
                served += 1
            client.flush()
            if client.gone:
                client.close()
                self._clients.remove(client)
        return served

    def close(self) -> None:
        """Hear nobody any more."""
        self.path.unlink(missing_ok=True)
        for client in self._clients:
            client.close()
        self._socket.close()


class _Client:
    """One connection. Its first line has to have the token; `known` afterwards."""

    def __init__(self, connection: socket.socket):
        self._connection = connection
        self._in = self._out = b""
        self.known = self.gone = False

    def requests(self, token: str) -> list[dict]:
        """The whole lines that have come."""
        try:
            while not self.gone:
                data = self._connection.recv(CHUNK)
                self.gone = not data or len(self._in) + len(data) > LONGEST
                self._in += data
        except BlockingIOError:
            pass
        except OSError:
            self.gone = True
        *lines, self._in = self._in.split(b"\n")
        found = []
        for line in lines:
            try:
                request = json.loads(line)
                if not isinstance(request, dict):
                    raise ValueError
            except ValueError:
                self.gone = True
                break
            if self.known:
                found.append(request)
            elif hmac.compare_digest(str(request.get("token", "")).encode(), token.encode()):
                self.known = True
                self.send({"ok": True})
            else:
                self.gone = True
                break
        return found

    def send(self, reply: dict) -> None:
        self._out += json.dumps(reply).encode() + b"\n"

    def flush(self) -> None:
        try:
            while self._out:
                self._out = self._out[self._connection.send(self._out):]
        except BlockingIOError:
            pass
        except OSError:
            self.gone = True

    def close(self) -> None:
        self._connection.close()
