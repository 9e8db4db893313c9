"""SVG: a few shapes as text. One unit is one point; every drawing is as wide as the page's text.

The same drawing goes into the PDF and into the HTML. Greys and blues differ in lightness, so they survive a copier.
"""

from collections.abc import Iterable, Sequence
from html import escape

WIDTH = 504.0  # 178 mm: both paper sizes hold it
FONT = "Libertinus Serif"
INK = "#1a1a1a"
SOFT = "#595959"  # 7:1 on white
RULE = "#8c8c8c"
UNMEASURED = "#dedede"
PALE = "#a9c1d9"
DEEP = "#123a5f"


def drawing(width: float, height: float, alt: str, shapes: Iterable[str]) -> str:
    """Give a whole drawing; ``alt`` says what it shows to those who do not see it."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}" width="{width:.1f}" height="{height:.1f}"'
    face = f'font-family="{FONT}, Georgia, serif" font-size="8"'
    return f'{head} {face} role="img" aria-label="{escape(alt)}">{"".join(shapes)}</svg>'


def text(
    x: float, y: float, words: str, *, size: float = 8.0, anchor: str = "start", fill: str = INK, bold: bool = False
) -> str:
    """Write words; ``y`` is their baseline."""
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}"{weight}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, *, stroke: str = RULE, width: float = 0.5, dash: str = "") -> str:
    """Draw a line."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}" stroke="{stroke}" stroke-width="{width}"{dashes}/>'


def rect(
    x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "none", radius: float = 0.0
) -> str:
    """Draw a rectangle."""
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" rx="{radius}" fill="{fill}" stroke="{stroke}" stroke-width="0.5"/>'


def circle(x: float, y: float, radius: float, *, fill: str, stroke: str = "none") -> str:
    """Draw a circle."""
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius}" fill="{fill}" stroke="{stroke}" stroke-width="0.7"/>'


def limb(points: Sequence[tuple[float, float]], width: float, *, stroke: str) -> str:
    """Draw a thick line with round ends."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{width}" stroke-linecap="round"/>'


def trace(points: Iterable[tuple[float, float]], *, width: float = 0.7, dash: str = "") -> str:
    """Draw a thin line through points."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    path = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{INK}" stroke-width="{width}" stroke-linejoin="round"{dashes}/>'
    )
