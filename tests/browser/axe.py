"""axe-core over pages in headless Chromium: `python tests/browser/axe.py PAGE...`, with its file in AXE_CORE.

npm install axe-core && AXE_CORE=node_modules/axe-core/axe.min.js make test
"""

import html
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SCHEMES = {"light": "1", "dark": "0"}  # Blink's names of the reader's preference
RUN = """
document.querySelectorAll("details").forEach(d => d.open = true);
document.querySelectorAll("input[type=checkbox]").forEach(c => c.checked = true);
axe.run(document, {reporter: "v1"}).then(found => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const place = node => node.target + " " + node.html;
  const faults = found.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(place).join(" | "));
  const result = document.createElement("pre");
  result.id = "axe-result";
  result.textContent = JSON.stringify({dark, faults, passes: found.passes.length});
  document.body.append(result);
});
"""


def violations(page: Path, scheme: str, axe: Path, chromium: str = "chromium") -> list[str]:
    """What axe-core objects to on a page with everything unfolded, in the "light" or "dark" scheme."""
    text = page.read_text(encoding="utf-8")
    # The policy of the page would stop axe as it stops any script.
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    script = f"<script>{axe.read_text(encoding='utf-8')}\n{RUN}</script>"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "page.html"
        copy.write_text(text.replace("</body>", f"{script}</body>"), encoding="utf-8")
        done = subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
             f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}", "--virtual-time-budget=60000",
             "--window-size=1280,1000", "--dump-dom", copy.as_uri()],
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
    found = re.search(r'<pre id="axe-result">(.*?)</pre>', done.stdout, re.DOTALL)
    if not found:
        raise RuntimeError(f"{page.name}: axe-core did not finish\n{done.stderr[-500:]}")
    result = json.loads(html.unescape(found[1]))
    assert result["dark"] == (scheme == "dark") and result["passes"] > 10
    return result["faults"]


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for scheme in SCHEMES:
            faults = violations(Path(name), scheme, Path(os.environ["AXE_CORE"]))
            print(f"{name}, {scheme}: {len(faults)} violations", *faults, sep="\n  ")
