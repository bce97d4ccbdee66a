"""A corpus to its tidy tables: what they are, how they are made, and what a notebook asks of them."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ..actors import attribution, find_mentions, read_actors, self_mentions
from ..corpus.documents import corpus_digest, read_corpus, read_documents
from ..corpus.frames import as_documents
from ..corpus.text import sentence_spans, why_not_english
from ..errors import SCONotesError, nearest
from ..events import find_events
from ..files import check_inside, data_folder
from ..sentiment import SCORERS, score_mentions, score_sentences
from ..terms import count_terms, find_groups

Progress = Callable[[str], object]

# Columns of documents that the other tables carry too, so that each can be grouped by them.
GROUPS = ["year", "country", "kind"]
# Of all tables of a large extract together; a notebook then takes about 3 GB.
MOST_ROWS = 30_000_000
# Columns whose few values are kept once: a table of millions of rows then holds numbers.
_ENCODED = set("doc_id term group alias actor reading voice scorer country kind".split())
PROGRESS_STEPS = 100  # of which with_scorer tells how many are done


@dataclass(frozen=True)
class Tables:
    """A corpus: its documents, and what was counted and found in them, one row a fact.

    - documents: one row a document, with the column text where the texts are available;
    - terms: doc_id, term, n;
    - groups (places of term groups): doc_id, sentence, start, end, group;
    - sentences: doc_id, sentence, start, end, valence, evidence;
    - mentions: doc_id, sentence, start, end, alias, actor, reading, voice, and self_mention: whether it is of
      the document's own state;
    - scores (a row for each mention by each built-in scorer: see `scored`): doc_id, start, end, valence,
      label, scorer, p_negative, p_neutral, p_positive, evidence;
    - events: doc_id, sentence, start, end, text, value, edtf, earliest, latest, precision, basis,
      actors, actor_by, place, head, modality, date_kind, anchor and, where the texts are available, label;
    - actors: what read_actors returns.

    All but documents and actors carry the document's year, country and kind as well (data/README.md).
    """

    name: str
    documents: pd.DataFrame
    terms: pd.DataFrame
    groups: pd.DataFrame
    sentences: pd.DataFrame
    mentions: pd.DataFrame
    scores: pd.DataFrame
    events: pd.DataFrame
    actors: pd.DataFrame = field(default_factory=read_actors)

    @property
    def has_texts(self) -> bool:
        return "text" in self.documents.columns

    @property
    def digest(self) -> str:
        return corpus_digest(self.documents)


_AGAIN = "run sco-notes extract again: what is whole is kept"
DERIVED = [each.name for each in fields(Tables)][2:-1]


class StoredTables(Tables):
    """Tables that `sco-notes extract` has written, each read when it is first asked for; without texts.

    Of tables of more than MOST_ROWS rows together those of a sample of the documents are read (by a hash of
    their doc_id), so that a notebook needs no more memory for a larger corpus; `name` says of how many.
    """

    def __init__(self, folder: Path):
        try:
            rows = json.loads((folder / "tables.json").read_bytes())["rows"]
        except (ValueError, KeyError, TypeError):
            raise SCONotesError(f"{folder / 'tables.json'}: damaged; {_AGAIN}") from None
        documents = _read_parts(folder / "documents")
        sample, name = None, folder.name
        if sum(rows.values()) > MOST_ROWS:
            hashes = pd.util.hash_array(documents["doc_id"].to_numpy(object), categorize=False)
            documents = documents[hashes < MOST_ROWS / sum(rows.values()) * 2**64]
            sample = documents["doc_id"].tolist()
            name += f" (a sample of {len(sample):,} of {rows['documents']:,} documents)"
        documents = documents.set_index(pd.Index(documents["doc_id"].tolist()))
        known = {"name": name, "documents": documents, "actors": corpus_actors(folder)}
        vars(self).update(known, _folder=folder, _sample=sample)

    def __getattr__(self, table: str) -> pd.DataFrame:
        if table not in DERIVED:
            raise AttributeError(table)
        encoded = sorted(_ENCODED | ({"label"} if table == "scores" else set()))
        frame = _read_parts(self._folder / table, encoded, self._sample).astype({"year": "Int64"})
        vars(self)[table] = frame
        return frame


def load(
    corpus: str | Path, scorer: str = "", progress: Progress = lambda line: None, texts: bool = True
) -> Tables:
    """Return the tables of a corpus: one of the project's by its name, or what read_corpus reads.

    An actors.toml in the folder says who is an actor there. A folder that `sco-notes extract` has written is
    read table by table; where a folder has derived tables these are read, and without texts what needs the
    text itself (concordance, evidence) stays dark. Other tables are made from the texts, once where there is
    a place to keep them: with the scores of a `scorer` more, where one is named. Without `texts` those of a
    corpus with derived tables are left unread. Raises SCONotesError for a name that is no corpus, naming
    those there are.
    """
    from .stored import made_once, read_derived

    corpus = corpus.strip() if isinstance(corpus, str) else corpus
    folder = data_folder() / str(corpus)
    if not (folder / "documents.csv").is_file():
        folder = Path(corpus).expanduser()
    if not str(corpus) or not folder.exists():  # "" would be the folder one is in
        raise no_corpus(corpus, "corpus, file or folder")
    if (folder / "tables.json").is_file():
        return StoredTables(folder)
    if (folder / "derived").is_dir():
        is_read = texts and has_texts(folder)
        return read_derived(folder, read_corpus(folder) if is_read else read_documents(folder))
    return made_once(folder, read_corpus(folder), corpus_actors(folder), scorer, progress)


def no_corpus(asked: str | Path, what: str = "corpus") -> SCONotesError:
    """Return the error for a name that is no corpus: the nearest one, and those that there are."""
    near = nearest(str(asked).lower(), corpora(), 0.6)
    hint = f"is {near!r} meant? " if near else ""
    there = f"{hint}corpora here: {', '.join(corpora())}"
    return SCONotesError(f"{str(asked).strip() or repr(asked)}: no such {what}; {there}")


def corpora() -> list[str]:
    """Return the names of the project's own corpora."""
    return sorted(file.parent.name for file in data_folder().glob("*/documents.csv"))


