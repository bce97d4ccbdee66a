"""A corpus to its tidy tables; the tables to and from a folder, so that reports can do without the texts."""

import hashlib
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
from ..errors import SCONotesError
from ..events import find_events, label_events
from ..files import data_folder, write_whole
from ..sentiment import SCORERS, score_mentions, score_sentences
from ..terms import count_terms, find_groups

# Columns of documents that the other tables carry too, so that each can be grouped by them.
GROUPS = ["year", "country", "kind"]
_JOINED = [*GROUPS, "self_mention"]
_STEPS = 100  # of which with_scorer tells how many are done
# What quotes the text at length stays out of derived tables.
WITHHELD = {"events": ["label"]}


@dataclass(frozen=True)
class Tables:
    """A corpus: its documents, and what was counted and found in them, one row a fact.

    - documents: one row a document, with the column text where the texts are at hand;
    - terms: doc_id, term, n;
    - groups (places of term groups): doc_id, sentence, start, end, group;
    - sentences: doc_id, sentence, start, end, valence, evidence;
    - mentions: doc_id, sentence, start, end, alias, actor, reading, voice, and own: whether it is of the
      document's own state;
    - scores (a row for each mention by each built-in scorer: see `scored`): doc_id, start, end, valence,
      label, scorer, p_negative, p_neutral, p_positive, evidence;
    - events: doc_id, sentence, start, end, text, value, edtf, earliest, latest, precision, basis,
      actors, place, modality, anchor and, where the texts are at hand, label;
    - actors: what read_actors returns.

    All but documents and actors carry the document's year, country and kind as well. data/README.md explains
    each column.
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


class StoredTables:
    """Tables that `sco-notes extract` has written, each read when it is first asked for.

    The same names as `Tables`; without texts. What is not used is never loaded. Of tables of more than
    MOST_ROWS rows together those of a sample of the documents are read (by a hash of their doc_id), so that a
    notebook needs no more memory for a larger corpus; `name` says of how many.
    """

    has_texts = False

    def __init__(self, folder: Path):
        self._folder, self.actors = folder, corpus_actors(folder)
        rows = json.loads((folder / "tables.json").read_bytes())["rows"]
        self._share = min(MOST_ROWS / max(sum(rows.values()), 1), 1.0)
        self.name = folder.name
        if self._share < 1:
            self.name += f" (a sample of {len(self.documents):,} of {rows['documents']:,} documents)"

    def __getattr__(self, table: str) -> pd.DataFrame:
        if table not in ["documents", *DERIVED]:
            raise AttributeError(table)
        frame = _read_stored(self._folder / table, self._share)
        if table == "documents":
            frame = frame.set_index(pd.Index(frame["doc_id"].tolist()))
        setattr(self, table, frame)
        return frame

    @property
    def digest(self) -> str:
        return corpus_digest(self.documents)


# Of all tables together; a notebook then takes about 3 GB.
MOST_ROWS = 30_000_000
# Columns whose few values are kept once: a table of millions of rows then holds numbers.
_ENCODED = set("doc_id term group alias actor reading voice scorer country kind".split())


def _read_stored(folder: Path, share: float) -> pd.DataFrame:
    """A table of many files, column by column, since each takes twice its memory while it is read."""
    import pyarrow as pa
    from pyarrow import parquet

    files = sorted(folder.glob("*.parquet"))
    chosen = [_sampled(file, share) for file in files] if share < 1 else None
    few = (
        set() if folder.name == "documents" else _ENCODED | ({"label"} if folder.name == "scores" else set())
    )
    columns = {}
    for name in parquet.read_schema(files[0]).names:
        encoded = [name] if name in few else []
        parts = [parquet.read_table(file, columns=[name], read_dictionary=encoded) for file in files]
        if chosen:
            parts = [part.filter(rows) for part, rows in zip(parts, chosen, strict=True)]
        column = pa.concat_tables(parts).unify_dictionaries().column(0).to_pandas()
        if encoded:
            column = column.cat.remove_unused_categories()
            column = column.cat.set_categories(sorted(column.cat.categories))
        columns[name] = column
        del parts
        pa.default_memory_pool().release_unused()
    table = pd.DataFrame(columns, copy=False)
    return table.astype({"year": "Int64"}) if few else table


def _sampled(file: Path, share: float) -> np.ndarray:
    """Whether each row of a table is of a document of the sample."""
    from pyarrow import parquet

    ids = parquet.read_table(file, columns=["doc_id"], read_dictionary=["doc_id"]).column(0).combine_chunks()
    hashes = pd.util.hash_array(ids.dictionary.to_numpy(zero_copy_only=False), categorize=False)
    return (hashes < share * 2**64)[ids.indices.to_numpy()]


DERIVED = [each.name for each in fields(Tables)][2:-1]


def load(corpus: str | Path) -> Tables | StoredTables:
    """The tables of a corpus: one of the project's by its name, or any folder or file that read_corpus reads.

    A folder that `sco-notes extract` has written is read table by table, as they are used.

    An actors.toml in the folder says who is an actor there. Where the texts are at hand the tables are made
    from them; where they are not, the derived tables of the folder are read, and what needs the text itself
    (concordance, evidence) stays dark.
    Raises SCONotesError for a name that is no corpus, naming those there are.
    """
    folder = data_folder() / str(corpus)
    if not (folder / "documents.csv").is_file():
        folder = Path(corpus)
        if not folder.exists():
            raise SCONotesError(
                f"{corpus}: no such corpus, file or folder; corpora here: {', '.join(corpora())}"
            )
    if (folder / "tables.json").is_file():
        return StoredTables(folder)
    if not (folder / "derived").is_dir():
        return extract(read_corpus(folder), folder.stem, actors=corpus_actors(folder))
    documents = read_documents(folder)
    if has_texts(folder):
        documents = read_corpus(folder)
    return _read_derived(folder, documents)


def corpora() -> list[str]:
    """The names of the project's own corpora."""
    return sorted(file.parent.name for file in data_folder().glob("*/documents.csv"))


