"""Every message of every exception that the package can raise, read from its source into fixtures/errors.txt.

The list is committed so that a person reads each message once, as whoever meets it will: does it name the input, the rule and the way
out? A test fails where the list is not what the source says; this script, without arguments, writes it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "host-py" / "src" / "likewise"
LIST = ROOT / "fixtures" / "errors.txt"

_BUILTIN = {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)}


def defined(trees: list[ast.Module]) -> set[str]:
    """Names of exception classes, those of the package included."""
    known = set(_BUILTIN) | {"Exit", "BadParameter", "UsageError"}
    while True:
        found = {
            node.name
            for tree in trees
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base).rpartition(".")[2] in known for base in node.bases)
        }
        if found <= known:
            return known
        known |= found


def template(node: ast.expr, names: dict[str, ast.expr]) -> str | None:
    """A message with `{...}` where values go; None for what is no text."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(
                part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else _hole(part) for part in parts
            )
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            first, second = template(left, names), template(right, names)
            return None if first is None and second is None else f"{first or _named(left)}{second or _named(right)}"
        case ast.Name(id=name) if name in names:
            return template(names[name], {})
    return None


def _hole(part: ast.expr) -> str:
    return _named(part.value) if isinstance(part, ast.FormattedValue) else _named(part)


def _named(node: ast.expr) -> str:
    return "{" + ast.unparse(node) + "}"


def messages(tree: ast.Module, classes: set[str]) -> Iterator[str]:
    """Each exception that is made with a message."""
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    for scope in (tree, *functions):
        nodes = [node for node in ast.walk(scope) if scope is not tree or id(node) not in inside]
        names = {
            target.id: node.value
            for node in nodes
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in nodes:
            if isinstance(node, ast.Call) and (name := ast.unparse(node.func).rpartition(".")[2]) in classes:
                yield from _message(name, node, names)


def _message(name: str, call: ast.Call, names: dict[str, ast.expr]) -> Iterator[str]:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    found = [text for text in (template(argument, names) for argument in given) if text and " " in text]
    if found:
        yield f"{name}: {max(found, key=len)}".replace("\n", "\\n")
    elif call.args:
        yield f"{name}: {', '.join(_named(argument) for argument in call.args)}"
    elif name not in ("Exit", "TimeoutError"):
        yield name


def listed() -> str:
    """The whole list, by module."""
    paths = sorted(SOURCE.rglob("*.py"))
    trees = [ast.parse(path.read_text()) for path in paths]
    classes = defined(trees)
    parts = []
    for path, tree in zip(paths, trees, strict=True):
        found = sorted(set(messages(tree, classes)))
        if found:
            parts.append("\n".join([path.relative_to(SOURCE).as_posix(), *(f"    {message}" for message in found)]))
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    LIST.write_text(listed())
