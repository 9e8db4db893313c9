"""docker-compose.yml as values: what each service runs, with what, and where that lies when nobody has Docker."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\}")


def interpolated(text: str, environment: dict[str, str]) -> str:
    """Put variables in, as Compose does: ${NAME} and ${NAME:-default}."""
    return _VARIABLE.sub(lambda found: environment.get(found["name"]) or found["default"] or "", text)


@dataclass(frozen=True, slots=True)
class Mount:
    source: str
    target: str
    mode: str

    @property
    def is_named(self) -> bool:
        return not self.source.startswith((".", "/"))


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    given: dict[str, Any]

    @property
    def is_ours(self) -> bool:
        return "build" in self.given

    @property
    def ends_by_itself(self) -> bool:
        return self.given["restart"] == "no"

    @property
    def environment(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.given.get("environment", {}).items()}

    @property
    def mounts(self) -> list[Mount]:
        return [_mount(one) for one in self.given.get("volumes", ())]

    @property
    def networks(self) -> list[str]:
        return self.given.get("networks", [])


def composed(**environment: str) -> dict[str, Any]:
    return yaml.safe_load(interpolated((ROOT / "docker-compose.yml").read_text(), environment))


def services(**environment: str) -> dict[str, Service]:
    return {name: Service(name, given) for name, given in composed(**environment)["services"].items()}


def _mount(one: str | dict[str, Any]) -> Mount:
    if isinstance(one, dict):
        return Mount(one["source"], one["target"], "rw")
    source, target, *mode = one.split(":")
    return Mount(source, target, mode[0] if mode else "rw")


def dockerfile_environment() -> dict[str, str]:
    """Give what the last stage of the Dockerfile sets."""
    last = DOCKERFILE.replace("\\\n", " ").rsplit("\nFROM ", maxsplit=1)[1]
    lines = [line.removeprefix("ENV ") for line in last.splitlines() if line.startswith("ENV ")]
    return dict(word.split("=", maxsplit=1) for line in lines for word in line.split())
