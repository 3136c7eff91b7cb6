"""The commands for components: `likewise bind`, `likewise inspect`, `likewise new`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from likewise._terminal import examples, say
from likewise.errors import ComponentFormatError

__all__ = ["register"]

_File = Annotated[Path, typer.Argument(metavar="FILE", help="A WebAssembly component.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands to a command line."""
    bind = examples(
        ("likewise bind price-list.wasm -o src/price_list", "a package with types, for mypy and pyright"),
        ("likewise bind price-list.wasm -o prices --name Prices", "with a name for its class"),
        status="0 written; 1 the file is not a component or cannot be read; 2 a wrong call.",
    )
    inspect = examples(
        ("likewise inspect price-list.wasm", "sizes, imports, exports and the WIT"),
        status="0 it is a component; 1 it is not, or cannot be read; 2 a wrong call.",
    )
    new = examples(
        ("likewise new price-list", "a folder with a component in Rust that builds and passes its test"),
        ("likewise new price-list -o components", "in another place"),
        status="0 written; 1 it cannot be written; 2 a wrong call.",
    )
    app.command("bind", epilog=bind)(bind_command)
    app.command("inspect", epilog=inspect)(inspect_command)
    app.command("new", epilog=new)(new_command)


def bind_command(
    file: _File,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The package's folder.", show_default=False)],
    name: Annotated[str | None, typer.Option(help="Name of the loaded component's class; by default the folder's.")] = None,
) -> None:
    """Write a typed Python package that uses a component."""
    from likewise.component.bind import bind

    try:
        say(bind(file, output, name=name))
    except ComponentFormatError:
        raise
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def inspect_command(file: _File) -> None:
    """Say what a component imports and exports, as WIT text, and how large it is."""
    from likewise.component.inspect import inspect

    typer.echo(str(inspect(file)), nl=False)


def new_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the component: price-list.", show_default=False)],
    directory: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where to make the folder.")] = Path(),
) -> None:
    """Start a component in Rust, with its contract, build, test and typed Python use."""
    from likewise.component.scaffold import scaffold

    try:
        folder = scaffold(name, directory)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    say(f"{folder}: now run python build.py and python -m pytest there")
