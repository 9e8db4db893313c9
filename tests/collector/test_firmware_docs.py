"""The examples in firmware_docs are held with the real drivers. Grammar: firmware_docs/README.md."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from aquiver.driver import Ask, Await, Conversation, Decoder, Frame, Listen, Read, Request, Write
from aquiver.errors import DecodeError
from aquiver.model import Signal
from collector.devices import DRIVERS, driver_named

DOCS = Path(__file__).parents[2] / "firmware_docs"
PAGES = sorted(path for path in DOCS.glob("*.md") if path.stem != "README")
N_PACKETS = 3  # a page shows at least so many


@dataclass(frozen=True)
class Example:
    page: str
    driver: str
    title: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page} {self.title}"


def _examples() -> Iterator[Example]:
    for page in PAGES:
        for block in re.findall(r"^```\n(example .*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
            head, *lines = block.splitlines()
            driver, title = head.removeprefix("example ").split(": ", 1)
            yield Example(page.stem, driver, title, tuple(lines))


EXAMPLES = tuple(_examples())


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_is_what_the_driver_says_and_reads(example: Example) -> None:
    expected = list(example.lines)
    n_said = next(at for at, line in enumerate(expected) if line.startswith("signal "))
    driver = driver_named(example.driver)
    decoder, named = _hold(driver.converse(), expected[:n_said])
    named |= set(driver.hears)
    signals = [_signal_line(signal) for signal in decoder.signals]
    heard = [line for line in expected if line.startswith("heard ")]
    found = signals + [line for one in heard for line in (one, *_heard_lines(named, decoder, one, expected))]
    assert found == expected[n_said:]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_at_least_three_packets(page: Path) -> None:
    lines = [line for example in EXAMPLES if example.page == page.stem for line in example.lines]
    assert sum(line.startswith("frame ") for line in lines) >= N_PACKETS
    assert any(line.startswith("refused ") for line in lines)


def test_drivers_pages_examples_and_index_name_the_same_wearables() -> None:
    index = set(re.findall(r"^\| \[(\w+)\.md\]\(\1\.md\) \| `\1` ", (DOCS / "README.md").read_text(), re.MULTILINE))
    assert set(DRIVERS) == {page.stem for page in PAGES} == {example.driver for example in EXAMPLES} == index
    assert all(example.page == example.driver for example in EXAMPLES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_names_the_service_its_driver_looks_for(page: Path) -> None:
    assert driver_named(page.stem).service in page.read_text()


def _hold(conversation: Conversation, lines: list[str]) -> tuple[Decoder, set[str]]:
    """Hold a conversation: each line is the next request, after its arrow the answer. Give also whom it named."""
    answer = None
    named: set[str] = set()
    for line in lines:
        said, _, answered = line.partition(" -> ")
        request = conversation.send(answer)
        assert _request_line(request) == said
        named.add(request.characteristic)
        answer = bytes.fromhex(answered)
    with pytest.raises(StopIteration) as end:
        conversation.send(answer)
    return end.value.value, named


def _request_line(request: Request) -> str:
    match request:
        case Await(characteristic):
            return f"await {characteristic[:8]}"
        case Listen(characteristic):
            return f"listen {characteristic[:8]}"
        case Read(characteristic):
            return f"read {characteristic[:8]}"
        case Write(characteristic, data):
            return f"write {characteristic[:8]} {_spelt(data)}"
        case Ask(characteristic, data, _):
            return f"ask {characteristic[:8]} {_spelt(data)}"


def _signal_line(signal: Signal) -> str:
    scale, n_channels = signal.channels[0].scale, len(signal.channels)
    return f"signal {signal.modality} {signal.rate_hz:g} Hz, limit {signal.limit}, {scale} {signal.unit} x {n_channels}"


def _heard_lines(named: set[str], decoder: Decoder, line: str, expected: list[str]) -> list[str]:
    """Decode a notification; a refusal is given as far as the page prints it."""
    _, short, spelt = line.split(" ", 2)
    characteristic = next((one for one in named if one.startswith(short)), short)
    try:
        frames = decoder.decode(characteristic, bytes.fromhex(spelt))
    except DecodeError as error:
        printed = expected[expected.index(line) + 1]
        return [printed] if f"refused {error}".startswith(printed) else [f"refused {error}"]
    return [text for frame in frames for text in _frame_lines(frame)]


def _frame_lines(frame: Frame) -> list[str]:
    time = "-" if frame.device_ns is None else frame.device_ns
    samples = [f"sample {' '.join(map(str, values))}" for values in frame.samples.tolist()]
    return [f"frame {frame.modality} lost {frame.n_lost} time {time}", *samples]


def _spelt(data: bytes) -> str:
    return data.hex(" ").upper()
