"""Make .venv/scale for the clusters' tests and benchmark: the wheel, what it needs, and the frameworks, all pinned, when that has not been done.

Spark needs Java 17 or newer. Where there is none, root gets Debian's; anybody else is told so.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENV = ROOT / ".venv" / "scale"
STAMP = VENV / "synced"
REQUIREMENTS = ROOT / "tests" / "scale" / "requirements.txt"
PINS = ROOT / "requirements.txt"

# The oldest Java that the pinned Spark runs on.
JAVA = 17


def main() -> None:
    """Compare the stamp of the last installation with what is wanted now, and install on a difference."""
    wheels = sorted((ROOT / "dist").glob("likewise-*.whl"))
    if len(wheels) != 1:
        sys.exit(f"likewise: expected one wheel in dist/, found {len(wheels)}: ./just build makes it")
    inputs = [REQUIREMENTS, PINS, wheels[0], Path(__file__)]
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()
    if not (STAMP.exists() and STAMP.read_text() == wanted):
        print("likewise: installing Ray, Dask and Spark into .venv/scale", file=sys.stderr)
        if not (VENV / "bin" / "python").exists():
            subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
        # The wheel's own dependencies, at the versions that the other tests run with; then the wheel, whose version may be an old one's.
        subprocess.run([*pip, "--constraint", str(PINS), str(wheels[0])], check=True)
        subprocess.run([*pip, "--force-reinstall", "--no-deps", str(wheels[0])], check=True)
        STAMP.write_text(wanted)
    check_java()


def check_java() -> None:
    """Stop where the tests of Spark would find no Java that it runs on, and none can be installed."""
    if java() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("likewise: installing Java for Spark", file=sys.stderr)
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-qq", "--no-install-recommends", "default-jre-headless"], check=True)
    version = java()
    if version is None or version < JAVA:
        found = "none was found" if version is None else f"{version} was found"
        sys.exit(
            f"likewise: Spark needs Java {JAVA} or newer and {found}; on Debian, as root: apt-get install default-jre-headless"
        )


def java() -> int | None:
    """The version of the Java that Spark would use."""
    home = os.environ.get("JAVA_HOME")
    try:
        run = subprocess.run([f"{home}/bin/java" if home else "java", "-version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r'version "(\d+)', run.stderr)
    return int(version[1]) if version else None


if __name__ == "__main__":
    main()
