"""Fill the columns of a corpus's documents.csv that depend on how texts are normalised.

    python tools/hash_texts.py data/chronicle
    python tools/hash_texts.py data/un-debate --texts FOLDER

Reads DOC_ID.txt from texts/ of the corpus (or --texts) and writes sha256, and n_characters where the corpus
has that column. Needed when a text of ours or a rule of `normalise` has changed; afterwards run
tools/codebook.py --refresh.
"""

import argparse
import csv
import io
import sys
from pathlib import Path

from sco_notes.corpus.documents import read_table, read_text, text_digest
from sco_notes.corpus.repair import read_repairs
from sco_notes.errors import SCONotesError


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill sha256 and n_characters of documents.csv.")
    parser.add_argument("folder", type=Path, help="a corpus folder, with documents.csv")
    parser.add_argument("--texts", type=Path, help="where the texts are [FOLDER/texts]")
    arguments = parser.parse_args()
    try:
        n = refresh_hashes(arguments.folder, arguments.texts)
    except SCONotesError as error:
        sys.exit(f"hash_texts: {error}")
    print(f"{arguments.folder / 'documents.csv'}: {n} rows changed")


def refresh_hashes(folder: Path, texts: Path | None = None) -> int:
    """Write the hash (and length) of every text into documents.csv; return how many rows changed."""
    listing = folder / "documents.csv"
    before = read_table(listing)
    table = before.copy()
    files = [(texts or folder / "texts") / f"{doc_id}.txt" for doc_id in table["doc_id"]]
    repairs = read_repairs(folder)
    contents = [read_text(file, None, repairs.get(file.stem)) for file in files]
    table["sha256"] = [text_digest(text) for text in contents]
    if "n_characters" in table.columns:
        table["n_characters"] = [str(len(text)) for text in contents]
    if table.equals(before):
        return 0
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([table.columns, *table.itertuples(index=False, name=None)])
    listing.write_text(out.getvalue(), encoding="utf-8", newline="")
    if "sha256" not in before.columns:
        return len(table)
    return int((table != before).any(axis=1).sum())


if __name__ == "__main__":
    main()
