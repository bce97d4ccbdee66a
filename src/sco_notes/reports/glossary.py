"""Explain the words of the field on a page: the first use of each leads to its sentence in glossary.toml."""

import re
import tomllib
from pathlib import Path

from markupsafe import Markup

# In the order of the file: name, written (a pattern), means and, of most, source.
WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["word"]


def link_words(prose: list[str]) -> tuple[list[Markup], list[dict]]:
    """Link the first use of each word in pieces of HTML, outside of tags, links, code and headings.

    Returns the pieces, and the words that occur in them: name, anchor, means, source.
    """
    used = []
    for word in WORDS:
        anchor = "word-" + re.sub(r"\W+", "-", word["name"].lower())
        outside = r"(?s)<(a|code|h\d)\b.*?</\1>|<[^>]*>"
        pattern = re.compile(rf"{outside}|(?<![\w-])(?P<word>{word['written']})(?![\w-])", re.IGNORECASE)
        for number, html in enumerate(prose):
            found = next((match for match in pattern.finditer(html) if match["word"]), None)
            if found:
                link = f'<a class="word" href="#{anchor}">{found["word"]}</a>'
                prose[number] = html[: found.start()] + link + html[found.end() :]
                used.append({"source": "", **word, "anchor": anchor})
                break
    return [Markup(html) for html in prose], sorted(used, key=lambda word: word["name"].lower())
