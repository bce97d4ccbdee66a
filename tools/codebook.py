"""data/datapackage.json describes every data file; this makes data/README.md from it and keeps both true.

python tools/codebook.py --refresh   after a data file changed: new hashes and sizes, new README.md
python tools/codebook.py --check     exit 1, with a line for each thing that is stale
"""

import argparse
import csv
import hashlib
import json
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
PACKAGE = "datapackage.json"
CODEBOOK = "README.md"
PARQUET_TYPES = {"string": ("string", "large_string"), "integer": ("int64",), "number": ("double",)}
REMEDY = "run `python tools/codebook.py --refresh`"


def main() -> None:
    parser = argparse.ArgumentParser(description="Keep data/README.md and data/datapackage.json true.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--refresh", action="store_true", help="write hashes, sizes and README.md anew")
    what.add_argument("--check", action="store_true", help="exit 1 if anything is stale")
    if parser.parse_args().refresh:
        refresh(DATA)
    stale = faults(DATA)
    for line in stale:
        print(f"codebook: {line}", file=sys.stderr)
    sys.exit(1 if stale else 0)


def refresh(data: Path) -> None:
    """Write the hash and size of every file into datapackage.json, and README.md from it."""
    package = read_package(data)
    for resource in package["resources"]:
        file = data / resource["path"]
        if file.is_file():
            resource |= fingerprint(file)
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    (data / PACKAGE).write_text(text, encoding="utf-8", newline="\n")
    (data / CODEBOOK).write_text(codebook(package), encoding="utf-8", newline="\n")


def faults(data: Path) -> list[str]:
    """What is stale or wrong, a line each: files, hashes, columns, README.md."""
    package = read_package(data)
    found = []
    for resource in package["resources"]:
        file = data / resource["path"]
        if not file.is_file():
            found.append(f"{resource['path']}: described in {PACKAGE}, but there is no such file")
            continue
        if resource | fingerprint(file) != resource:
            found.append(f"{resource['path']}: changed since its hash was written; {REMEDY}")
        if "schema" in resource:
            found += column_faults(file, resource)
    described = {resource["path"] for resource in package["resources"]} | {PACKAGE, CODEBOOK}
    for path in sorted(file.relative_to(data).as_posix() for file in data.rglob("*") if file.is_file()):
        is_own = (data / Path(path).parts[0] / ".gitignore").is_file()  # a corpus of sco-notes add
        is_kept = path.startswith(".")  # tables made once, out of git
        if path not in described and "texts" not in Path(path).parts and not is_own and not is_kept:
            found.append(f"{path}: not described; add it to the resources of {PACKAGE}")
    readme = data / CODEBOOK
    if not readme.is_file() or readme.read_text(encoding="utf-8") != codebook(package):
        found.append(f"{CODEBOOK}: not what {PACKAGE} says; {REMEDY}")
    return found


def read_package(data: Path) -> dict:
    return json.loads((data / PACKAGE).read_text(encoding="utf-8"))


def fingerprint(file: Path) -> dict:
    content = file.read_bytes()
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}


def column_faults(file: Path, resource: dict) -> list[str]:
    """Where the columns of a file are not those of its schema: other names, another order, another type."""
    fields = resource["schema"]["fields"]
    described = [field["name"] for field in fields]
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as lines:
            found = dict.fromkeys(next(csv.reader(lines), []), "")
    else:
        from pyarrow import parquet

        found = {column.name: str(column.type) for column in parquet.read_schema(file)}
    if list(found) != described:
        return [f"{resource['path']}: has the columns {', '.join(found)}; described: {', '.join(described)}"]
    return [
        f"{resource['path']}, column {field['name']}: {found[field['name']]}, described as {field['type']}"
        for field in fields
        if found[field["name"]] and found[field["name"]] not in PARQUET_TYPES[field["type"]]
    ]


def codebook(package: dict) -> str:
    """The package as a page to read: the corpora, then a table of columns for each kind of file."""
    lines = [
        f"<!-- Made from {PACKAGE} by tools/codebook.py: edit that file, then {REMEDY}. -->",
        f"# {package['title']}",
        package["description"],
        f"Licence of every file: {licence(package)}.",
        "Offsets count characters (Unicode code points) of the normalised text of a document, from 0; the "
        "end is the first character after. EDTF is the [Extended Date/Time Format]"
        "(https://www.loc.gov/standards/datetime/) of ISO 8601-2.",
        "## Corpora",
    ]
    for corpus in package["corpora"]:
        lines += [f"### {corpus['name']}: {corpus['title']}", corpus["description"]]
        lines.append(
            "\n".join(f"- {key.capitalize()}: {corpus[key]}" for key in ("texts", "licence", "source"))
        )
    lines.append("## Files")
    for alike in same_description(package["resources"]):
        lines.append(f"### {', '.join(resource['path'] for resource in alike)}")
        lines.append(alike[0]["description"])
        if alike[0]["licenses"] != package["licenses"]:
            lines.append(f"Licence: {licence(alike[0])}.")
        if "sources" in alike[0]:
            lines.append(f"Source: {'; '.join(map(link, alike[0]['sources']))}.")
        if "schema" in alike[0]:
            lines.append(column_table(alike[0]["schema"]))
    return "\n\n".join(lines) + "\n"


def same_description(resources: list[dict]) -> list[list[dict]]:
    """Resources in their order, those described in the same words together."""
    groups: dict[str, list[dict]] = {}
    for resource in resources:
        key = json.dumps([resource["description"], resource.get("schema")])
        groups.setdefault(key, []).append(resource)
    return list(groups.values())


def column_table(schema: dict) -> str:
    keys = schema.get("primaryKey", [])
    keys = [keys] if isinstance(keys, str) else keys
    lines = ["| column | type | unit | meaning |", "|---|---|---|---|"]
    for field in schema["fields"]:
        allowed = field.get("constraints", {}).get("enum", [])
        if field["type"] == "boolean":
            allowed = field.get("trueValues", []) + field.get("falseValues", [])
        meaning = field["description"] + (f" One of: {', '.join(allowed)}." if allowed else "")
        name = f"**{field['name']}**" if field["name"] in keys else field["name"]
        cells = (name, field["type"], field.get("unit", ""), meaning)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    if keys:
        lines += ["", f"A row is identified by {' and '.join(keys)}."]
    return "\n".join(lines)


def licence(described: dict) -> str:
    return ", ".join(link(each) for each in described["licenses"])


def link(item: dict) -> str:
    return f"[{item['title']}]({item['path']})" if "path" in item else item["title"]


if __name__ == "__main__":
    main()
