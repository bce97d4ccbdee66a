"""The timeline: dated statements with the uncertainty of their dates, one by one or by density."""

import re
import textwrap
from calendar import month_name
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..corpus.edtf import decimal_year, edtf_bounds
from ..errors import NothingToDraw, check_whole, counted, require_columns
from . import figure
from .figure import BLUE, GREY, RED, chart, drawable, is_for_phone, listed, shortened

MOST_LANES = 12
FEWEST_IN_LANE = 20  # statements: the shares of fewer would be the darkest
NARROW = 0.004  # of the width of the chart: narrower than its end ticks
MARKS = (
    "◆ a day · ├─┤ from its earliest to its latest day · fading: approximate, early or late"
    " · hollow: uncertain or hypothetical · → open end · ◂ ▸ beyond the axis"
)
NO_LANE = "none named"
AN_INCH = 15  # characters of a label
MOST_BEYOND = 4  # lines for dates beyond the axis, on each side
MONTHS = {f"{number:02d}": name for number, name in enumerate(month_name) if name}
MONTHS |= {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}


@chart
def plot_timeline(
    events: pd.DataFrame, top: int = 40, by: str | None = None, names: Mapping[str, str] | None = None
):
    """Draw dated statements in time: one line each up to `top` of them, for more how many date each year.

    Takes edtf, earliest, latest, and for the labels head, actors, modality, label and text, where they are
    there: when, who, what, and whether it is planned or hypothetical. Statements of the same day or days that
    share an actor or a word of the head stand in one line. A density counts neither decades and centuries nor
    dates that are a part of a name (date_kind), and says how many; with the column year, in which a statement
    was made, it shows those years beside the years spoken of. `by` is a column of lanes: actors (a statement
    stands in the lane of each), modality, doc_id, ... ; the 12 largest are drawn, in a density those of 20
    statements or more; year is put together to periods. `names` gives the names to write instead of ids.

    A day is a diamond; anything longer a bar with ticks from its earliest to its latest day; a bar that fades
    is approximate, early or late (edtf with ~, or bounds narrower than those of edtf); a hollow mark is
    uncertain (?) or hypothetical; an arrow has no end. Dates far from the others stand at the edge.
    """
    check_whole(top, "top", 0)
    if events.empty:
        raise NothingToDraw("plot_timeline: no dated statement was found, so there is nothing to draw")
    require_columns(events, "edtf", "earliest", "latest", *([by] if by else []))
    if by in events and events[by].astype(str).nunique() < 2:
        by = None  # one lane parts nothing
    for column in ("actors", by or ""):
        if names and column in events:
            ids = [str(value).split(";") for value in events[column]]
            named = [";".join(names.get(id, id) for id in each) for each in ids]
            events = events.assign(**{column: named})
    near, far = _near_and_far(events)
    outside = list(dict.fromkeys(map(in_words, far.itertuples())))
    one_by_one = len(near) <= top
    near, apart = (near, "") if one_by_one else _countable(near)
    text = f"Timeline of {counted(len(near), 'dated statement')} from {_end(near, 0)} to {_end(near, -1)}"
    notes = []
    if outside:
        text += f", and {len(far)} outside this window ({listed(outside)})"
    if outside and (by or not one_by_one):  # else they are drawn at the edge
        beyond = listed(outside, most=6)
        notes.append(f"Outside this window: {beyond} ({len(far):,} of {len(events):,})")
    if one_by_one:
        notes.append(MARKS)
        labels = [_event_label([row], 80) for row in near.itertuples()]
        text += f": {listed(labels, '; ', 12)}"
        wanted = ["edtf", "earliest", "latest", "precision", "modality", "doc_id", "actors"]
        table = near[[column for column in wanted if column in near]]
        ax = _marks(near, far.iloc[:0] if by else far, by)
    else:
        notes += [f"Not counted: {apart}"] if apart else []
        counts, unit = _counts(near)
        since = "decade from" if unit == "decade" else "year"
        text += f". Most of them date the {since} {counts.idxmax()} ({counts.max():,})"
        if "year" in near:
            notes.append("Grey line: the years in which the statements were made")
        lanes = _lanes(near, by) if by else []
        kept = [lane for lane in lanes if len(lane[1]) >= FEWEST_IN_LANE and lane[0] != NO_LANE]
        if by:
            outlined = "; outlined: when they were made" if by == "year" else ""
            notes.append(f"Lanes: the darker, the larger the share of the lane's statements{outlined}")
            text += f". By {by}: {listed([f'{name} {len(lane):,}' for name, lane in lanes])}"
        left = len(near) - len({row for _, lane in kept for row in lane.index})
        if left and by and by != "year":
            which = f"{NO_LANE}, or of lanes under {FEWEST_IN_LANE}"
            notes.append(f"Without a lane: {left:,} statements ({which})")
        table = counts.set_axis(counts.index.astype(str)).rename_axis(unit).reset_index(name="statements")
        ax = _density(near, by, kept, counts, unit)
    figure.set_xlabel(ax, "\n".join(notes))
    return figure.describe(ax, text.rstrip(".") + ".", table)


