"""Small plots as SVG text: bars with their range, and lines on logarithmic axes.

Colours are distinguishable for the colour-blind and ours is always the first; every series is
labelled where it is, so that no legend is needed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

OURS = "#0072b2"
OTHERS = ("#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999")
_INK, _GRID, _FAINT = "#222222", "#dddddd", "#666666"
_WIDTH = 760
_CHAR = 6.6  # mean width of a letter at 12 px


@dataclass(frozen=True)
class Bar:
    """One measured thing: its median and range; `note` stands behind the bar."""

    label: str
    value: float
    low: float
    high: float
    note: str
    ours: bool = False


@dataclass(frozen=True)
class Series:
    """A named line through (x, y) points, both positive."""

    name: str
    points: Sequence[tuple[float, float]]
    ours: bool = False
    dashed: bool = False


def bar_chart(title: str, subtitle: str, axis: str, bars: Sequence[Bar]) -> str:
    """Horizontal bars from zero, medians with a line from the least to the largest run."""
    left = 24 + _CHAR * max(len(bar.label) for bar in bars)
    right, top, step = _WIDTH - 30 - _CHAR * max(len(b.note) for b in bars), 64, 30
    ticks = linear_ticks(max(bar.high for bar in bars))
    scale = (right - left) / ticks[-1]
    bottom = top + step * len(bars) + 6
    parts = _head(title, subtitle, bottom + 44)
    for tick in ticks:
        x = left + scale * tick
        parts += [_line(x, top - 6, x, bottom), _text(x, bottom + 16, f"{tick:g}", "middle")]
    parts.append(_text((left + right) / 2, bottom + 34, axis, "middle"))
    for row, bar in enumerate(bars):
        y, colour = top + step * row, OURS if bar.ours else OTHERS[0]
        width = max(1.0, scale * bar.value)
        parts += [
            f'<rect x="{left:.1f}" y="{y + 3}" width="{width:.1f}" height="18" fill="{colour}"/>',
            _line(left + scale * bar.low, y + 12, left + scale * bar.high, y + 12, _INK, 2),
            _text(left - 8, y + 16, bar.label, "end"),
            _text(left + scale * max(bar.value, bar.high) + 8, y + 16, bar.note),
        ]
    return _finish(parts)


def line_chart(
    title: str, subtitle: str, x_axis: str, y_axis: str, series: Sequence[Series]
) -> str:
    """Lines over powers of two against seconds, both axes logarithmic."""
    left, right, top, bottom = 74, _WIDTH - 30 - _CHAR * max(len(s.name) for s in series), 64, 420
    xs = [x for s in series for x, _ in s.points]
    ys = [y for s in series for _, y in s.points]
    x_ticks = [float(2**k) for k in range(round(math.log2(min(xs))), round(math.log2(max(xs))) + 1)]
    y_ticks = logarithmic_ticks(min(ys), max(ys))
    x_low, x_high = min(*xs, x_ticks[0]), max(*xs, x_ticks[-1])

    def x_at(x: float) -> float:
        return left + (right - left) * _share(x, x_low, x_high)

    def y_at(y: float) -> float:
        return bottom - (bottom - top) * _share(y, y_ticks[0], y_ticks[-1])

    parts = _head(title, subtitle, bottom + 48)
    for tick in x_ticks:
        parts.append(_line(x_at(tick), top, x_at(tick), bottom))
        power = f'2<tspan dy="-5" font-size="9">{round(math.log2(tick))}</tspan>'
        parts.append(_text(x_at(tick), bottom + 16, power, "middle", markup=True))
    for tick in y_ticks:
        parts.append(_line(left, y_at(tick), right, y_at(tick)))
        parts.append(_text(left - 8, y_at(tick) + 4, f"{tick:g}", "end"))
    parts.append(_text((left + right) / 2, bottom + 36, x_axis, "middle"))
    turn = f'transform="rotate(-90 18 {(top + bottom) / 2:.1f})"'
    parts.append(_text(18, (top + bottom) / 2, y_axis, "middle", turn))
    colours = iter(OTHERS * (len(series) // len(OTHERS) + 1))
    label_ys: list[float] = []
    for one in sorted(series, key=lambda s: -s.points[-1][1]):
        colour = OURS if one.ours else next(colours)
        label_y = max([y_at(one.points[-1][1]) + 4, *(y + 14 for y in label_ys[-1:])])
        label_ys.append(label_y)
        places = [(x_at(x), y_at(y)) for x, y in one.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dash = ' stroke-dasharray="5 4"' if one.dashed else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
        )
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        parts.append(_text(places[-1][0] + 8, label_y, one.name, colour=colour))
    return _finish(parts)


def linear_ticks(largest: float) -> list[float]:
    """From 0 in steps of 1, 2 or 5 times a power of ten, to the first that covers the largest."""
    rough = max(largest, 1e-9) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    return [i * step for i in range(math.ceil(largest / step - 1e-9) + 1)]


def logarithmic_ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten from just below `low` to just above `high`."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = [m * 10.0**p for p in powers for m in (1, 2, 5)]
    first = max(i for i, s in enumerate(steps) if s <= low * (1 + 1e-9))
    last = min(i for i, s in enumerate(steps) if s >= high * (1 - 1e-9))
    return steps[first : max(last, first + 1) + 1]


def _share(value: float, low: float, high: float) -> float:
    return math.log(value / low) / math.log(high / low) if high > low else 0.5


def _head(title: str, subtitle: str, height: float) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height:.0f}"'
        f' viewBox="0 0 {_WIDTH} {height:.0f}" font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{height:.0f}" fill="#ffffff"/>',
        _text(16, 24, title, more='font-size="16" font-weight="bold"'),
        _text(16, 42, subtitle, more='font-size="10"', colour=_FAINT),
    ]


def _finish(parts: list[str]) -> str:
    return "\n".join([*parts, "</svg>"]) + "\n"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str = _GRID, width: float = 1) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"/>'


def _text(
    x: float,
    y: float,
    text: str,
    anchor: str = "start",
    more: str = "",
    *,
    colour: str = _INK,
    markup: bool = False,
) -> str:
    inner = text if markup else escape(text)
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} fill="{colour}" {more}>{inner}</text>'
