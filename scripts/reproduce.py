"""Build the component a second time, from nothing and in another folder, and compare it with dist/ byte for byte. Exit 1 on a difference."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = ("likewise.component.wasm", "likewise-wasi.component.wasm")

#: What a build of the component reads.
SOURCES = (
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "bench/spelling/learn",
    "fuzz/targets",
    "guest",
    "rust-toolchain.toml",
    "wit",
    "xtask",
)


def main() -> None:
    """Copy, build, compare."""
    with tempfile.TemporaryDirectory(prefix="likewise again ") as name:
        folder = Path(name) / "a folder of another name"
        for source in SOURCES:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder / source)
            else:
                shutil.copy2(ROOT / source, folder / source)
        environment = {**os.environ, "CARGO_TARGET_DIR": str(Path(name) / "made elsewhere")}
        subprocess.run(["cargo", "xtask", "build"], cwd=folder, env=environment, check=True)
        failed = False
        for file in FILES:
            here, there = ((place / "dist" / file).read_bytes() for place in (ROOT, folder))
            same = here == there
            print(f"{'the same' if same else 'DIFFERS '}  {hashlib.sha256(here).hexdigest()}  {file}")
            failed |= not same
    sys.exit(failed)


if __name__ == "__main__":
    main()
