"""A life as parallel lines: time from left to right, one line until the paths part, then a lane for each regime.

Lines are an SVG that stretches; events are list items placed upon it, so that eyes and screen readers have the same list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from policysim.experiments.lives.words import date_of
from policysim.viz.app.lives.life import KINDS, Event, Lane, Telling
from policysim.viz.style import RegimeStyle
from policysim.vocabulary.time import WEEKS_PER_YEAR

WIDE = 960
"""Pixels that the lines have at least; a narrower window scrolls."""
LANE, EDGE, AXIS = 132, 14, 34
"""Pixels: height of a lane, free space above, height of the line of years."""
LETTER, LINE, MOST_LETTERS = 7.4, 21, 38
MARK, BEND, STEPS = 9, 18, 3
KIND_WORDS = {
    "life": "death", "overdose": "overdose, and who helped", "court": "court and prison", "care": "treatment", "use": "use",
    "police": "police", "help": "kits, rooms, outreach", "other": "work, home, family, all else",
}  # fmt: skip
SHAPES = {
    "life": ("M10 2a8 8 0 1 0 .001 0Z", "#FFFFFF", "#7A5195"),
    "overdose": ("M10 1 L19 17 H1Z M10 19 L1 3 H19Z", "#CC79A7", "#7A2E5B"),
    "court": ("M3 3H17V17H3Z", "#262626", "#262626"),
    "care": ("M10 1.5 L19 18 H1Z", "#009E73", "#00513B"),
    "use": ("M10 1 L19 10 L10 19 L1 10Z", "#D55E00", "#7A3600"),
    "police": ("M6 2H14L18.5 6V14L14 18H6L1.5 14V6Z", "#0072B2", "#00405F"),
    "help": ("M7.5 2H12.5V7.5H18V12.5H12.5V18H7.5V12.5H2V7.5H7.5Z", "#56B4E9", "#1F5F86"),
    "other": ("M10 4a6 6 0 1 0 .001 0Z", "#BDBDBD", "#595959"),
}
"""Shape, fill and border; the shape says what the colour says."""


@dataclass
class Canvas:
    """What is taken already, as boxes (left, top, right, bottom), so that no words cover others or a line."""

    width: float
    height: float
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def take(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Take a box if it is free and inside."""
        if left < 0 or top < 0 or right > self.width or bottom > self.height:
            return False
        if any(left < r and l < right and top < b and t < bottom for l, t, r, b in self.boxes):  # noqa: E741
            return False
        self.boxes.append((left, top, right, bottom))
        return True


@dataclass(frozen=True)
class Layout:
    """Where the lines run, in pixels from above, and over which weeks."""

    weeks: int
    start_year: int
    shared: float
    lanes: tuple[float, ...]
    parts: int | None
    """The first week in which any two paths part."""

    @property
    def height(self) -> float:
        """Of all lanes."""
        return EDGE + LANE * max(len(self.lanes), 1)

    def x(self, week: float) -> float:
        """In pixels of the least width."""
        return week / self.weeks * WIDE


def layout(told: Telling, weeks: int, start_year: int) -> Layout:
    """A lane for each way in which the life goes."""
    lanes = tuple(EDGE + LANE * (k + 0.5) for k in range(len(told.lanes)))
    parts = min((lane.parts for lane in told.lanes if lane.parts is not None), default=None)
    return Layout(weeks, start_year, sum(lanes) / len(lanes), lanes, parts)


