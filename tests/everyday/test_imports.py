"""What is imported when: no framework before somebody asks for its integration."""

from __future__ import annotations

import subprocess
import sys

import pytest

# All that the package integrates with or shows things by, whether it is installed here or not.
FRAMEWORKS = "click typer rich pydantic numpy pandas polars pyarrow duckdb ray dask distributed pyspark IPython tqdm hypothesis pytest argparse cmd".split()

# Everything that is imported is written down, and what is in the list cannot be imported at all: it might as well not be installed.
PROGRAM = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in refused:
            raise ImportError(f"{name} is not to be imported")

refused = set(sys.argv[2].split(","))
for name in [name for name in sys.modules if name.partition(".")[0] in refused]:
    del sys.modules[name]
sys.meta_path.insert(0, Refuse())
exec(sys.argv[1])
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def imported(code: str, allowed: tuple[str, ...] = ()) -> set[str]:
    """The packages imported by code that may not import any framework but those allowed."""
    refused = ",".join(name for name in FRAMEWORKS if name not in allowed)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, code, refused], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_likewise_imports_next_to_nothing() -> None:
    bare = imported("pass")
    more = imported("import likewise") - bare
    assert more <= {"likewise"} | set(sys.stdlib_module_names)
    assert more.isdisjoint({"wasmtime", "pycurl", "ctypes", "asyncio", "lzma"})


def test_no_framework_is_needed_for_any_name() -> None:
    imported("import likewise\nfor name in likewise.__all__: getattr(likewise, name)")


def test_no_framework_is_needed_for_any_answer() -> None:
    imported(
        "import likewise\n"
        "assert likewise.spellcheck('almni').word == 'alumni'\n"
        "assert likewise.check_text('teh end')[0].suggestions[0].word == 'the'\n"
        "assert likewise.didyoumean.suggestions('mve', ['move']) == ['move']\n"
        "assert likewise.process.extractOne('mve', ['move', 'init'])[0] == 'move'"
    )


@pytest.mark.parametrize(
    ("module", "allowed"),
    [("argparse", ("argparse",)), ("cmd", ("cmd",)), ("click", ("click",)), ("typer", ("typer", "rich", "pydantic", "click"))],
)
def test_an_integration_imports_its_own_framework_and_no_other(module: str, allowed: tuple[str, ...]) -> None:
    with_engine = imported(f"import likewise.didyoumean.{module}", allowed)
    assert module in with_engine
    assert "wasmtime" not in with_engine  # the engine is loaded when there is something to suggest
