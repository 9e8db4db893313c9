"""Judge the detector: python -m tests.accuracy --help."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from tests.accuracy.cases import CASES
from tests.accuracy.curve import curve
from tests.accuracy.page import page
from tests.accuracy.report import as_json, lines
from tests.accuracy.results import run
from tests.accuracy.seeds import TEST_SEEDS, TUNING_SEEDS

_SETS = {"tuning": TUNING_SEEDS, "test": TEST_SEEDS}


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--seeds", default="tuning", show_default=True, help="tuning, test, or names of tuning seeds: alder,birch."
)
@click.option("--only", multiple=True, metavar="WORDS", help="Cases whose name or group holds this; may be repeated.")
@click.option("--curve", "with_curve", is_flag=True, help="Also the curve of sensitivity over false alarms.")
@click.option("--json", "as_json_", is_flag=True, help="Print JSON instead of tables.")
@click.option("--page", "page_", type=click.Path(path_type=Path, dir_okay=False), help="Write the page of a release.")
@click.option("--list", "list_", is_flag=True, help="List the cases, by group.")
def main(seeds: str, only: Sequence[str], *, with_curve: bool, as_json_: bool, page_: Path | None, list_: bool) -> None:
    """Run the cases of the evaluation protocol on a set of seeds, and print what the detector made of them.

    \b
    python -m tests.accuracy --only "low trains" --seeds alder        seconds: for tuning
    python -m tests.accuracy --only "all zero" --only "all ten"       two groups
    python -m tests.accuracy --seeds test --page docs/accuracy.md     once per release
    """
    chosen = [
        case for case in CASES if not only or any(word in (case.name, case.group) or word in case.name for word in only)
    ]
    if not chosen:
        raise click.UsageError(f"no case is named like {', '.join(only)}; --list names them")
    if list_:
        click.echo("\n".join(f"{case.group:15} {case.name}" for case in chosen))
        return
    names = _SETS.get(seeds) or tuple(seeds.split(","))
    unknown = [name for name in names if name not in TUNING_SEEDS + TEST_SEEDS]
    if unknown:
        raise click.UsageError(f"no seed is named {', '.join(unknown)}; there are {', '.join(TUNING_SEEDS)}")
    results = run(chosen, names)
    points = curve(names) if with_curve or page_ else []
    if page_ is not None:
        page_.write_text(page(results, names, points))
    click.echo(json.dumps(as_json(results, points), indent=1) if as_json_ else "\n".join(lines(results, points)))


if __name__ == "__main__":
    main()
