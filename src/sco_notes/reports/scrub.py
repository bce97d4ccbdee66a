"""Take out of executed notebooks what differs from run to run: the same inputs give the same bytes."""

import os
import re
from tempfile import gettempdir


def scrub(notebook: dict, inputs: str, folders: list[str]) -> None:
    """Take times, paths below `folders`, random ids and addresses out of an executed notebook, in place."""
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "sco_notes": {"inputs": inputs},
    }
    for number, cell in enumerate(notebook["cells"], 1):
        tags = cell["metadata"].get("tags", [])
        cell["metadata"] = {"tags": tags} if tags else {}
        is_injected = "injected-parameters" in tags
        cell["id"] = "injected-parameters" if is_injected else cell.get("id", f"cell-{number}")
        if cell["cell_type"] == "code":
            cell["outputs"] = _scrub_outputs(cell["outputs"], folders)


def _scrub_outputs(outputs: list[dict], folders: list[str]) -> list[dict]:
    """Outputs with streams joined (how they come in pieces is chance) and standard error last."""
    kept: list[dict] = []
    complaints = {"output_type": "stream", "name": "stderr", "text": ""}
    for output in outputs:
        output.pop("transient", None)
        for content in (output, output.get("data", {})):
            for key in {"text", "text/plain"} & content.keys():
                content[key] = _scrub_text(content[key], folders)
        if output.get("name") == "stderr":
            complaints["text"] += output["text"]
        elif output["output_type"] == "stream" and kept and kept[-1]["output_type"] == "stream":
            kept[-1]["text"] += output["text"]
        else:
            kept.append(output)
    return [*kept, complaints] if complaints["text"] else kept


def _scrub_text(text: str, folders: list[str]) -> str:
    folders = [*folders, gettempdir(), os.path.expanduser("~")]  # noqa: PTH111
    for folder in sorted(folders, key=len, reverse=True):
        if len(folder) > 1:
            text = re.sub(rf"(?<!\w){re.escape(folder)}(?!\w)", "…", text)
    # From the start of a word only: otherwise a very long word takes the square of its length.
    text = re.sub(r"(?<!\S)\S*[/\\]ipykernel_\d+[/\\]\d+\.py", "<cell>", text)
    return re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", text)
