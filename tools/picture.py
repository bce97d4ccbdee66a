"""The picture of README.md: findings and a figure of a report, as headless Chromium draws the page.

python tools/picture.py [PAGE] [PICTURE]    (make picture builds the reports first)
"""

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "reports" / "html" / "un-debate-actors.html"
PICTURE = ROOT / "docs" / "report.png"
WIDTH, HEIGHT = 1280, 1200
# An excerpt: title, the first findings and beside them the figure of the answer; the rest is left out.
EXCERPT = """
.page { max-width: none !important; padding: 1.2rem 1.6rem 0 !important; }
nav, .over, .control, footer, details, .answer > h2 { display: none !important; }
main > *:not(.answer), .finding ~ .finding ~ .finding { display: none !important; }
.answer { display: grid; grid-template-columns: 27rem 1fr; gap: 0 1.6rem; align-items: start; }
.finding { margin: 0.4rem 0; }
figure { grid-column: 2; grid-row: 1 / 4; margin: 0; } figure img { width: 100%; }
"""


def main(page: Path = PAGE, picture: Path = PICTURE) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("picture: Chromium is needed (apt-get install chromium)")
    if not page.is_file():
        sys.exit(f"picture: {page} is not there; run make reports")
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(photograph(page.read_text(encoding="utf-8"), chromium))
    print(f"{picture}: {picture.stat().st_size / 1000:.0f} kB")


def photograph(page: str, chromium: str) -> bytes:
    """A PNG of the excerpt in 256 colours, cut where it ends."""
    with tempfile.TemporaryDirectory() as folder:
        copy, shot = Path(folder) / "page.html", Path(folder) / "shot.png"
        copy.write_text(page.replace("</style>", f"{EXCERPT}</style>", 1), encoding="utf-8")
        subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             f"--user-data-dir={folder}/profile", "--blink-settings=preferredColorScheme=1",
             f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={shot}", copy.as_uri()],
            capture_output=True, timeout=120, check=True,
        )  # fmt: skip
        image = Image.open(shot).convert("RGB")
    used = image.point(lambda value: 255 if value < 250 else 0).getbbox()
    image = image.crop((0, 0, WIDTH, min(used[3] + 24, HEIGHT))).quantize(256, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