def has_texts(folder: Path) -> bool:
    """Whether every text of a corpus folder is at hand."""
    return all((folder / "texts" / f"{doc_id}.txt").is_file() for doc_id in read_documents(folder)["doc_id"])


def extract(
    documents: pd.DataFrame,
    name: str,
    progress: Callable[[str], None] = lambda line: None,
    actors: pd.DataFrame | None = None,
    scorers: Collection[str] = tuple(SCORERS),
) -> Tables:
    """Count, find and score everything in a documents frame; `progress` is told of each step.

    `actors` is what `read_actors` returns; the default is data/actors.toml. `scorers` are those whose scores
    the mentions get: scoring takes most of the time.
    """
    documents = as_documents(documents)
    documents = documents.set_index(pd.Index(documents["doc_id"].tolist()))
    actors = read_actors() if actors is None else actors
    progress("counting terms")
    terms = count_terms(documents)
    groups = find_groups(documents)
    progress("finding actors")
    mentions = find_mentions(documents, actors)
    mentions = mentions.assign(voice=attribution(documents, mentions))
    progress("scoring sentences")
    english = [not why_not_english(text) for text in documents["text"]]
    sentences = _with_unscored(score_sentences(documents[english]), documents)
    place = mentions.loc[
        mentions["doc_id"].isin(set(documents["doc_id"][english])), ["doc_id", "start", "end"]
    ]
    by_scorer = [score_mentions(documents, place, name, actors=actors) for name in scorers]
    scores = pd.concat(by_scorer or [score_mentions(documents, place.iloc[:0])], ignore_index=True)
    progress("reading dates")
    events = find_events(documents, mentions)
    return _with_groups(
        Tables(
            name,
            documents,
            terms,
            groups,
            sentences,
            mentions,
            scores.drop(columns="sentence"),
            events,
            actors,
        )
    )


