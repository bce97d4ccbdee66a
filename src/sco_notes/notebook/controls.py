"""Controls for `explore` in a notebook: corpus, term, actor and years."""

from pathlib import Path

from ..errors import SCONotesError
from ..tables.study import StoredTables, Tables, corpora, load
from ..terms import read_stopwords
from .exploring import actor_names, explore


def explorer(corpus: str | Path = "chronicle"):
    """Controls for `explore`: corpus, term, actor and years; every change shows its four views anew.

    Returns the widget to show; where ipywidgets is missing, says so and calls `explore` once.
    """
    try:
        import ipywidgets as widgets
    except ImportError:
        print("The controls need ipywidgets (pip install ipywidgets). What they call is a plain function:")
        print('sn.explore("chronicle", term="summit", actor="KAZ", period=(2001, 2010))')
        return explore(corpus)
    from IPython.display import clear_output

    # No widgets.Dropdown: JupyterLab takes the keys of a list for its own (x cuts the cell).
    chosen = widgets.ToggleButtons(
        options=list(dict.fromkeys([*corpora(), str(corpus)])),
        value=str(corpus),
        **_labelled("Corpus", "auto"),
    )
    controls, wrap = widgets.VBox([chosen]), {"flex_flow": "row wrap"}
    view = widgets.Output()

    def open_corpus(_=None) -> None:
        controls.children = [chosen]
        with view:
            clear_output(wait=True)
            print(f"Reading {chosen.value} …")
            try:
                study = load(chosen.value)
            except SCONotesError as error:
                print(error)
                return
        term, actor, first, last = _controls(study)

        def show(_=None) -> None:
            whole = (first.value, last.value) == (first.min, last.max)
            years = (None, None) if whole else (first.value, last.value)
            with view:
                clear_output(wait=True)
                explore(study, term.value, actor.value, years)

        for control in (term, actor, first, last):
            control.observe(show, names="value")
        controls.children = [chosen, widgets.HBox([term, actor, first, last], layout=wrap)]
        show()

    chosen.observe(open_corpus, names="value")
    open_corpus()
    return widgets.VBox([controls, view])


def _controls(study: Tables | StoredTables) -> list:
    """Term, actor, first and last year, set to something that is there in this corpus."""
    import ipywidgets as widgets

    groups = study.groups["group"].value_counts().index
    plain = study.terms[~study.terms["term"].isin(read_stopwords())].groupby("term", observed=True)["n"].sum()
    terms = [*groups, *plain.sort_values(ascending=False, kind="stable").index[:40]]
    names = actor_names(study)
    actors = [names.get(id, id) for id in study.mentions["actor"].value_counts().index]
    years = study.documents["year"].dropna()
    first, last = (int(years.min()), int(years.max())) if len(years) else (0, 0)
    bounds = {"min": first, "max": last, "disabled": years.empty}
    return [
        widgets.Combobox(options=terms, value=terms[0] if terms else "", **_typed("Term")),
        widgets.Combobox(options=actors, value=actors[0] if actors else "", **_typed("Actor")),
        widgets.BoundedIntText(value=first, **bounds, **_labelled("From year", "12em")),
        widgets.BoundedIntText(value=last, **bounds, **_labelled("To year", "12em")),
    ]


def _typed(label: str) -> dict:
    return {"continuous_update": False, "placeholder": "clear to see the list", **_labelled(label, "24em")}


def _labelled(label: str, width: str) -> dict:
    return {"description": label, "style": {"description_width": "5.5em"}, "layout": {"width": width}}
