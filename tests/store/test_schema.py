"""The schema names what the points have, no more and no less."""

import re
from collections import defaultdict
from dataclasses import replace

from aquiver.store.mark_line import mark_line
from aquiver.store.point import line_of
from aquiver.store.schema import SCHEMA
from tests.dashboards.boards.history import history
from tests.samples import NOW_S, a_fault, a_note, a_notice, a_span, a_tally, a_trial, a_twitch, an_answer

RECORDS = [
    *(a_twitch(), a_span(), replace(a_tally(analysable_s=3000.0), n_large=2, zone="UTC"), a_notice(), a_note()),
    *(an_answer(), a_trial(), a_fault(until_s=NOW_S + 1)),
]


def test_every_tag_and_field_that_is_written_is_in_the_schema_and_no_other():
    told = history(n_detailed=1, n_beating=1)
    marks = [mark for of_wearer in told.marks.values() for mark in of_wearer]
    lines = [*map(line_of, RECORDS), *map(mark_line, [*marks, *told.band_marks()])]
    tags, fields = defaultdict(set), defaultdict(set)
    for line in lines:
        head, of_point, _ = re.sub(r'"(\\.|[^"\\])*"', '""', line.decode()).split(" ")
        name, *own = head.split(",")
        tags[name] |= {one.split("=")[0] for one in own}
        fields[name] |= {one.split("=")[0] for one in of_point.split(",")}
    assert dict(tags) == {name: set(columns.tags) for name, columns in SCHEMA.items()}
    assert dict(fields) == {name: set(columns.fields) for name, columns in SCHEMA.items()}
