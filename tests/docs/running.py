"""Run a page's Python and console blocks as a reader would, from top to bottom, and compare what the page shows with what comes out.

A comment after an expression is its result: its `repr`, or what it prints, or "Error: message" where it raises.

    likewise.suggest_word("mve", ["move"])  # Suggestion(word='move', score=85.7...)

So are comment lines directly below one. A `text` block directly after a Python block is what
that printed. In a console block, lines after `$ ` are commands and the others what they print, errors included; the next command sees the folder and
the exit status of the last. `...` stands for anything and white space is all the same. A page runs in an empty folder of its own, and its
port 8000 is a free one.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import time
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from blocks import Block

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
# The port of the pages' examples.
PORT = "8000"
# A command of a page that takes longer than this is stuck. The slowest compiles a Rust project.
PATIENCE = 600.0


class Mismatch(AssertionError):
    """What a page shows is not what comes out."""

    def __init__(self, where: str, shown: str, found: str) -> None:
        super().__init__(f"{where}\n  the page shows: {shown.strip()}\n  what came out:  {found.strip()}")


class Page:
    """The state of a page while its blocks run, in the current folder."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.printed: str | None = None
        self.status = 0
        self.port = str(free_port())
        self.servers: list[subprocess.Popen[bytes]] = []

    def run(self, block: Block) -> None:
        """Run a block and compare."""
        code = re.sub(rf"\b{PORT}\b", self.port, block.code)
        run: dict[str, Callable[[Block, str], None]] = {
            "python": self.python,
            "pycon": self.session,
            "console": self.console,
            "text": self.text,
        }
        if block.language in run:
            run[block.language](block, code)
        if block.language not in ("python", "pycon"):
            self.printed = None

    def python(self, block: Block, code: str) -> None:
        """A block of statements."""
        tree = Checked(block, shown_results(code)).visit(ast.parse(code))
        ast.increment_lineno(ast.fix_missing_locations(tree), block.line - 1)
        self.names["__shown__"] = self.compare
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(tree, block.page, "exec"), self.names)
        self.printed = out.getvalue()

    def compare(self, where: str, shown: str, ask: Callable[[], Any]) -> Any:
        """Evaluate an expression beside which the page shows a result."""
        __tracebackhide__ = True
        value = None
        with contextlib.redirect_stdout(io.StringIO()) as out:
            try:
                value = ask()
                found = out.getvalue() or repr(value)
            except Exception as error:
                found = f"{type(error).__name__}: {error}"
                if not alike(shown, found):
                    raise Mismatch(where, shown, found) from error
        if not alike(shown, found):
            raise Mismatch(where, shown, found)
        return value

    def text(self, block: Block, code: str) -> None:
        """What the Python block before it printed."""
        if self.printed is not None and not alike(code, self.printed):
            raise Mismatch(block.where, code, self.printed)

    def session(self, block: Block, code: str) -> None:
        """An interactive session, as doctest knows it."""
        test = doctest.DocTestParser().get_doctest(code, self.names, block.page, block.page, block.line - 1)
        said = io.StringIO()
        runner = doctest.DocTestRunner(verbose=False, optionflags=FLAGS)
        runner.run(test, out=said.write, clear_globs=False)
        self.names.update(test.globs)
        assert not runner.failures, said.getvalue()

    def console(self, block: Block, code: str) -> None:
        """Commands of a shell."""
        for line, command, shown in commands(code):
            where = f"{block.page}:{block.line + line}: {command}"
            if command.endswith("&"):
                self.serve(command.removesuffix("&"))
                continue
            found = self.command(command)
            if not alike(shown, found) or (self.status and not shown):
                raise Mismatch(where, shown, f"{found}(exit status {self.status})")

    def command(self, command: str) -> str:
        """Run one in the shell; what it prints."""
        here = self.folder / ".pwd"
        script = f"(exit {self.status})\n{command}\nstatus=$?\npwd > '{here}'\nexit $status"
        folder = here.read_text().strip() if here.exists() else self.folder
        done = subprocess.run(
            ["sh", "-c", script],
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
        )
        self.status = done.returncode
        return done.stdout

    def serve(self, command: str) -> None:
        """A command in the background: a server on the page's port."""
        server = subprocess.Popen(
            ["sh", "-c", f"exec {command}"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.servers.append(server)
        end = time.monotonic() + 30
        while time.monotonic() < end and server.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(self.port)), timeout=1):
                return
            time.sleep(0.02)
        raise AssertionError(f"nobody listens on the page's port after: {command}")

    def close(self) -> None:
        """End what runs in the background."""
        for server in self.servers:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.wait(10)


class Checked(ast.NodeTransformer):
    """Makes each expression beside which a result is shown a call that compares them."""

    def __init__(self, block: Block, shown: dict[int, str]) -> None:
        self.block = block
        self.shown = shown

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        shown = self.shown.pop(node.end_lineno or node.lineno, None)
        if shown is None:
            return node
        where = f"{self.block.page}:{self.block.line + node.lineno - 1}"
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        ask = ast.Lambda(args=nothing, body=node.value)
        call = ast.Call(ast.Name("__shown__", ast.Load()), [ast.Constant(where), ast.Constant(shown), ask], [])
        return ast.copy_location(ast.Expr(call), node)


def shown_results(code: str) -> dict[int, str]:
    """By the line on which an expression ends, the comment that shows its result."""
    lines = code.splitlines()
    comments = {
        token.start[0]: token.string.lstrip("#").strip()
        for token in tokenize.generate_tokens(io.StringIO(code).readline)
        if token.type == tokenize.COMMENT
    }
    beside = {line for line in comments if not lines[line - 1].lstrip().startswith("#")}
    found = {line: comments[line] for line in beside}
    for node in ast.walk(ast.parse(code)):
        end = getattr(node, "end_lineno", None)
        if isinstance(node, ast.Expr) and end is not None and end not in beside:
            below = itertools.takewhile(lambda line: line in comments and line not in beside, itertools.count(end + 1))
            if result := "\n".join(comments[line] for line in below):
                found[end] = result
    return found


def commands(code: str) -> Iterator[tuple[int, str, str]]:
    """Each command of a console block, its line in the block, and the output shown."""
    command, start, shown = "", 0, ""
    for number, line in enumerate(code.splitlines()):
        if line.startswith("$ "):
            if command:
                yield start, command, shown
            command, start, shown = line[2:].strip(), number, ""
        elif command:
            shown += line + "\n"
        elif line.strip():
            raise AssertionError(f"a console block begins with a command after '$ ', not with {line!r}")
    if command:
        yield start, command, shown


def alike(shown: str, found: str) -> bool:
    """Whether what is shown is what was found: `...` stands for anything, white space is all the same."""
    shown, found = shown.replace("…", "...").strip() + "\n", found.strip() + "\n"
    return doctest.OutputChecker().check_output(shown, found, FLAGS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path) -> dict[str, str]:
    """What a page's commands see: this Python first, no colours, a terminal of 100 columns."""
    given = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "TERM": "dumb", "PYTHONPATH": str(folder)}
    # One's own words are those of the page.
    given["LIKEWISE_WORDS"] = str(folder / "words.txt")
    given["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return given
