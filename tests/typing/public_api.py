"""What users type, checked by mypy and pyright and not run: `./just check`."""

import argparse

import click
import typer

import likewise
from likewise import Dictionary, Fetcher, Match, Policy, Site, fuzz, process
from likewise.didyoumean.argparse import install
from likewise.didyoumean.click import Group
from likewise.didyoumean.typer import Group as TyperGroup
from likewise.distance import Levenshtein

best: likewise.Suggestion = likewise.spellcheck("almni")
score: float = likewise.suggest_word("mve", ["move"]).score
close: list[str] = likewise.get_close_matches("appel", ["ape", "apple"])

words: Dictionary = Dictionary(["move"], priority=[1])
found: Match | None = words.suggest("mve", metric="levenshtein", score_cutoff=50)
choice: str = found.choice if found is not None else ""
many: list[list[Match]] = words.search_many(["mve"], limit=3, workers=2)

sites: list[Site] = Site.from_urls(["https://example.com"], policy=Policy(allow_private=["127.0.0.0/8"]))
kind: str = sites[0].error.kind if sites[0].error else ""
with Fetcher() as fetcher:
    site: Site = fetcher.get("https://example.com")

unknown: list[likewise.UnknownWord] = likewise.check_text("teh end", words=["end"], limit=2)
meant: tuple[likewise.Suggestion, ...] = unknown[0].suggestions
places: list[tuple[int, int, int]] = [(word.offset, word.line, word.column) for word in likewise.check_file("README.md")]
own: list[str] = likewise.PersonalWords("words.txt").add("frobnicator")
known: list[bool] = words.contains_many(["move"])

options: list[str] = likewise.didyoumean.suggestions("mve", ["move"])
answer: str = likewise.didyoumean.prompt("? ", ["move"], noun="action")
parser: argparse.ArgumentParser = install(argparse.ArgumentParser())
group: click.Group = click.group(cls=Group)(lambda: None)
app: typer.Typer = typer.Typer(cls=TyperGroup)

ratio: float = fuzz.ratio("a", "b")
edits: int = Levenshtein.distance("a", "b")
extracted = process.extractOne("a", ["a", "b"])
