"""The socket: one viewer's WebSocket, from its hello to its end."""

import asyncio

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboards.page.live.events import Lost
from dashboards.page.live.pump import MOST_VIEWERS, Pump
from dashboards.page.live.viewer import Viewer

_TRY_LATER, _NOT_UNDERSTOOD = 1013, 1003
_PATIENCE_S = 30.0  # a viewer that takes nothing for so long is gone, or asleep; it comes back by itself


class Watch(msgspec.Struct, tag="watch", tag_field="kind", forbid_unknown_fields=True):
    """A viewer wants the samples of a band, or of none."""

    device: str | None


class Look(msgspec.Struct, tag="look", tag_field="kind", forbid_unknown_fields=True):
    """A viewer is looked at, or hidden."""

    is_hidden: bool


_DECODER = msgspec.json.Decoder(Watch | Look)
_ENCODER = msgspec.json.Encoder()


async def serve_viewer(socket: WebSocket, pump: Pump) -> None:
    """Tell one viewer everything until it leaves."""
    if len(pump.viewers) >= MOST_VIEWERS:
        await socket.close(_TRY_LATER, "too many are looking")
        return
    await socket.accept()
    viewer = Viewer()
    with pump.watched_by(viewer):
        pump.welcome(viewer)
        try:
            async with asyncio.TaskGroup() as tasks:
                telling = tasks.create_task(_tell(socket, viewer), name="viewer is told")
                await _hear(socket, viewer, pump)
                telling.cancel()
        except* (WebSocketDisconnect, TimeoutError):
            pass  # it left, or takes nothing; either way it comes back by itself


async def _tell(socket: WebSocket, viewer: Viewer) -> None:
    n_lost = 0
    while True:
        item = await viewer.next()
        async with asyncio.timeout(_PATIENCE_S):
            if viewer.n_lost > n_lost:
                n_new, n_lost = viewer.n_lost - n_lost, viewer.n_lost
                await socket.send_text(_ENCODER.encode(Lost(n_new)).decode())
            await (socket.send_bytes(item) if isinstance(item, bytes) else socket.send_text(item))


async def _hear(socket: WebSocket, viewer: Viewer, pump: Pump) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        try:
            said = _DECODER.decode(message.get("text") or "")
        except msgspec.MsgspecError:
            await socket.close(_NOT_UNDERSTOOD, "not understood")
            return
        match said:
            case Watch(device):
                viewer.device = device
                pump.welcome(viewer)
            case Look(is_hidden):
                viewer.hide(is_hidden)
                if not is_hidden:
                    pump.welcome(viewer)
