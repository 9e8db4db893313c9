"""Banned words never reach a wearer, and no word is missing."""

import ast
import re
from pathlib import Path

import click
import pytest

from aquiver.__main__ import cli
from aquiver.model import BandState, FaultKind, Link, Modality, SpanReason, Subject
from dashboards import phrases
from dashboards.phrases import diary
from dashboards.phrases import faults as phrases_of_faults

BANNED = (
    *("normal", "abnormal", "benign", "danger", "risk", "worse", "better", "progress", "progression", "percentile"),
    *("all clear", "disease", "als", "mnd", "neuron", "sclerosis", "diagnosis", "patient", "healthy", "good", "bad"),
)
DASHBOARDS = Path(__file__).parents[2] / "dashboards"
SHOWN = sorted(DASHBOARDS.rglob("*.py"))
TEMPLATES = sorted(path for path in DASHBOARDS.rglob("*") if path.suffix in {".html", ".j2", ".typ", ".js", ".json"})


def texts_in(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def banned_in(text: str) -> list[str]:
    return [word for word in BANNED if re.search(rf"\b{word}\b", text, re.IGNORECASE)]


def helps(command: click.Command, name: str = "aquiver") -> list[tuple[str, str]]:
    """Give every help text of a command and those below it: a person's data is near all of them."""
    texts = [command.help or "", *(option.help or "" for option in command.params if isinstance(option, click.Option))]
    below = command.commands.items() if isinstance(command, click.Group) else ()
    return [(name, " ".join(texts)), *(one for key, sub in below for one in helps(sub, f"{name} {key}"))]


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(DASHBOARDS)))
def test_no_banned_word_stands_in_what_is_shown(path):
    for text in texts_in(path):
        assert not banned_in(text), text


def test_no_banned_word_stands_in_a_template_or_a_board():
    for path in TEMPLATES:
        shown = path.read_text().replace('"mode": "normal"', "")  # Grafana's word for bars on top of each other
        assert not banned_in(shown), path


@pytest.mark.parametrize(("name", "text"), helps(cli), ids=lambda value: value if "\n" not in value else "")
def test_no_banned_word_stands_in_a_help_text(name, text):
    assert not banned_in(text)


def test_the_search_would_find_a_banned_word(tmp_path):
    (tmp_path / "x.py").write_text('X = "This is not normal."')
    (text,) = texts_in(tmp_path / "x.py")
    assert re.search(r"\bnormal\b", text)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (phrases.TWITCHES, Modality),
        (phrases.STATES, BandState),
        (phrases.REASONS, SpanReason),
        (diary.NAMES, Subject),
        (phrases_of_faults.WHAT, FaultKind),
        (phrases_of_faults.ACTION, FaultKind),
        (phrases_of_faults.NAMES, FaultKind),
        (phrases_of_faults.LINKS, Link),
    ],
)
def test_every_value_has_its_words(words, kind):
    assert set(words) == set(kind)
