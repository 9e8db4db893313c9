"""Units: what keeps a service running over nights, as systemd and launchd read it. Pure."""

import plistlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MARK = "Written by aquiver install"
_WATCHDOG_S = 30  # a loop that stands still for so long is ended and begun again

# Only what needs no namespace of its own: a user's systemd may not be allowed to make one, and then nothing starts.
_UNIT = """# {mark}; `aquiver uninstall` removes it.
[Unit]
Description=aquiver {name}: counts muscle twitches overnight
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={command}
Restart=always
RestartSec=2
RestartPreventExitStatus=2
WatchdogSec={watchdog_s}
TimeoutStopSec=10
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_BLUETOOTH AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service

[Install]
WantedBy=default.target
"""


@dataclass(frozen=True, slots=True)
class Job:
    """What shall run: a name, and the words of its command."""

    name: str
    words: tuple[str, ...]


def systemd_units(jobs: tuple[Job, ...], home: Path) -> Mapping[Path, bytes]:
    """Give the user units of some jobs, by their paths."""
    folder = home / ".config" / "systemd" / "user"
    return {folder / f"aquiver-{job.name}.service": _unit(job).encode() for job in jobs}


def launchd_agents(jobs: tuple[Job, ...], home: Path) -> Mapping[Path, bytes]:
    """Give the launchd agents of some jobs, by their paths."""
    folder = home / "Library" / "LaunchAgents"
    return {folder / f"aquiver.{job.name}.plist": _agent(job, home) for job in jobs}


def _unit(job: Job) -> str:
    command = " ".join(map(_quoted, job.words))
    return _UNIT.format(mark=MARK, name=job.name, command=command, watchdog_s=_WATCHDOG_S)


def _quoted(word: str) -> str:
    r"""Quote a word for ExecStart, where % and $ mean something even in quotes.

    >>> print(_quoted('/home/a b/50%$"x'))
    "/home/a b/50%%$$\"x"
    """
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _agent(job: Job, home: Path) -> bytes:
    return plistlib.dumps(
        {
            "Label": f"aquiver.{job.name}",
            "ProgramArguments": list(job.words),
            "RunAtLoad": True,
            "KeepAlive": True,
            "ProcessType": "Adaptive",
            "Umask": 0o077,
            "ExitTimeOut": 10,
            "StandardErrorPath": str(home / "Library" / "Logs" / f"aquiver-{job.name}.log"),
            "Comment": f"{MARK}; aquiver uninstall removes it.",
        }
    )