def _with_unscored(sentences: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """The sentences, and those of documents that are not English, whose valence is missing."""
    rest = documents[~documents["doc_id"].isin(set(sentences["doc_id"]))]
    rows = [
        (doc_id, number, start, end, float("nan"), "")
        for doc_id, text in zip(rest["doc_id"], rest["text"], strict=True)
        for number, (start, end) in enumerate(sentence_spans(text))
    ]
    if not rows:
        return sentences
    everything = pd.concat([sentences, pd.DataFrame(rows, columns=sentences.columns)])
    return everything.sort_values(["doc_id", "sentence"], ignore_index=True)


def write_derived(tables: Tables, folder: Path) -> list[Path]:
    """Write the tables to folder/derived as Parquet, without any sentence: same tables, same bytes."""
    written = []
    for name in DERIVED:
        file = folder / "derived" / f"{name}.parquet"
        write_whole(file, _parquet(tables, name))
        written.append(file)
    return written


def verify(folder: Path, progress: Callable[[str], None] = lambda line: None) -> list[str]:
    """Make the derived tables of a corpus anew from its texts; name the tables that differ, byte for byte."""
    tables = extract(read_corpus(folder), folder.name, progress, corpus_actors(folder))
    differing = []
    for name in DERIVED:
        file = folder / "derived" / f"{name}.parquet"
        made = _parquet(tables, name)
        if not file.is_file() or hashlib.sha256(made).digest() != hashlib.sha256(file.read_bytes()).digest():
            differing.append(name)
    return differing


def scored(tables: Tables, scorer: str = "linear") -> pd.DataFrame:
    """The mentions of a corpus with their scores by one scorer, as score_mentions returns them.

    Raises SCONotesError where the tables have no scores by it, naming those they have.
    """
    names = tables.scores["scorer"]
    chosen = tables.scores[names.str.split().str[0] == scorer].drop(columns=GROUPS, errors="ignore")
    if chosen.empty and len(tables.scores):
        raise SCONotesError(f"{tables.name}: no scores by {scorer!r}; there are {', '.join(names.unique())}")
    return tables.mentions.merge(chosen, on=["doc_id", "start", "end"], how="left", validate="one_to_one")


def with_scorer(tables: Tables, scorer: str, progress: Callable[[str], None] = lambda line: None) -> Tables:
    """The tables, with the scores of one scorer more: "embeddings", or "transformers:FOLDER".

    Where they have its scores already, they come back as they are. Needs the texts, and for a large corpus
    some minutes; `progress` is told how far it is. Raises what score_mentions raises; without texts, `scored`
    says which scores there are.
    """
    present = tables.scores["scorer"].str.split().str[0]
    if scorer in set(present) or not len(tables.mentions) or not tables.has_texts:
        return tables
    english = tables.sentences.loc[tables.sentences["valence"].notna(), "doc_id"].unique()
    places = tables.mentions.loc[tables.mentions["doc_id"].isin(english), ["doc_id", "start", "end"]]
    named = places["doc_id"].unique()
    parts, done = [], 0
    for some in np.array_split(named, min(_STEPS, len(named)) or 1):
        chosen = places[places["doc_id"].isin(some)]
        documents = tables.documents[tables.documents["doc_id"].isin(some)]
        parts.append(score_mentions(documents, chosen, scorer, actors=tables.actors).set_axis(chosen.index))
        done += len(chosen)
        progress(f"{scorer}: {done:,} of {len(places):,} mentions scored")
    added = pd.concat(parts).loc[places.index].reset_index(drop=True).drop(columns="sentence")
    added = _join(added, tables.documents[GROUPS].astype({"country": "category", "kind": "category"}))
    return replace(tables, scores=pd.concat([tables.scores, added], ignore_index=True))


def evidence(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """The sentences behind some rows: mentions, events, or any rows with doc_id and sentence.

    Returns the rows with the column quote last: the sentence, or where the texts are not at hand the place
    to look it up ("document, characters start-end").
    """
    spans = tables.sentences.set_index(["doc_id", "sentence"])[["start", "end"]]
    found = spans.loc[list(zip(rows["doc_id"], rows["sentence"], strict=True))]
    texts = tables.documents["text"] if tables.has_texts else {}
    quotes = [
        texts[doc_id][start:end] if tables.has_texts else f"{doc_id}, characters {start}-{end}"
        for doc_id, start, end in zip(rows["doc_id"], found["start"], found["end"], strict=True)
    ]
    return rows.assign(quote=quotes)


def _read_derived(folder: Path, documents: pd.DataFrame) -> Tables:
    tables = {}
    for name in DERIVED:
        file = folder / "derived" / f"{name}.parquet"
        try:
            tables[name] = pd.read_parquet(file)
        except Exception as error:
            raise SCONotesError(
                f"{file}: cannot be read ({type(error).__name__}); restore it, or with the texts in place "
                f"run `sco-notes derive {folder.name}`"
            ) from None
    if "text" in documents:  # what the derived tables withhold
        tables["events"] = label_events(tables["events"], documents, tables["sentences"])
    return _with_groups(Tables(folder.name, documents, **tables, actors=corpus_actors(folder)))


def _with_groups(tables: Tables) -> Tables:
    """The tables with year, country and kind of the document on every row."""
    groups = tables.documents[GROUPS].astype({"country": "category", "kind": "category"})
    joined = {name: _join(getattr(tables, name), groups) for name in DERIVED}
    joined["mentions"]["self_mention"] = self_mentions(joined["mentions"], tables.actors)
    return Tables(tables.name, tables.documents, **joined, actors=tables.actors)


def corpus_actors(folder: Path) -> pd.DataFrame:
    """The actors of a corpus: its own actors.toml where it has one."""
    file = folder / "actors.toml"
    return read_actors(file) if file.is_file() else read_actors()


def _join(table: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    rows = groups.index.get_indexer(table["doc_id"])
    if (rows < 0).any():
        stray = table["doc_id"].iloc[int((rows < 0).argmax())]
        raise SCONotesError(f"derived tables name the document {stray!r}, which documents.csv does not have")
    return table.assign(**{name: groups[name].array[rows] for name in GROUPS})


def _parquet(tables: Tables, name: str) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    table = getattr(tables, name).drop(columns=[*_JOINED, *WITHHELD.get(name, [])], errors="ignore")
    # Without metadata: it would name the version of pandas, and the bytes would change with it.
    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    sink = pa.BufferOutputStream()
    parquet.write_table(arrow, sink, compression="zstd", compression_level=19)
    return sink.getvalue().to_pybytes()
