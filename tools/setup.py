"""Create .venv and install the locked packages into it: `make` calls this before anything else.

Standard library only, since nothing is installed yet. Every package comes from requirements.lock with
its hash checked. uv installs them in seconds; where uv has no build for this platform, pip does the same.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)


def main() -> None:
    if sys.version_info < OLDEST:
        stop(
            f"Python {sys.version.split()[0]} is too old; {'.'.join(map(str, OLDEST))} or newer is needed. "
            "Name another one: make PYTHON=python3.12"
        )
    if not PYTHON.exists():
        print("setup: creating .venv", flush=True)
        created = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True
        )
        if created.returncode:
            stop(
                "python3 -m venv failed. On Debian and Ubuntu: apt install python3-venv\n"
                + (created.stdout + created.stderr).strip()
            )
    print("setup: installing the packages of requirements.lock", flush=True)
    uv = install_uv()
    if uv:
        # Without compiled byte code the first import of every notebook costs 3.5 s more.
        target = ["--python", str(PYTHON)]
        run([*uv, "sync", "--compile-bytecode", "--require-hashes", *target, str(LOCK)])
        run([*uv, "install", "--no-deps", "--no-build-isolation", *target, "--editable", str(ROOT)])
    else:
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "--requirement", str(LOCK)])
        run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    shutil.rmtree(VENV / "uv-cache", ignore_errors=True)
    print("setup: ready", flush=True)


def install_uv() -> list[str] | None:
    """The command for uv, itself installed from the lock; None where that cannot be done."""
    pinned = re.search(r"^uv==(?:.*\\\n)*.*\n", LOCK.read_text(), re.MULTILINE)
    uv = BIN / ("uv.exe" if os.name == "nt" else "uv")
    if pinned and not uv.exists():
        only_uv = VENV / "uv.lock.txt"
        only_uv.write_text(pinned.group())
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--require-hashes", "--requirement", str(only_uv)], capture_output=True)
    return [str(uv), "pip"] if uv.exists() else None


def cache() -> dict[str, str]:
    """Where uv keeps packages: its own place, or where that cannot be written (a read-only home) .venv."""
    if "UV_CACHE_DIR" in os.environ:
        return {}
    place = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache", "uv")
    try:
        place = place.expanduser()
        place.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=place).close()
    except (OSError, RuntimeError):  # RuntimeError: there is no home
        return {"UV_CACHE_DIR": str(VENV / "uv-cache")}
    return {}


def run(command: list[str]) -> None:
    quiet = {"UV_NO_PROGRESS": "1", "UV_LINK_MODE": "copy", "VIRTUAL_ENV": str(VENV)}
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | quiet | cache())
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        stop(
            "a package could not be installed. Is there a network connection (or a reachable package index)? "
            "Nothing is lost: run the same command again.\n" + "\n".join(lines[-8:])
        )


def stop(message: str) -> None:
    sys.exit(f"setup: {message}")


if __name__ == "__main__":
    main()