def has_texts(folder: Path) -> bool:
    """Return whether every text of a corpus folder is there."""
    return all((folder / "texts" / f"{doc_id}.txt").is_file() for doc_id in read_documents(folder)["doc_id"])


def corpus_actors(folder: Path) -> pd.DataFrame:
    """Return the actors of a corpus: its own actors.toml where it has one."""
    file = folder / "actors.toml"
    if not file.is_file():
        return read_actors()
    check_inside([file], folder)
    return read_actors(file)


def extract(
    documents: pd.DataFrame,
    name: str,
    progress: Progress = lambda line: None,
    actors: pd.DataFrame | None = None,
    scorers: Collection[str] = tuple(SCORERS),
) -> Tables:
    """Count, find and score everything in a documents frame, as read_corpus returns it.

    `name` is that of the corpus, as charts and pages show it; `actors` what read_actors returns; the
    `scorers` are those whose scores the mentions get, which takes most of the time.
    """
    documents = as_documents(documents)
    documents = documents.set_index(pd.Index(documents["doc_id"].tolist()))
    actors = read_actors() if actors is None else actors
    progress("counting terms")
    terms, groups = count_terms(documents), find_groups(documents)
    progress("finding actors")
    mentions = find_mentions(documents, actors)
    mentions = mentions.assign(voice=attribution(documents, mentions))
    progress("scoring sentences")
    is_english = np.array([not why_not_english(text) for text in documents["text"]], dtype=bool)
    sentences = [score_sentences(documents[is_english]), _unscored_sentences(documents[~is_english])]
    sentences = _concat(sentences).sort_values(["doc_id", "sentence"], ignore_index=True)
    can_be_scored = mentions["doc_id"].isin(documents["doc_id"][is_english])
    places = mentions.loc[can_be_scored, ["doc_id", "start", "end"]]
    scores = [score_mentions(documents, places.iloc[:0])]
    for name in scorers:
        progress(f"scoring {len(places):,} mentions by {name}")
        scores.append(score_mentions(documents, places, name, actors=actors))
    scores = _concat(scores).drop(columns="sentence")
    progress("reading dates")
    events = find_events(documents, mentions)
    tables = dict(zip(DERIVED, [terms, groups, sentences, mentions, scores, events], strict=True))
    return with_groups(name, documents, actors, tables)


def with_groups(name: str, documents: pd.DataFrame, actors: pd.DataFrame, tables: dict) -> Tables:
    """Return the tables with year, country and kind of the document on every row."""
    tables = {table: _add_groups(frame, documents) for table, frame in tables.items()}
    tables["mentions"]["self_mention"] = self_mentions(tables["mentions"], actors)
    return Tables(name, documents, **tables, actors=actors)