def _end(events: pd.DataFrame, place: int) -> str:
    """The first or last date after "from" or "to": "1998", "the early 1990s"."""
    date = re.sub("^(until|since) ", "", in_words(events.iloc[place]))
    return f"the {date}" if re.search(r"\d0s$|century$", date) else date


def _countable(events: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The statements that belong to a year, and how many others there are of which kind."""
    kinds = events["date_kind"] if "date_kind" in events else pd.Series("", events.index)
    parts = {"period": "decades and centuries", "name": "dates that are a part of a name"}
    said = [f"{(kinds == kind).sum():,} {words}" for kind, words in parts.items() if (kinds == kind).any()]
    kept = events[~kinds.isin(list(parts))]
    return (events, "") if kept.empty else (kept, " and ".join(said))


def _near_and_far(events: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The statements near the others, and those more than six median deviations and 60 years away.

    In order of time, with begin and finish as decimal years; of an open one both are the end that is known.
    """
    bounds = list(zip(events["earliest"], events["latest"], strict=True))
    begin, finish = [decimal_year(a or b) for a, b in bounds], [decimal_year(b or a) for a, b in bounds]
    known = events.assign(begin=begin, finish=finish)
    order = [name for name in ("begin", "finish", "doc_id", "start") if name in known]
    known = known.sort_values(order, kind="stable", ignore_index=True)
    middle = (known["begin"] + known["finish"]) / 2
    distance = (middle - middle.median()).abs()
    near = distance <= max(6 * distance.median(), 60)
    return known[near], known[~near]


def _lanes(events: pd.DataFrame, by: str | None) -> list[tuple[str, pd.DataFrame]]:
    """The statements lane by lane, the fullest first; without lanes, all in one."""
    if by is None:
        return [("", events)]
    if by == "year":  # the time of speaking, in periods of equal length
        years = pd.to_numeric(events["year"], errors="coerce")
        first, last = int(years.min()), int(years.max())
        step = -(-(last - first + 1) // MOST_LANES)
        periods = [(begin, min(begin + step - 1, last)) for begin in range(first, last + 1, step)]
        return [(f"{a}–{b}" if a < b else str(a), events[years.between(a, b)]) for a, b in periods]
    values = events[by].astype(str).replace({"": NO_LANE, "nan": NO_LANE})
    long = events.assign(lane=values.str.split(";")).explode("lane")
    sizes = long["lane"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return [(name, long[long["lane"] == name]) for name in sizes.index[:MOST_LANES]]


def _lines(events: pd.DataFrame) -> list[list]:
    """The statements line by line: those of the same days on one thing together."""
    lines: list[list] = []
    for row in events.itertuples():
        days, about = (row.earliest, row.latest), _about(row)
        same = [line for line in lines if (line[0].earliest, line[0].latest) == days]
        same = [line for line in same if any(about & _about(other) for other in line)]
        if same and row.finish - row.begin < 0.1:
            same[-1].append(row)
        else:
            lines.append([row])
    return lines


def _about(row) -> set[str]:
    """Actors, and the words of the head."""
    actors = set(filter(None, str(getattr(row, "actors", "")).split(";")))
    return actors | set(re.findall(r"[^\W\d_]{4,}", str(getattr(row, "head", "")).lower()))


def _marks(events: pd.DataFrame, far: pd.DataFrame, by: str | None):
    """A line for each statement, with its label; a lane has its name above it."""
    lanes = [(name, _lines(lane)) for name, lane in _lanes(events, by)]
    middle = events["begin"].median()
    before = _lines(far[far["begin"] < middle])[-MOST_BEYOND:]
    after = _lines(far[far["begin"] >= middle])[:MOST_BEYOND]
    rows = sum(len(lane) for _, lane in lanes) + len(lanes) * (by is not None) + len(before) + len(after)
    ax = figure.new_axes(width=8.4, height=1.2 + min(0.36 if is_for_phone() else 0.25, 13 / rows) * rows)
    first, last = events["begin"].min(), events["finish"].max()
    width = max(last - first, 0.1)
    end = 4.0 if is_for_phone() else 2.5  # of that width: where the labels end
    level = 0.0
    for line in before:
        _beyond(ax, line, level, first - width * 0.03, "◂")
        level -= 1
    for name, lane in lanes:
        if by is not None:
            name = shortened(drawable(name), 36) if is_for_phone() else name
            heading = {"fontsize": 8.5, "fontweight": "bold", "va": "center"}
            ax.text(first - width * 0.04, level, f"{name} (n = {sum(map(len, lane))})", **heading)
            ax.axhline(level + 0.55, color="#d1d5db", linewidth=0.6)
            level -= 1
        for line in lane:
            row = line[0]
            _mark(ax, row, level, width)
            at = row.finish + width * (0.06 if not row.latest else 0)
            share = (first + end * width - at) / (width * (end + 0.05))
            label = _fitting(line, int((share * ax.figure.get_figwidth() - 0.15) * AN_INCH))
            ax.annotate(label, (at, level), (7, 0), textcoords="offset points", va="center", fontsize=8)
            level -= 1
    for line in after:
        _beyond(ax, line, level, last, "▸")
        level -= 1
    ax.set_xlim(first - width * 0.05, first + width * end)
    ax.set_ylim(level + 0.4, 0.8)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    _time_axis(ax, first, last)
    n = counted(len(events) + len(far), "dated statement")
    figure.set_title(ax, f"{n}{f' by {by}' if by else ''}: when, who, what")
    return ax


def _beyond(ax, line: list, level: float, at: float, sign: str) -> None:
    """A line at the edge, for a date beyond the axis."""
    room = int(ax.figure.get_figwidth() * AN_INCH * (0.5 if sign == "▸" else 0.9))
    ax.text(at, level, f"{sign} {_fitting(line, room)}", va="center", fontsize=8)


def _fitting(line: list, room: int) -> str:
    """The label of a line; on a phone it may take two lines of so many characters."""
    if not is_for_phone():
        return _event_label(line, room)
    label = drawable(_event_label(line, 2 * room - 8))
    return "\n".join(textwrap.wrap(label, room, max_lines=2, placeholder="…"))


def _mark(ax, row, level: float, width: float) -> None:
    """One statement: diamond, bar, fading bar, hollow or with an arrow."""
    hollow = "?" in row.edtf or "%" in row.edtf or getattr(row, "modality", "") == "hypothetical"
    span, levels, bar = [row.begin, row.finish], [level] * 2, {"color": BLUE, "solid_capstyle": "butt"}
    if not row.earliest or not row.latest:
        ax.plot(row.begin, level, "|", color=BLUE, markersize=9, markeredgewidth=2)
    elif row.earliest == row.latest:
        ax.plot(row.begin, level, "D", color=BLUE, markerfacecolor="white" if hollow else BLUE, markersize=5)
    elif (fading := _fading(row)) and row.finish - row.begin > NARROW * width:
        steps = np.linspace(row.begin, row.finish, 25)
        for left, right, share in zip(steps[:-1], steps[1:], np.linspace(0, 1, 24), strict=True):
            alpha = {"both": 1 - abs(2 * share - 1), "early": 1 - share, "late": share}[fading]
            ax.plot([left, right], levels, "-", **bar, linewidth=5, alpha=0.08 + 0.92 * alpha)
    else:
        ax.plot(span, levels, "|-", **bar, linewidth=4, markersize=8)
        if hollow:
            ax.plot(span, levels, "-", **bar | {"color": "white"}, linewidth=2)
    arrow = {"arrowstyle": "->", "color": BLUE, "linewidth": 1.4}
    for is_open, at, side in ((not row.latest, row.finish, 1), (not row.earliest, row.begin, -1)):
        if is_open:
            ax.annotate("", (at + side * width * 0.05, level), (at, level), arrowprops=arrow)


def _fading(row) -> str:
    """ "both" for an approximate date, "early" or "late" where the bounds are a part of what EDTF can say."""
    if "~" in row.edtf or "%" in row.edtf:
        return "both"
    first, last = edtf_bounds(row.edtf)
    if (first, last) == (row.earliest, row.latest) or "/" in row.edtf:
        return ""
    return "early" if row.earliest == first else "late" if row.latest == last else "both"


def _density(events: pd.DataFrame, by: str | None, lanes: list, counts: pd.Series, unit: str):
    """A strip of bars, statements a year or decade at the middle of their bounds; below, a strip a lane."""
    from matplotlib.ticker import MaxNLocator

    ax = figure.new_axes(width=8.4, height=2.8 + 0.3 * len(lanes))
    step = 10 if unit == "decade" else 1
    edges = np.arange(counts.index.min(), counts.index.max() + 2 * step, step)
    said = pd.to_numeric(events["year"], errors="coerce").dropna() if "year" in events else []
    if lanes:  # two axes on one figure, one scale
        whole = ax.figure
        ax.remove()
        ax, below = whole.subplots(2, 1, sharex=True, height_ratios=[2.4, 0.3 * len(lanes) + 0.1])
    ax.bar(counts.index + step / 2, counts, width=0.9 * step, color=BLUE)
    if len(said):
        ax.stairs(np.histogram(said, edges)[0], edges, color=GREY, linewidth=1.4)
    ax.set_ylabel("statements", fontsize=8.5)
    ax.grid(axis="x", visible=False)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    few = int(1.3 * ax.figure.get_figwidth()) - 2
    ax.xaxis.set_major_locator(MaxNLocator(few, integer=True, steps=[1, 2, 5, 10]))
    if lanes:
        _strips(below, lanes, edges, step, by == "year")
    ax.set_xlim(edges[0], edges[-1])
    among = f", and by {'year of speaking' if by == 'year' else by}" if by else ""
    figure.set_title(ax, f"{len(events):,} dated statements by the {unit} they speak of{among}")
    return ax


def _strips(ax, lanes: list[tuple[str, pd.DataFrame]], edges: np.ndarray, step: int, are_said: bool) -> None:
    """A strip a lane: the share of its statements in each year or decade as a shade."""
    counts = np.array([np.histogram(_years(lane), edges)[0] for _, lane in lanes], float)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.pcolormesh(edges, np.arange(len(lanes) + 1), shares, cmap="Blues", vmin=0, vmax=max(0.6, shares.max()))
    names = [f"{'said in ' * are_said}{name} (n = {len(lane):,})" for name, lane in lanes]
    for level, (name, _) in enumerate(lanes if are_said else []):  # the time of speaking itself
        first, last = int(name[:4]), int(name[-4:]) + 1
        across, up = [first, last, last, first, first], level + np.array([0, 0, 1, 1, 0])
        ax.plot(across, up, color=RED, linewidth=1.2)
    ax.set_yticks(np.arange(len(lanes)) + 0.5, names, fontsize=8)
    ax.invert_yaxis()
    ax.grid(visible=False)


def _years(events: pd.DataFrame) -> pd.Series:
    """The year in the middle of the bounds of each statement."""
    return np.floor((events["begin"] + events["finish"]) / 2).astype(int)


def _counts(events: pd.DataFrame) -> tuple[pd.Series, str]:
    """How many statements date each year, or each decade where they span more than 120 years."""
    years = _years(events)
    step, unit = (10, "decade") if years.max() - years.min() > 120 else (1, "year")
    return (years // step * step).value_counts().sort_index(), unit


def _time_axis(ax, first: float, last: float) -> None:
    """Years; months and days where the statements span less than two years. No tick where labels stand."""
    from matplotlib.ticker import FixedLocator, MaxNLocator

    if last - first >= 2:
        few = 2 if is_for_phone() else 6
        ticks = MaxNLocator(nbins=few, integer=True, min_n_ticks=1).tick_values(first, last)
        ax.xaxis.set_major_locator(FixedLocator([at for at in ticks if first - 1 <= at <= last + 1]))
        ax.xaxis.set_major_formatter(lambda year, _: f"{year:.0f}")
        return
    years = range(max(1, int(first)), int(last) + 2)
    months = {f"{year}-{month:02d}": f"{year:04d}-{month:02d}-01" for year in years for month in range(1, 13)}
    begins = {name: decimal_year(day) for name, day in months.items()}
    shown = [name for name, at in begins.items() if first - 0.09 <= at <= last + 0.09]
    shown = shown[:: max(1, len(shown) // (1 if is_for_phone() else 5))]
    ax.set_xticks([begins[name] for name in shown], shown, fontsize=8)


def _event_label(line: list, most: int = 74) -> str:
    """When, who, what, and how sure, of the statements of one line, in about so many characters."""
    row = line[0]
    who = dict.fromkeys(actor for r in line for actor in str(getattr(r, "actors", "")).split(";") if actor)
    heads = list(dict.fromkeys(head for r in line if (head := getattr(r, "head", ""))))
    if not heads:
        label = getattr(row, "label", "")
        heads = [label if isinstance(label, str) and label else "" if who else getattr(row, "text", "")]
    what = "; ".join(heads)
    plain = what.lower().replace("z", "s")
    starts = {name: (name if " " in name else name[:4]).lower().replace("z", "s") for name in who}
    names = [name for name, start in starts.items() if start not in plain]
    modality = getattr(row, "modality", "happened")
    after = f" ({modality})" * (modality in ("planned", "hypothetical")) + f" ×{len(line)}" * (len(line) > 1)
    when = in_words(row)
    room = max(most - len(when) - len(after), 20)
    told = [[listed(names, most=3), what], [listed(names, most=3), heads[0]], [heads[0]]]
    said = [": ".join(filter(None, parts)) for parts in told]
    fitting = next((words for words in said if len(words) <= room), said[-1] or said[0])
    return f"{when}  {shortened(fitting, room)}{after}"


def in_words(row) -> str:
    """The date of a statement or claim as one writes it: "3–4 July 2024", "early 1990s", "since 2001"."""
    edtf = re.sub("[~?%]", "", row.edtf)
    about = "about " * bool(re.search("[~%]", row.edtf)) + "perhaps " * ("?" in row.edtf)
    first, _, last = edtf.partition("/")
    if first in ("", "..") or last == "..":
        return f"{about}until {_point(last)}" if last != ".." else f"{about}since {_point(first)}"
    if last:
        begin, end = _point(first).split(" "), _point(last).split(" ")
        if len(begin) == len(end) and begin[1:] == end[1:]:  # what the end says as well
            begin = begin[:1]
        elif len(begin) == len(end) > 1 and begin[-1] == end[-1]:
            begin = begin[:-1]
        dash = "–" if len(begin) == 1 and begin[0].isdigit() else " – "
        return f"{about}{' '.join(begin)}{dash}{' '.join(end)}"
    fading = {"early": "early ", "late": "late ", "both": "mid-"}.get(_fading(row) if "X" in edtf else "", "")
    return f"{about}{fading}{_point(first)}"


def _point(edtf: str) -> str:
    """A day, month, season, year, decade or century in words; what is none of them as it is."""
    if century := re.fullmatch(r"(\d\d)XX", edtf):
        number = int(century[1]) + 1
        ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{ending} century"
    if re.fullmatch(r"\d{3}X", edtf):
        return f"{int(edtf[:3])}0s"
    parts = re.fullmatch(r"(-?)(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", edtf)
    if not parts or parts[3] not in (None, *MONTHS):
        return edtf
    year = f"{int(parts[2]) + 1} BC" if parts[1] else str(int(parts[2]))
    day = f"{int(parts[4])} " if parts[4] else ""
    return f"{day}{MONTHS[parts[3]]} {year}" if parts[3] else year
