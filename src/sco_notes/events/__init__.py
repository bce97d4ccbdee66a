"""What texts say happened when: dated statements, merged, checked against facts, written for other tools.

`dated_statements` (documents → statements), `attachment` (what a date belongs to, and whether it happened)
with `rules.toml`, `named` (summits known by name), `merge` (statements on one event), `chronology`
(statements against facts), `export` (CSV, TimelineJS, iCalendar).
"""

from .chronology import compare_events
from .dated_statements import EVENT_COLUMNS, LONGEST_LABEL, event_years, find_events, label_events
from .export import write_timeline
from .merge import merge_events

__all__ = [
    "EVENT_COLUMNS",
    "LONGEST_LABEL",
    "compare_events",
    "event_years",
    "find_events",
    "label_events",
    "merge_events",
    "write_timeline",
]