def scored(tables: Tables, scorer: str = "linear") -> pd.DataFrame:
    """Return the mentions of a corpus with their scores by one scorer, as score_mentions returns them.

    Raises SCONotesError where the tables have no scores by it, naming those they have.
    """
    names = tables.scores["scorer"]
    chosen = tables.scores[names.str.split().str[0] == scorer].drop(columns=GROUPS, errors="ignore")
    if chosen.empty and len(tables.scores):
        raise SCONotesError(f"{tables.name}: no scores by {scorer!r}; there are {', '.join(names.unique())}")
    return tables.mentions.merge(chosen, on=["doc_id", "start", "end"], how="left", validate="one_to_one")


def with_scorer(tables: Tables, scorer: str, progress: Progress = lambda line: None) -> Tables:
    """Return the tables with the scores of one scorer more: "mpnet", or one of your own.

    Where they have its scores already, or no texts, they come back as they are. For a large corpus it takes
    some minutes; `progress` is told how far it is. Raises what score_mentions raises.
    """
    present = tables.scores["scorer"].str.split().str[0]
    if scorer in set(present) or not len(tables.mentions) or not tables.has_texts:
        return tables
    mentions, documents = tables.mentions, tables.documents
    can_be_scored = tables.sentences.loc[tables.sentences["valence"].notna(), "doc_id"]
    places = mentions.loc[mentions["doc_id"].isin(can_be_scored), ["doc_id", "start", "end"]]
    ids = places["doc_id"].unique()
    parts, done = [], 0
    for some in np.array_split(ids, min(PROGRESS_STEPS, len(ids)) or 1):
        chosen, texts = (table[table["doc_id"].isin(some)] for table in (places, documents))
        scores = score_mentions(texts, chosen, scorer, actors=tables.actors)
        parts.append(scores.set_axis(chosen.index))
        done += len(chosen)
        progress(f"{scorer}: {done:,} of {len(places):,} mentions scored")
    added = pd.concat(parts).loc[places.index].drop(columns="sentence")
    return replace(tables, scores=_concat([tables.scores, _add_groups(added, documents)]))


def evidence(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the sentences behind some rows: mentions, events, or any rows with doc_id and sentence.

    The rows come back with the column quote last: the sentence, or where the texts are not available the
    place to look it up ("document, characters start-end").
    """
    spans = tables.sentences.set_index(["doc_id", "sentence"])[["start", "end"]]
    found = spans.loc[list(zip(rows["doc_id"], rows["sentence"], strict=True))]
    texts = tables.documents["text"] if tables.has_texts else {}
    quotes = [
        texts[doc_id][start:end] if tables.has_texts else f"{doc_id}, characters {start}-{end}"
        for doc_id, start, end in zip(rows["doc_id"], found["start"], found["end"], strict=True)
    ]
    return rows.assign(quote=quotes)


def _unscored_sentences(documents: pd.DataFrame) -> pd.DataFrame:
    """The sentences of documents that are not English: no word list and no model can score them."""
    rows = [
        (doc_id, number, start, end, float("nan"), "")
        for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True)
        for number, (start, end) in enumerate(sentence_spans(text))
    ]
    return pd.DataFrame(rows, columns=["doc_id", "sentence", "start", "end", "valence", "evidence"])


def _concat(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The frames one below the other; an empty one must not decide on the type of a column."""
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def _add_groups(table: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    rows = documents.index.get_indexer(table["doc_id"])
    if (rows < 0).any():
        stray = table["doc_id"].iloc[int((rows < 0).argmax())]
        raise SCONotesError(f"derived tables name the document {stray!r}, which documents.csv does not have")
    groups = documents[GROUPS].astype({"country": "category", "kind": "category"})
    return table.assign(**{name: groups[name].array[rows] for name in GROUPS})


def _read_parts(folder: Path, encoded: list[str] = [], ids: list[str] | None = None) -> pd.DataFrame:  # noqa: B006
    """A table of many files, in their order: all its rows, or those of some documents."""
    from pyarrow import dataset

    check_inside([folder, *folder.glob("*")], folder.parent)
    files = dataset.ParquetFileFormat(dictionary_columns=encoded)
    chosen = None if ids is None else dataset.field("doc_id").isin(ids)
    try:
        table = dataset.dataset(folder, format=files).to_table(filter=chosen).unify_dictionaries()
    except (OSError, ValueError) as error:
        raise SCONotesError(f"{folder}: cannot be read ({type(error).__name__}); {_AGAIN}") from None
    # Column by column, each given back at once: a table takes twice its memory while it is converted.
    frame = table.to_pandas(split_blocks=True, self_destruct=True)
    del table
    for name in frame.columns.intersection(encoded):
        column = frame[name].cat.remove_unused_categories()
        frame[name] = column.cat.set_categories(sorted(column.cat.categories))
    return frame
