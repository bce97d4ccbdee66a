"""Tables to rows: .xlsx by calamine, .json and .jsonl by the standard library, .parquet by pyarrow."""

import json
from datetime import date, datetime
from pathlib import Path

from ...errors import SCONotesError, shown
from ...files import LARGEST_FILE
from ..text import decoded
from .zipped import open_zip

_NO_OBJECT = 'an object is expected, such as {"text": "..."}'
MOST_PARTS = 60  # columns of a table whose nested objects are taken apart


def read_sheet(path: str, encoding: str | None = None) -> dict:
    """Read the first sheet with a column text, else the first that is not empty, and those of its header."""
    from python_calamine import CalamineWorkbook

    open_zip(path, "xlsx").close()
    sheets = CalamineWorkbook.from_path(path)
    tables = {name: sheets.get_sheet_by_name(name).to_python() for name in sheets.sheet_names}
    used = {name: [row for row in rows if any(map(_cell, row))] for name, rows in tables.items()}
    used = {name: rows for name, rows in used.items() if rows}
    if not used:
        raise SCONotesError("the sheet is empty; a header with text is expected")
    headers = {name: list(map(_cell, rows[0])) for name, rows in used.items()}
    named = (name for name, header in headers.items() if "text" in map(str.lower, header))
    header = headers[next(named, next(iter(used)))]
    read = [name for name in used if headers[name] == header]
    others = ", ".join(name for name in used if name not in read)
    notes = [f"read of its sheets: {', '.join(read)}"] if len(used) > 1 else []
    notes = [f"{notes[0]}; left out, since they have other headers: {others}"] if others else notes
    cells = [list(map(_cell, row)) for name in read for row in used[name][1:]]
    return {"header": header, "cells": cells, "notes": notes}


def read_json(path: str, encoding: str | None = None) -> dict:
    """Read a list of objects, or the one list of objects inside an object, their values as text."""
    found = _loads(decoded(Path(path).read_bytes(), path, encoding))
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list) and dict in map(type, value)]
        found = lists[0] if len(lists) == 1 else [found]
    entries = dict(enumerate(found, 1)) if isinstance(found, list) else {}
    rows = {number: value for number, value in entries.items() if isinstance(value, dict)}
    if not rows and found != []:
        raise SCONotesError('a list of objects is expected, such as [{"text": "...", "date": "2024-07-03"}]')
    odd = [number for number in entries if number not in rows]
    return _table(rows) | {"faults": [f"entry {number}: {_NO_OBJECT}" for number in odd]}


def read_lines(path: str, encoding: str | None = None) -> dict:
    """Read an object a line (.jsonl); a line that is none is left out and named."""
    rows: dict[int, dict] = {}
    faults = []
    for number, line in enumerate(decoded(Path(path).read_bytes(), path, encoding).split("\n"), 1):
        try:
            found = _loads(line) if line.strip() else None
            if found is not None and not isinstance(found, dict):
                raise SCONotesError(_NO_OBJECT)
            rows |= {} if found is None else {number: found}
        except SCONotesError as error:
            faults.append(f"line {number}: {error}")
    if not rows:
        raise SCONotesError("; ".join(faults[:3]) or "no object in it")
    return _table(rows) | {"faults": faults}


def read_parquet(path: str, encoding: str | None = None) -> dict:
    """Read a Parquet file, in which a text of 1 MB may stand a million times in a few bytes."""
    from pyarrow import parquet, types

    file = parquet.ParquetFile(path)
    for field in file.schema_arrow:
        kind = field.type.value_type if types.is_dictionary(field.type) else field.type
        if field.name in ("doc_id", "text") and (types.is_nested(kind) or types.is_binary(kind)):
            raise SCONotesError(f"column {field.name!r} holds {kind}, not text; convert it")
    rows: dict[int, dict] = {}
    faults: list[str] = []
    n = unfolded = 0
    for batch in file.iter_batches(100):
        found = {n + i: row for i, row in enumerate(batch_rows(batch, faults, n), 1) if row is not None}
        rows |= found
        n += batch.num_rows
        unfolded += sum(len(str(value)) for row in found.values() for value in row.values())
        if unfolded > LARGEST_FILE:
            raise SCONotesError(f"over {LARGEST_FILE // 1_000_000} MB of text in it; split it")
    table = _table(rows) if rows else {"header": file.schema_arrow.names, "cells": [], "notes": []}
    return table | {"faults": faults}


def batch_rows(batch, faults: list[str], before: int = 0) -> list[dict | None]:
    """The rows of a batch of Arrow; None for one that Python cannot hold, such as a day in year 300,000,
    which is named by its number, counted from those `before`."""
    try:
        return batch.to_pylist()
    except (OverflowError, ValueError) as error:
        if batch.num_rows > 1:
            parts = (batch_rows(batch.slice(i, 1), faults, before + i) for i in range(batch.num_rows))
            return [row for part in parts for row in part]
        faults.append(f"row {before + 1}: a value cannot be read ({shown(str(error), 80)}); correct it")
        return [None]


def _loads(text: str):
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise SCONotesError(f"not JSON: {error}; correct it, or write it again") from None
    except RecursionError:
        raise SCONotesError("nested too deeply; write a list of objects") from None


def _table(rows: dict[int, dict]) -> dict:
    """The table of rows that have their numbers in the file, nested objects as columns of their own."""
    parted = [
        {f"{name}.{key}" if key else name: part for name, value in row.items()
         for key, part in (value.items() if isinstance(value, dict) and value else [("", value)])}
        for row in rows.values()
    ]  # fmt: skip
    found = parted if len({name for row in parted for name in row}) <= MOST_PARTS else [*rows.values()]
    header = list(dict.fromkeys(name for row in found for name in row))
    cells = [[_cell(row.get(name)) for name in header] for row in found]
    return {"header": header, "cells": cells, "rows": [*rows], "notes": []}


def _cell(value) -> str:
    """A value as text: a date as ISO, a whole number without a point."""
    if value is None or value != value:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return f"{value:.0f}" if isinstance(value, float) and value % 1 == 0 else str(value)
