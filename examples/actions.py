"""Did you mean in a small program: subcommands and options with argparse, and a prompt for those who give none.

    python examples/actions.py inti --environment prod
    python examples/actions.py

Without an action it asks for one.
"""

from __future__ import annotations

import argparse
import sys

from likewise import didyoumean
from likewise.didyoumean.argparse import ArgumentParser

ACTIONS = ["init", "move", "delete", "ingest"]
ENVIRONMENTS = ["development", "staging", "production"]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = ArgumentParser(prog="actions", description="Do something to an environment.")
    commands = made.add_subparsers(dest="action", metavar="ACTION", required=False)
    for action in ACTIONS:
        command = commands.add_parser(action, help=f"{action} an environment")
        command.add_argument("--environment", choices=ENVIRONMENTS, default="development")
        command.add_argument("--dry-run", action="store_true", help="say what would be done")
    return made


def main() -> int:
    """Run an action, asking for it where the command line does not say."""
    given = parser().parse_args()
    if given.action is None:
        try:
            given.action = didyoumean.prompt("Enter your action: ", ACTIONS)
            given.environment = didyoumean.prompt("Environment: ", ENVIRONMENTS, noun="environment")
        except EOFError:
            print("nothing to do", file=sys.stderr)
            return 1
        given.dry_run = False
    print(f"{'would ' if given.dry_run else ''}{given.action} {given.environment}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
