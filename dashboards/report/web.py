"""The page as HTML: one file that asks nothing of any network; tables and drawings speak to a screen reader, too."""

from collections.abc import Iterable, Iterator
from html import escape

from dashboards.report.content import HEADINGS, Content, Drawing, Grid

_STYLE = """
body { margin: 2rem auto; max-width: 58rem; padding: 0 1rem; color: #1a1a1a; background: #fff;
  font: 1rem/1.45 "Libertinus Serif", Charter, Georgia, serif; }
h1 { font-weight: 400; font-size: 1.9rem; margin: 0 0 .2rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; }
p { margin: .3rem 0; }
.soft, figcaption, caption { color: #595959; font-size: .9rem; text-align: left; }
figure { margin: .5rem 0; overflow-x: auto; }
figure svg { width: 100%; height: auto; min-width: 30rem; }
figure.body svg { max-width: 24rem; min-width: 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; border-top: 1px solid #8c8c8c; }
caption { padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem .7rem .2rem 0; font-weight: 400; }
thead th { color: #595959; border-bottom: 1px solid #8c8c8c; }
tbody th { font-weight: bold; }
table { border-bottom: 1px solid #8c8c8c; }
@media print { body { margin: 0; max-width: none; } section { break-inside: avoid; } }
"""


def write_page(content: Content) -> str:
    """Give the page as one HTML file."""
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{escape(content.title)}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            "<header>",
            f"<h1>{escape(content.title)}</h1>",
            f"<p>{escape(content.subtitle)}</p>",
            f'<p class="soft">{escape(content.lead)}</p>',
            "</header>",
            "<main>",
            *_main(content),
            "</main>",
            f'<footer><p class="soft">{escape(content.made_by)}</p></footer>',
            "</body>",
            "</html>",
            "",
        )
    )


def _main(content: Content) -> Iterator[str]:
    yield from _section("in_short", _lines(content.summary))
    yield from _section("where", _figure(content.body, "", "body"))
    yield from _section("worn", _table(content.worn, HEADINGS["worn"]))
    yield from _section("nights", _figure(content.nights, HEADINGS["nights_note"]))
    yield from _section("order", [*_figure(content.order, HEADINGS["order_note"]), *_lines(content.order_lines)])
    yield from _section("symptoms", _table(content.symptoms, HEADINGS["symptoms"]))
    yield from _section("diary", _table(content.diary, HEADINGS["diary"]))
    yield from _section("waves", _figure(content.waves, HEADINGS["waves_note"]))
    yield from _section("method", _lines(content.method))
    yield from _section("limits", _lines(content.limits))
    yield from _section("card", _lines(content.card))


def _section(name: str, inside: Iterable[str]) -> Iterator[str]:
    yield f'<section aria-labelledby="{name}">'
    yield f'<h2 id="{name}">{escape(HEADINGS[name])}</h2>'
    yield from inside
    yield "</section>"


def _lines(lines: Iterable[str]) -> Iterator[str]:
    return (f"<p>{escape(words)}</p>" for words in lines)


def _figure(drawing: Drawing, caption: str, kind: str = "chart") -> Iterator[str]:
    yield f'<figure class="{kind}" tabindex="0" aria-label="{escape(drawing.alt)}">{drawing.svg}'
    yield f"<figcaption>{escape(caption)}</figcaption></figure>" if caption else "</figure>"


def _table(grid: Grid, caption: str) -> Iterator[str]:
    if not grid.rows:
        yield f"<p>{escape(grid.empty)}</p>"
        return
    yield f'<div class="wide" tabindex="0" role="group" aria-label="{escape(caption)}"><table>'
    yield f"<caption>{escape(caption)}</caption>"
    yield "<thead><tr>" + "".join(f'<th scope="col">{escape(name)}</th>' for name in grid.columns) + "</tr></thead>"
    yield "<tbody>"
    for first, *others in grid.rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in others)
        yield f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'
    yield "</tbody></table></div>"
