"""Index the default English words with the component that was just built, for the package to ship, when either has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from likewise import Dictionary, words
from likewise._engine import COMPONENT, DATA
from likewise.words import INDEX, WORDS

STAMP = DATA / "english.index.sha256"


def main() -> None:
    """Compare the stamp of the last index with what it is made from, and build on a difference."""
    made_from = [path.read_bytes() for path in (COMPONENT, WORDS, Path(words.__file__))]
    wanted = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in made_from)).hexdigest()
    if INDEX.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    INDEX.unlink(missing_ok=True)
    Dictionary.english().save(INDEX)
    STAMP.write_text(wanted)


if __name__ == "__main__":
    main()
