"""A small server that answers as Grafana's API does, for the calls that publishing makes. It is not Grafana.

It refuses what Grafana refuses: a wrong token, a folder that is not there, a name that is taken, an old version without
leave to overwrite. It adds what Grafana adds: ids, versions, provenance. It keeps secrets to itself.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "a-service-accounts-token"


class Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass
class Grafana:
    """What is kept, and how often something was changed."""

    url: str = ""
    folders: dict[str, dict] = field(default_factory=dict)
    sources: dict[str, dict] = field(default_factory=dict)
    boards: dict[str, dict] = field(default_factory=dict)
    groups: dict[tuple[str, str], dict] = field(default_factory=dict)
    secrets: dict[str, dict] = field(default_factory=dict)
    n_changes: int = 0
    trouble: int | None = None  # answered to everything

    def get_folder(self, uid: str, _body: dict) -> dict:
        return self._one(self.folders, uid, "folder not found")

    def make_folder(self, body: dict) -> dict:
        if body["uid"] in self.folders:
            raise Refused(412, "The folder has been changed by someone else")
        self.n_changes += 1
        self.folders[body["uid"]] = {"id": 11, "version": 1, "url": "/dashboards/f/x", **body}
        return self.folders[body["uid"]]

    def change_folder(self, uid: str, body: dict) -> dict:
        self.n_changes += 1
        if not body.get("overwrite"):
            raise Refused(412, "The folder has been changed by someone else")
        self.get_folder(uid, {}).update(title=body["title"])
        return self.folders[uid]

    def get_source(self, uid: str, _body: dict) -> dict:
        found = self._one(self.sources, uid, "Data source not found")
        return found | {"secureJsonFields": dict.fromkeys(self.secrets.get(uid, {}), True)}

    def make_source(self, body: dict) -> dict:
        if any(one["name"] == body["name"] for one in self.sources.values()):
            raise Refused(409, "data source with the same name already exists")
        return self._keep_source(body)

    def change_source(self, uid: str, body: dict) -> dict:
        self._one(self.sources, uid, "Data source not found")
        return self._keep_source(body)

    def _keep_source(self, body: dict) -> dict:
        self.n_changes += 1
        secret = body.pop("secureJsonData", {})
        self.secrets[body["uid"]] = self.secrets.get(body["uid"], {}) | secret
        self.sources[body["uid"]] = {"id": 3, "orgId": 1, "isDefault": False, "readOnly": False, **body}
        return {"datasource": self.sources[body["uid"]], "message": "Datasource added"}

    def get_board(self, uid: str, _body: dict) -> dict:
        found = self._one(self.boards, uid, "Dashboard not found")
        return {"dashboard": found, "meta": {"folderUid": "aquiver", "version": found["version"]}}

    def put_board(self, body: dict) -> dict:
        if body["folderUid"] not in self.folders:
            raise Refused(400, "folder not found")
        board = body["dashboard"]
        before = self.boards.get(board["uid"])
        if before is not None and not body.get("overwrite"):
            raise Refused(412, "The dashboard has been changed by someone else")
        self.n_changes += 1
        version = 1 if before is None else before["version"] + 1
        self.boards[board["uid"]] = {**board, "id": 20 + len(self.boards), "version": version, "schemaVersion": 41}
        return {"uid": board["uid"], "status": "success", "version": version}

    def get_group(self, folder: str, name: str, _body: dict) -> dict:
        return self._one(self.groups, (folder, name), "rule group not found")

    def put_group(self, folder: str, name: str, body: dict) -> dict:
        if folder not in self.folders:
            raise Refused(404, "folder not found")
        if not isinstance(body["interval"], int) or body["interval"] % 10:
            raise Refused(400, "interval must be seconds, and a multiple of the scheduler's ten")
        known = {rule["uid"] for key, group in self.groups.items() if key != (folder, name) for rule in group["rules"]}
        if known & {rule["uid"] for rule in body["rules"]}:
            raise Refused(409, "a rule with this uid is in another group")
        self.n_changes += 1
        rules = [{"id": n, "updated": "now", "provenance": "", **rule} for n, rule in enumerate(body["rules"])]
        self.groups[folder, name] = {**body, "rules": rules}
        return self.groups[folder, name]

    @staticmethod
    def _one(kept: dict, key: object, words: str) -> dict:
        if key not in kept:
            raise Refused(404, words)
        return kept[key]


_ROUTES = (
    ("GET", r"/api/folders/([^/?]+)", Grafana.get_folder),
    ("POST", r"/api/folders", Grafana.make_folder),
    ("PUT", r"/api/folders/([^/?]+)", Grafana.change_folder),
    ("GET", r"/api/datasources/uid/([^/?]+)", Grafana.get_source),
    ("POST", r"/api/datasources", Grafana.make_source),
    ("PUT", r"/api/datasources/uid/([^/?]+)", Grafana.change_source),
    ("GET", r"/api/dashboards/uid/([^/?]+)", Grafana.get_board),
    ("POST", r"/api/dashboards/db", Grafana.put_board),
    ("GET", r"/api/v1/provisioning/folder/([^/?]+)/rule-groups/([^/?]+)", Grafana.get_group),
    ("PUT", r"/api/v1/provisioning/folder/([^/?]+)/rule-groups/([^/?]+)", Grafana.put_group),
)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, kept: Grafana) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.kept = kept


class _Asked(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        self._route("GET")

    def do_POST(self) -> None:
        self._route("POST")

    def do_PUT(self) -> None:
        self._route("PUT")

    def _route(self, method: str) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        try:
            self._answer(200, self._called(method, body))
        except Refused as refused:
            self._answer(refused.status, {"message": refused.message})

    def _called(self, method: str, body: dict) -> dict:
        kept = self.server.kept
        if kept.trouble is not None:
            raise Refused(kept.trouble, "trouble")
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refused(401, "Invalid API key")
        for name, pattern, call in _ROUTES:
            found = re.fullmatch(pattern, self.path.replace("%20", " "))
            if name == method and found:
                return call(kept, *found.groups(), body)
        raise Refused(404, f"{method} {self.path} is nothing")

    def _answer(self, status: int, value: dict) -> None:
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is http.server's
        """Say nothing."""


@contextmanager
def grafana() -> Iterator[Grafana]:
    """Run the server while the block runs."""
    kept = Grafana()
    server = _Server(kept)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
