"""Install the pinned development tools and the package itself (editable) into .venv, when that has not been done."""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
STAMP = ROOT / ".venv" / "synced"
BILL = ROOT / "host-py" / "bill" / "likewise.cdx.json"
INPUTS = [ROOT / "requirements.txt", ROOT / "host-py" / "pyproject.toml"]


def main() -> None:
    """Compare the stamp of the last installation with what is wanted now, and install on a difference."""
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in INPUTS)).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("likewise: installing the Python tools into .venv", file=sys.stderr)
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "-r", str(ROOT / "requirements.txt")], check=True)
    if not BILL.exists():
        # scripts/bill.py writes it once the component is built; hatchling does not install without one.
        BILL.parent.mkdir(exist_ok=True)
        BILL.write_text("{}\n")
    subprocess.run(
        [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT / "host-py")],
        check=True,
    )
    STAMP.write_text(wanted)


if __name__ == "__main__":
    main()
