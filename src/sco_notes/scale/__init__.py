"""Any number of documents to the tidy tables on disk, partition by partition.

A partition is about 64 MB of text: some text files, or some row groups of a Parquet file. The same function
makes its tables in this process, in a pool, or on a Dask cluster; it takes the documents in batches, so that
memory is bounded by a batch, and writes each table under another name before it moves it into place. What a
run has finished stays: the next one goes on with what is missing. Merging is concatenation only.
"""

from .run import extract_corpus

__all__ = ["extract_corpus"]
