"""Build the pages of the library into a folder: the public names first, then each room.

python tools/docs.py FOLDER
"""

import sys
from pathlib import Path

import pdoc

import sco_notes

ROOMS = "corpus dates terms actors sentiment events tables charts notebook reports course".split()

# pdoc looks for the names of a module in its namespace, where those imported when first used are not yet.
vars(sco_notes).update({name: getattr(sco_notes, name) for name in sco_notes.__all__})
pdoc.render.configure(docformat="numpy", search=False)
pages = ["sco_notes", *(f"sco_notes.{room}" for room in ROOMS)]
pdoc.pdoc(*pages, output_directory=Path(sys.argv[1]))
