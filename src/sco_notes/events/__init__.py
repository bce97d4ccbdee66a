"""What texts say happened when: dated statements, merged, checked against facts, written for other tools."""

from .chronology import compare_events
from .dated_statements import EVENT_COLUMNS, LONGEST_LABEL, event_years, find_events, label_events
from .export import write_timeline
from .merge import merge_events

__all__ = [
    "EVENT_COLUMNS", "LONGEST_LABEL", "compare_events", "event_years", "find_events", "label_events",
    "merge_events", "write_timeline",
]  # fmt: skip
