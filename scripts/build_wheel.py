"""Build the wheel into dist/, when something that goes into it has changed."""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
DIST = ROOT / "dist"
STAMP = DIST / "wheel.sha256"


def digest() -> str:
    """Digest of every file that the wheel is made from."""
    sources = [ROOT / "host-py" / "pyproject.toml", ROOT / "host-py" / "README.md"]
    folders = [ROOT / "host-py" / "src", ROOT / "host-py" / "bill"]
    sources += [p for folder in folders for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    total = hashlib.sha256()
    for path in sorted(sources):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def main() -> None:
    """Compare the stamp of the last wheel with the sources, and build on a difference."""
    wanted = digest()
    if STAMP.exists() and STAMP.read_text() == wanted and list(DIST.glob("likewise-*.whl")):
        return
    for old in DIST.glob("likewise-*.whl"):
        old.unlink()
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(DIST)]
    done = subprocess.run([*build, str(ROOT / "host-py")], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    STAMP.write_text(wanted)


if __name__ == "__main__":
    main()
