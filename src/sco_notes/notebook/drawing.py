"""The charts as a notebook calls them: where there is nothing to draw they say so, and the notebook goes on.

In a script the same functions raise NothingToDraw.
"""

from collections.abc import Callable, Collection
from functools import wraps
from inspect import signature

from .. import charts
from ..errors import NothingToDraw, SCONotesError
from ..tables import Tables
from ..terms import find_topics
from .display import Note, show_table


def or_say(plot: Callable, apart: str = "") -> Callable:
    """Return a chart function that in a notebook says in a sentence why there is nothing to draw.

    `apart` names the argument whose column must have two values or more to make a chart worth looking at.
    """

    @wraps(plot)
    def shown(*args, **kwargs):
        from IPython.core.getipython import get_ipython

        if get_ipython() is None:
            return plot(*args, **kwargs)
        given = signature(plot).bind(*args, **kwargs)
        given.apply_defaults()
        table, column = next(iter(given.arguments.values())), given.arguments.get(apart)
        if getattr(table, "attrs", {}).get("note") and table.empty:
            return Note(table.attrs["note"])
        if column and column in table and (values := table[column].nunique()) < 2:
            same = f"All documents have the same {column}, so there is nothing to compare."
            return Note(same if values else f"There is no {column} here, so there is nothing to draw.")
        try:
            return plot(*args, **kwargs)
        except NothingToDraw as error:
            reason = str(error).split(": ", 1)[-1]  # without the name of the function
            return Note(f"{reason[0].upper()}{reason[1:]}" + "." * (not reason.endswith("?")))

    return shown


plot_terms = or_say(charts.plot_terms, apart="by")
plot_keyness = or_say(charts.plot_keyness)
plot_trend = or_say(charts.plot_trend, apart="over")
plot_heat = or_say(charts.plot_heat, apart="columns")
plot_actors = or_say(charts.plot_actors)
plot_network = or_say(charts.plot_network)
plot_topics = or_say(charts.plot_topics)
plot_timeline = or_say(charts.plot_timeline)
plot_dispersion = or_say(charts.plot_dispersion)


def show_topics(study: Tables, by: str = "year", k: int = 6, stopwords: Collection[str] | None = None):
    """Show `k` topics and how stable they are, and their shares by a column; of few documents a sentence.

    Parameters
    ----------
    study : the corpus; `find_topics` needs twenty documents.
    by : the column of the documents that groups them in the chart.
    k : how many topics, 2 to 30: a choice, not a finding.
    stopwords : what to leave out, as `find_topics` takes it.
    """
    try:
        topics = find_topics(study.terms, k, stopwords)
    except SCONotesError as error:
        return Note(error)
    show_table(topics.stability, f"{k} topics and how stable they are")
    return plot_topics(topics, by=by)