def life_drawn(
    told: Telling, weeks: int, start_year: int, names: Mapping[str, str], styles: Mapping[str, RegimeStyle]
) -> str:
    """The whole drawing as HTML."""
    plan = layout(told, weeks, start_year)
    canvas = Canvas(WIDE, plan.height)
    lines = [_line(plan, lane, k, styles) for k, lane in enumerate(told.lanes)]
    for k, lane in enumerate(told.lanes):
        start = plan.x(lane.parts or plan.parts or 0)
        canvas.boxes.append((start, plan.lanes[k] - MARK, plan.x(lane.last + 1) - 1, plan.lanes[k] + MARK))
        if lane.parts is not None and lane.parts != plan.parts:  # on its way from the first lane
            canvas.boxes.append((start - 2, plan.lanes[0], start + BEND, plan.lanes[k]))
    before = plan.weeks if plan.parts is None else plan.parts
    canvas.boxes.append((0, plan.shared - MARK, plan.x(min(before, told.lanes[0].last + 1)), plan.shared + MARK))
    if plan.parts is not None:  # words of the shared past end where the paths part
        canvas.boxes.append((plan.x(plan.parts) - 1, 0, plan.x(plan.parts) + 12, plan.height))
    lists = [_list("The shared past", [e for e in told.lanes[0].events if e.week < before], plan, plan.shared, canvas)]
    if plan.parts is not None:
        for k, lane in enumerate(told.lanes):
            title = " and ".join(names[one] for one in lane.regimes)
            lists.append(
                _list(title, [e for e in lane.events if e.week >= (lane.parts or before)], plan, plan.lanes[k], canvas)
            )
    ends = "".join(_end(lane, names, styles) for lane in told.lanes)
    return (
        '<p class="ps-push" aria-hidden="true">Push the drawing sideways to see how it goes on.</p>'
        '<div class="ps-life-scroll" tabindex="0" role="region" aria-label="The life as lines, time from left to right">'
        f'<div class="ps-life-chart"><div class="ps-life-lines" style="height:{plan.height:.0f}px">'
        f'<svg viewBox="0 0 {WIDE} {plan.height:.0f}" preserveAspectRatio="none" aria-hidden="true">{_years(plan)}'
        f"{_shared(plan, told, styles)}{''.join(lines)}</svg>{''.join(lists)}</div>"
        f'<div class="ps-life-ends" style="height:{plan.height:.0f}px">{ends}</div>{_axis(plan)}</div></div>'
    )


def _years(plan: Layout) -> str:
    grid = "".join(
        f'<line x1="{plan.x(week):.1f}" x2="{plan.x(week):.1f}" y1="0" y2="{plan.height:.0f}" stroke="#E4E4E4"/>'
        for week in range(0, plan.weeks + 1, WEEKS_PER_YEAR)
    )
    if plan.parts is None:
        return grid
    x = plan.x(plan.parts)
    return (
        grid
        + f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{plan.height:.0f}" stroke="#262626" stroke-dasharray="4 4"/>'
    )


def _shared(plan: Layout, told: Telling, styles: Mapping[str, RegimeStyle]) -> str:
    end = plan.parts if plan.parts is not None else told.lanes[0].last + 1
    return (
        f'<path d="M0 {plan.shared:.1f}H{plan.x(end):.1f}" stroke="#3D3D3D" stroke-width="6" fill="none" '
        'vector-effect="non-scaling-stroke"/>'
    )


def _line(plan: Layout, lane: Lane, k: int, styles: Mapping[str, RegimeStyle]) -> str:
    """A lane from where it leaves the shared past, or later the first lane, to its end."""
    if plan.parts is None:
        return ""
    start = plan.parts if lane.parts is None else lane.parts
    y0 = plan.shared if start == plan.parts else plan.lanes[0]
    x, y, end = plan.x(start), plan.lanes[k], plan.x(lane.last + 1)
    style = styles[lane.regimes[0]]
    dash = style.dash if isinstance(style.dash, str) else " ".join(f"{3 * length:g}" for length in style.dash[1])
    dashes = "" if dash == "solid" else f' stroke-dasharray="{dash}"'
    bend = min(x + BEND, max(end, x + 1))
    return (
        f'<path d="M{x:.1f} {y0:.1f}C{x + 9:.1f} {y0:.1f} {x + 9:.1f} {y:.1f} {bend:.1f} {y:.1f}H{max(end, bend):.1f}" '
        f'stroke="{style.colour}" stroke-width="6" fill="none" vector-effect="non-scaling-stroke"{dashes}/>'
    )


def shape(kind: str) -> str:
    """The mark of a kind of event."""
    path, fill, border = SHAPES[kind]
    return (
        f'<svg class="ps-life-mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="{path}" '
        f'fill="{fill}" stroke="{border}" stroke-width="1.5"/></svg>'
    )


