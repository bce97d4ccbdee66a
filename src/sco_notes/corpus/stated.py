"""Files and web pages of any origin to documents: read under limits, shown, then put into a corpus."""

import re

_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def stated(text: str, losses: list[str], title="", date="", author="", source="") -> dict:
    """What a file says, as a converter hands it over."""
    text, odd = _NO_TEXT.subn("", text)
    losses += [f"{odd:,} characters that are no text dropped"] if odd else []
    about = {"title": title, "date": date, "author": author, "source": source}
    return {"text": text, "losses": losses, **{key: shown(value, 300) for key, value in about.items()}}


def shown(text: str, most: int = 100) -> str:
    """Text of a file as part of one line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
