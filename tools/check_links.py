"""Check that every link in a folder of HTML pages leads to a place that exists.

python tools/check_links.py FOLDER
"""

import posixpath
import re
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

folder = Path(sys.argv[1])
pages = {
    file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in folder.rglob("*.html")
}
places = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in pages.items()}
broken = []
for name, text in sorted(pages.items()):
    for link in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', text):
        path, place = map(unquote, urldefrag(link))
        if re.match(r"\w+:|//", link):
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        if target not in pages or (place and place not in places[target]):
            broken.append(f"{name}: {link}")
print("\n".join(broken) or f"{len(pages)} pages, no broken link")
sys.exit(bool(broken) or not pages)