def _list(title: str, events: list[Event], plan: Layout, y: float, canvas: Canvas) -> str:
    """Events on their line, the gravest given room for their words first."""
    order = [*KINDS, "other"]
    spots: dict[int, str] = {}
    for event in sorted(events, key=lambda one: (order.index(one.kind), one.week)):
        spots[event.week] = _words(event, plan, y, canvas)
    items = "".join(_item(event, plan, y, spots[event.week]) for event in events)
    return f'<ol class="ps-life-events" aria-label="{escape(title)}">{items}</ol>' if items else ""


def _item(event: Event, plan: Layout, y: float, words: str) -> str:
    """An event: its mark, what a screen reader says, and its words where there is room for them."""
    said = escape(f"{when(event.week, plan.start_year)}: {event.words}")
    spot = f"left:{event.week / plan.weeks * 100:.2f}%;top:{y:.0f}px"
    return f'<li style="{spot}" title="{said}">{shape(event.kind)}<span class="ps-life-said">{said}</span>{words}</li>'


def _words(event: Event, plan: Layout, y: float, canvas: Canvas) -> str:
    """The words of an event where there is room near its mark; what finds none stands in the table."""
    text = short(event.words)
    width, x = len(text) * LETTER + 6, plan.x(event.week)
    alone = plan.parts is None or event.week < plan.parts
    for step in range(int(plan.height // LINE) if alone else STEPS):
        for far in (13 + LINE * step, -13 - LINE * step):
            top = y + far if far > 0 else y + far - LINE + 3
            for side, left in (("left", x - 5), ("right", x - width + 5)):
                if canvas.take(left, top, left + width, top + LINE - 1):
                    return _placed(text, top - y, side, far if step else 0)
    return ""


def _placed(text: str, top: float, side: str, far: float) -> str:
    """Words at so many pixels from their line, and a stem to them where they are far."""
    stem = f'<i class="ps-life-stem" style="top:{min(far, 0):.0f}px;height:{abs(far):.0f}px"></i>' if far else ""
    return f'{stem}<span class="ps-life-words" aria-hidden="true" style="top:{top:.0f}px;{side}:-5px">{escape(text)}</span>'


def short(text: str) -> str:
    """The first thing that happened, and that there was more."""
    first, *rest = text.split("; ")
    first = first if len(first) <= MOST_LETTERS else first[: MOST_LETTERS - 1].rsplit(" ", 1)[0] + " …"
    return first + (" +" + str(len(rest)) if rest else "")


def when(week: int, start_year: int) -> str:
    """The month in which a week of the run begins: `Mar 2027`."""
    return f"{date_of(week, start_year):%b %Y}"


def _end(lane: Lane, names: Mapping[str, str], styles: Mapping[str, RegimeStyle]) -> str:
    said = [f'<strong style="color:{styles[one].ink}">{escape(names[one])}</strong>' for one in lane.regimes]
    return f'<div class="ps-life-end" style="height:{LANE}px"><p>{", ".join(said)}</p><p>{escape(lane.end)}</p></div>'


def _axis(plan: Layout) -> str:
    years = plan.weeks // WEEKS_PER_YEAR
    ticks = "".join(f'<span style="left:{k / years * 100:.2f}%">{plan.start_year + k}</span>' for k in range(years))
    return f'<div class="ps-life-axis" aria-hidden="true" style="height:{AXIS}px">{ticks}</div>'


def key() -> str:
    """What the marks mean."""
    items = "".join(f"<li>{shape(kind)}{escape(words)}</li>" for kind, words in KIND_WORDS.items())
    return f'<ul class="ps-life-key" aria-label="Marks">{items}</ul>'


def rows(told: Telling, start_year: int) -> list[list[str]]:
    """Week by week under each regime, for a table; cells are HTML."""
    by_lane = [{event.week: event.words for event in lane.events} for lane in told.lanes]
    found = []
    for week in sorted({week for lane in by_lane for week in lane}):
        cells = [
            escape(events.get(week, "nothing" if week <= lane.last else ""))
            for events, lane in zip(by_lane, told.lanes, strict=True)
        ]
        found.append([when(week, start_year), *cells])
    return found
