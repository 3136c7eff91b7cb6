"""Run the fuzzers, Rust's and Python's, and say what came of it: `./just fuzz 60`, `./just fuzz 3600 metrics dictionary`.

Each target runs for the seconds given, one after the other on one core, from its kept inputs (`fuzz/corpus`). New inputs go to
`target/fuzz/corpus`, findings to `target/fuzz/findings`; a run that found something ends with status 1. `--keep` merges what new inputs
reach into the kept ones, as few as it takes.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from tour_build import tour_file  # noqa: E402  # the path above is for it

CORPUS = ROOT / "fuzz" / "corpus"
SCRATCH = ROOT / "target" / "fuzz"

RUST = (
    "adapter",
    "batches",
    "charset",
    "charset-long",
    "dictionary",
    "metrics",
    "page",
    "page-long",
    "ratios",
    "saved-index",
    "url",
)
PYTHON = ("binding", "component-file", "session", "transport")

#: Seconds after which one input is a finding: a thousand times what the slowest takes on a quiet machine.
ONE_INPUT = 60
#: MiB of memory that are a finding. The targets hold each input to much less.
MEMORY = 2048
#: Inputs kept of a target: they are replayed by every test run.
KEPT = 200
#: Bytes of a kept input. What longer ones reach, shorter ones reach.
LONGEST = 4096


@dataclass
class Outcome:
    """What a target's run came to."""

    target: str
    cases: int
    findings: list[Path] = field(default_factory=list)
    failed: bool = False


def command(target: str) -> list[str]:
    """What runs a target, taking libFuzzer's flags."""
    if target in PYTHON:
        return [sys.executable, str(ROOT / "fuzz" / "python" / f"{target.replace('-', '_')}.py")]
    return [str(next((SCRATCH / "build").glob(f"*/release/{target}")))]


def build(targets: list[str]) -> None:
    """Compile what is Rust among the targets: the pinned toolchain with libFuzzer's instrumentation and checks for overflow."""
    rust = [target for target in targets if target in RUST]
    environment = os.environ | {
        "RUSTC_BOOTSTRAP": "1",
        "PATH": f"{ROOT / '.venv' / 'cargo' / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    # cargo-fuzz cannot be told to keep to the lock file; this fails where it would not.
    subprocess.run(["cargo", "fetch", "--quiet", "--locked", "--manifest-path", str(ROOT / "fuzz" / "Cargo.toml")], check=True)
    flags = ["--sanitizer", "none", "--target-dir", str(SCRATCH / "build")]
    for target in rust if len(rust) < len(RUST) else [None]:
        named = [] if target is None else [target]
        subprocess.run(["cargo", "fuzz", "build", *flags, *named], cwd=ROOT, env=environment, check=True)


def folders(target: str) -> tuple[Path, Path, Path]:
    """Where a target's new inputs, kept inputs and findings are."""
    made = SCRATCH / "corpus" / target, CORPUS / target, SCRATCH / "findings" / target
    for folder in made:
        folder.mkdir(parents=True, exist_ok=True)
    return made


def fuzz(target: str, seconds: int) -> Outcome:
    """Run one target."""
    new, kept, findings = folders(target)
    before = set(findings.iterdir())
    tally = SCRATCH / f"{target}.cases"
    tally.unlink(missing_ok=True)
    log = SCRATCH / f"{target}.log"
    flags = [f"-max_total_time={seconds}", f"-timeout={ONE_INPUT}", f"-rss_limit_mb={MEMORY}", f"-artifact_prefix={findings}/"]
    print(f"{target}: {seconds} s ...", file=sys.stderr, flush=True)
    with log.open("wb") as output:
        ended = subprocess.run(
            [*command(target), *flags, str(new), str(kept)],
            cwd=ROOT,
            env=os.environ | {"LIKEWISE_FUZZ_CASES": str(tally)},
            stdout=output,
            stderr=output,
        )
    cases = int(tally.read_text() or 0) if tally.exists() else 0
    outcome = Outcome(target, cases, sorted(set(findings.iterdir()) - before), ended.returncode != 0)
    if outcome.failed:
        print("".join(log.read_text(errors="replace").splitlines(keepends=True)[-40:]), file=sys.stderr)
    return outcome


def keep(target: str) -> None:
    """Replace the kept inputs of a Rust target by as few as reach all that new and kept ones reach, or by some of these."""
    new, kept, findings = folders(target)
    merged = SCRATCH / "merged" / target
    shutil.rmtree(merged, ignore_errors=True)
    merged.mkdir(parents=True)
    # What counts is which branches are taken, not how often: that is hundreds of inputs less, and all of the code.
    flags = [
        "-set_cover_merge=1",
        "-use_counters=0",
        f"-max_len={LONGEST}",
        f"-timeout={ONE_INPUT}",
        f"-artifact_prefix={findings}/",
    ]
    subprocess.run([*command(target), *flags, str(merged), str(kept), str(new)], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    # What once found something is named for it, and stays.
    for path in kept.iterdir():
        if not path.name.startswith("found-"):
            path.unlink()
    reaching = sorted(merged.iterdir(), key=lambda path: (path.stat().st_size, path.name))
    # Of more than are kept, evenly from the shortest to the longest.
    for path in reaching[:: math.ceil(len(reaching) / KEPT) or 1]:
        shutil.copy(path, kept / path.name[:16])
    size = sum(path.stat().st_size for path in kept.iterdir())
    print(f"{target}: {len(list(kept.iterdir()))} inputs, {size:,} bytes")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", type=int, help="for each target")
    parser.add_argument("targets", nargs="*", metavar="target", help=f"{', '.join(RUST + PYTHON)}; all unless named")
    parser.add_argument("--keep", action="store_true", help="afterwards, add what was reached to the kept inputs")
    options = parser.parse_intermixed_args()
    targets = options.targets or list(RUST + PYTHON)
    unknown = [target for target in targets if target not in RUST + PYTHON]
    if unknown:
        parser.error(f"no target is called {', '.join(unknown)}; there are {', '.join(RUST + PYTHON)}")
    build(targets)
    if "binding" in targets:
        tour_file()
    outcomes = [fuzz(target, options.seconds) for target in targets]
    print(f"{'target':<16}{'cases':>16}  findings")
    for outcome in outcomes:
        found = ", ".join(str(path.relative_to(ROOT)) for path in outcome.findings)
        print(f"{outcome.target:<16}{outcome.cases:>16,}  {found or ('failed, see the log above' if outcome.failed else 0)}")
    print(f"{'all':<16}{sum(outcome.cases for outcome in outcomes):>16,}")
    if options.keep:
        for target in targets:
            if target in RUST:
                keep(target)
    return int(any(outcome.failed or outcome.findings for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
