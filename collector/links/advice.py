"""What a person can do when a machine has no usable Bluetooth, in plain words."""

from enum import StrEnum


class Trouble(StrEnum):
    """Why this machine cannot reach a wearable."""

    NO_SERVICE = "its Bluetooth service does not answer"
    NO_ADAPTER = "it has no Bluetooth adapter"
    SWITCHED_OFF = "Bluetooth is switched off"
    NOT_ALLOWED = "this program may not use Bluetooth"


_LINUX = {
    Trouble.NO_SERVICE: (
        "Install BlueZ and run `sudo systemctl enable --now bluetooth`. In a container, mount the host's "
        "/run/dbus/system_bus_socket into it, or run the collector on the host."
    ),
    Trouble.NO_ADAPTER: "Plug in a Bluetooth adapter and check that `bluetoothctl list` names it.",
    Trouble.SWITCHED_OFF: "Run `bluetoothctl power on`; if that is refused, `rfkill unblock bluetooth`.",
    Trouble.NOT_ALLOWED: (
        "Run `sudo usermod -aG bluetooth $USER`, then log out and in again. In a container, use the same user number "
        "as on the host."
    ),
}
_MAC = {
    Trouble.NO_SERVICE: "Restart the machine.",
    Trouble.NO_ADAPTER: "Use a machine with Bluetooth Low Energy.",
    Trouble.SWITCHED_OFF: "Switch it on in System Settings > Bluetooth.",
    Trouble.NOT_ALLOWED: "Allow your terminal in System Settings > Privacy & Security > Bluetooth, then start it again.",
}
_WINDOWS = {
    Trouble.NO_SERVICE: "Start the service 'Bluetooth Support Service' (services.msc).",
    Trouble.NO_ADAPTER: "Plug in a Bluetooth adapter; it must know Low Energy.",
    Trouble.SWITCHED_OFF: "Switch it on in Settings > Bluetooth & devices.",
    Trouble.NOT_ALLOWED: "Allow desktop apps in Settings > Privacy & security > Radios.",
}


def advise(trouble: Trouble, platform: str) -> str:
    """Say what is wrong and what to do about it, on a platform named as in ``sys.platform``.

    >>> advise(Trouble.SWITCHED_OFF, "win32")
    'This machine cannot use Bluetooth: Bluetooth is switched off. Switch it on in Settings > Bluetooth & devices.'
    """
    by_platform = {"darwin": _MAC, "win32": _WINDOWS}
    return f"This machine cannot use Bluetooth: {trouble}. {by_platform.get(platform, _LINUX)[trouble]}"
