"""Banned words never reach a wearer, and no word is missing."""

import ast
import re
from pathlib import Path

import pytest

from aquiver.model import BandState, FaultKind, Link, Modality, SpanReason
from dashboards import phrases, phrases_faults

BANNED = (
    *("normal", "abnormal", "benign", "danger", "risk", "worse", "better", "progress", "progression", "percentile"),
    *("all clear", "disease", "als", "mnd", "neuron", "sclerosis", "diagnosis", "patient", "healthy", "good", "bad"),
)
SHOWN = sorted((Path(__file__).parents[2] / "dashboards").glob("*.py"))


def texts_in(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_no_banned_word_stands_in_what_is_shown(path):
    for text in texts_in(path):
        for word in BANNED:
            assert not re.search(rf"\b{word}\b", text, re.IGNORECASE), f"{word!r} in {text!r}"


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
        (phrases_faults.WHAT, FaultKind),
        (phrases_faults.ACTION, FaultKind),
        (phrases_faults.NAMES, FaultKind),
        (phrases_faults.LINKS, Link),
    ],
)
def test_every_value_has_its_words(words, kind):
    assert set(words) == set(kind)
