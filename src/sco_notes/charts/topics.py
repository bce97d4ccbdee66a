"""Topics to a heat map: which terms make them, how stable they are, who uses them and when."""

import pandas as pd

from ..errors import NothingToDraw, SCONotesError, check_whole, require_columns
from ..terms.topics import Topics
from .figure import alternative_text, describe, set_xlabel, style
from .terms import plot_heat


def plot_topics(topics: Topics, by: str = "year", n_terms: int = 4):
    """Draw the mean share of each topic in the documents of each group, in per cent, as a heat map.

    Takes what `find_topics` returned; `by` is a column of its documents. A row is named by its first
    `n_terms` terms and its stability over halves of the documents. A group without documents is left out.
    Raises SCONotesError where no document has a value in the column.
    """
    if not isinstance(topics, Topics):
        raise SCONotesError(f"plot_topics: what find_topics returns is expected, not {type(topics).__name__}")
    require_columns(topics.documents, by)
    check_whole(n_terms, "n_terms", 1, 10)
    known = topics.documents[topics.documents[by].notna()]
    if known.empty:
        raise NothingToDraw(f"plot_topics: no document has a {by}, so there is nothing to draw")
    first = topics.terms[topics.terms["rank"] <= n_terms].groupby("topic")["term"].agg(", ".join)
    stable = topics.stability.set_index("topic")["over_halves"]
    names = {number: f"{first[number]} ({stable[number]:.2f})" for number in first.index}
    shares = known.groupby(["topic", by], observed=True)["share"].mean().mul(100).reset_index()
    shares["row"] = pd.Categorical(shares["topic"].map(names), list(names.values()))
    n = known.groupby(by, observed=True)["doc_id"].nunique()
    ax = plot_heat(shares, "row", by, "share", f"Share of {len(names)} topics by {by}, per cent")
    least, most = n.min(), n.max()
    basis = f"means over {least:,} to {most:,} documents" if least < most else f"means over {least:,}"
    note = "in brackets: stability of the topic (1: the same terms in any half of them)"
    with style():
        set_xlabel(ax, f"{basis}; {note}")
    return describe(ax, f"{alternative_text(ax)} {basis.capitalize()}; {note}.")
