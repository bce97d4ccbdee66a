"""The picture of README.md is made from a page by headless Chromium, without what does not belong in it."""

import io
import runpy
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sco_notes.reports.pages import render_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
TOOL = Path(__file__).parents[2] / "tools" / "picture.py"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
]
BAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400pt" height="200pt" viewBox="0 0 400 200">'
    '<rect width="400" height="200" fill="{}"/></svg>'
)


def page(prose):
    cells = [{"cell_type": "markdown", "metadata": {}, "source": f"# Title\n\n{prose}"}]
    for colour, tags in (("#0072B2", ["answer"]), ("#D55E00", [])):
        figure = {"image/svg+xml": BAR.format(colour), "text/plain": "A bar."}
        cells.append(
            {
                "cell_type": "code", "metadata": {"tags": tags}, "source": "plot()", "execution_count": 1,
                "outputs": [{"output_type": "display_data", "data": figure}],
            }
        )  # fmt: skip
    return render_page({"cells": cells, "metadata": {"sco_notes": {}}}, "r", "A report", {}, "0" * 64)


def test_it_shows_the_figure_of_the_answer_only_and_ends_where_the_page_ends():
    photograph = runpy.run_path(str(TOOL))["photograph"]
    short, long = (photograph(page(words), CHROMIUM) for words in ("Prose.", "Prose. " * 2000))
    assert short == long  # prose is left out
    assert len(short) < 150_000
    picture = np.asarray(Image.open(io.BytesIO(short)).convert("RGB")).astype(int)
    blue, red = (np.abs(picture - colour).sum(axis=2).min() for colour in ([0, 114, 178], [213, 94, 0]))
    assert blue < 30 < red
    assert picture.shape[0] < 900 and picture.shape[1] == 1280
