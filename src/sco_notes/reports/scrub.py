"""What differs from run to run goes out of an executed notebook: the same inputs give the same bytes."""

import re
from pathlib import Path


def scrub(notebook: dict, inputs: str, folders: list[str]) -> None:
    """Take out of an executed notebook what differs from run to run: times, paths, random ids, addresses."""
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "sco_notes": {"inputs": inputs},
    }
    for number, cell in enumerate(notebook["cells"], 1):
        tags = cell["metadata"].get("tags", [])
        cell["metadata"] = {"tags": tags} if tags else {}
        cell["id"] = (
            "injected-parameters" if "injected-parameters" in tags else cell.get("id", f"cell-{number}")
        )
        if cell["cell_type"] == "code":
            cell["outputs"] = _scrub_outputs(cell["outputs"], folders)


def _scrub_outputs(outputs: list[dict], folders: list[str]) -> list[dict]:
    """Outputs with streams joined (how they come in pieces is chance) and standard error last."""
    kept: list[dict] = []
    complaints = ""
    for output in outputs:
        if output["output_type"] == "stream":
            text = _scrub_text(output["text"], folders)
            if output["name"] == "stderr":
                complaints += text
            elif kept and kept[-1]["output_type"] == "stream":
                kept[-1]["text"] += text
            else:
                kept.append({**output, "text": text})
        else:
            data = output.get("data", {})
            if "text/plain" in data:
                data["text/plain"] = _scrub_text(data["text/plain"], folders)
            output.pop("transient", None)
            kept.append(output)
    if complaints:
        kept.append({"output_type": "stream", "name": "stderr", "text": complaints})
    return kept


def _scrub_text(text: str, folders: list[str]) -> str:
    # From the start of a word only: otherwise a very long word takes the square of its length.
    text = re.sub(r"(?<!\S)\S*[/\\]ipykernel_\d+[/\\]\d+\.py", "<cell>", text)
    for folder in sorted(filter(None, [*folders, str(Path.home())]), key=len, reverse=True):
        if len(folder) > 1:
            text = text.replace(folder, "…")
    return re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", text)
