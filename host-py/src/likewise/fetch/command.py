"""`likewise fetch`: pages to standard output or a file, as lines for people or for programs."""

from __future__ import annotations

import base64
import json
import os
import stat
import sys
from collections import Counter
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from likewise._terminal import as_line, examples, visible
from likewise.fetch.fetcher import Fetcher
from likewise.fetch.policy import Policy
from likewise.fetch.site import Site
from likewise.fetch.target import shorten


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(
        epilog=examples(
            ("likewise fetch https://example.com https://example.org", "a line for each"),
            ("likewise fetch --from urls.txt --jsonl > pages.jsonl", "with the text of each page"),
            ("likewise fetch --from urls.txt --output pages.jsonl", "the same, and go on where it stopped"),
            ("likewise fetch http://127.0.0.1:8000/ --allow-private 127.0.0.0/8", "a server of your own"),
            ("likewise fetch --from urls.txt --robots --rate 1", "politely"),
            status="0 every URL was fetched; 1 one was not; 2 a wrong call; 130 interrupted.",
        )
    )(fetch)


def fetch(
    urls: Annotated[list[str] | None, typer.Argument(metavar="URL...", help="What to fetch.", show_default=False)] = None,
    from_: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Take URLs from a file, one a line; '-' is standard input.")
    ] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Write one JSON object a line, with the text of each page.")] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Append JSON lines to a file. URLs that it already has are skipped."),
    ] = None,
    allow_private: Annotated[
        list[str] | None,
        typer.Option(metavar="NET", help="Open a private network such as 127.0.0.0/8 or 10.1.2.3; may be repeated."),
    ] = None,
    concurrency: Annotated[int | None, typer.Option(min=1, help="Requests in flight at once.", show_default=False)] = None,
    timeout: Annotated[float, typer.Option(help="Seconds for one URL.")] = 30.0,
    max_bytes: Annotated[
        int | None, typer.Option(min=1, max=2**63 - 1, help="Bytes of content for one URL.", show_default=False)
    ] = None,
    max_per_host: Annotated[int | None, typer.Option(min=1, help="Requests in flight to one host.", show_default=False)] = None,
    rate: Annotated[float | None, typer.Option(help="Requests a second to one host.", show_default=False)] = None,
    robots: Annotated[bool, typer.Option("--robots", help="Keep to each site's robots.txt.")] = False,
    header: Annotated[
        list[str] | None, typer.Option("--header", "-H", metavar="'NAME: VALUE'", help="A field to send; may be repeated.")
    ] = None,
    proxy: Annotated[str | None, typer.Option(metavar="URL", help="A proxy; '' for none.", show_default=False)] = None,
    ca_bundle: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Certificates to trust (PEM).", show_default=False)
    ] = None,
) -> None:
    """Fetch URLs, all at once, each with a page or a reason.

    Interrupted with `--jsonl >> FILE` or `--output FILE`, the same command goes on where it stopped.
    """
    wanted = [*(urls or []), *(_read(from_) if from_ is not None else [])]
    if not wanted:
        raise typer.BadParameter("nothing to fetch: give URLs, or --from FILE")
    try:
        policy = Policy(
            allow_private=allow_private or False,
            timeout=timeout,
            max_per_host=max_per_host,
            rate_per_host=rate,
            respect_robots=robots,
        )
        fetcher = Fetcher(policy, proxy=proxy, ca_bundle=ca_bundle)
        headers = [_field(text) for text in header or []]
    except (ValueError, FileNotFoundError) as error:
        raise typer.BadParameter(str(error)) from None
    stream: IO[str] = sys.stdout if output is None else output.open("a", encoding="utf-8")
    as_json = jsonl or output is not None
    if as_json:
        wanted = _left(wanted, stream)
    failed = 0
    with fetcher:
        sites = fetcher.stream(wanted, concurrency=concurrency, max_bytes=max_bytes, headers=headers, progress=True)
        for site in sites:
            failed += not site.ok
            stream.write((as_line(_record(site)) if as_json else _line(site)) + "\n")
            stream.flush()  # what is on the screen or in the file is done, whatever happens next
    if output is not None:
        stream.close()
    if failed:
        print(f"{failed} of {len(wanted)} failed", file=sys.stderr)
        raise typer.Exit(1)


def _read(path: Path) -> list[str]:
    """The URLs of a file: one a line, blank lines and those that begin with # left out."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"--from {path}: {error}") from None
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _field(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise ValueError(f"--header takes 'NAME: VALUE', not {text!r}")
    return name.strip(), value.strip()


def _left(wanted: list[str], stream: IO[str]) -> list[str]:
    """What is not in the stream's file yet. A last line that was cut short is taken out of the file, and is not there."""
    done: Counter[str] = Counter()
    try:
        number = stream.fileno()
        if not stat.S_ISREG(os.fstat(number).st_mode):
            return wanted
        # Of standard output only the number is known; this path opens the file behind it anew, for reading.
        with open(getattr(stream, "name", "") if stream is not sys.stdout else f"/dev/fd/{number}", "rb") as written:
            end = 0
            for line in written:
                if not line.endswith(b"\n"):
                    os.ftruncate(number, end)
                    break
                end += len(line)
                url = _url_of(line)
                if url is not None:
                    done[url] += 1
    except OSError:  # not a file that can be read: nothing is known of it
        return wanted
    left = []
    for url in wanted:
        if done[url]:
            done[url] -= 1
        else:
            left.append(url)
    return left


def _url_of(line: bytes) -> str | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return str(record["url"]) if isinstance(record, dict) and "url" in record else None


def _record(site: Site) -> dict[str, Any]:
    record = site.to_dict()
    if site.ok and not site.encoding and site.content:
        record["content_base64"] = base64.b64encode(site.content).decode("ascii")
    return record


def _line(site: Site) -> str:
    if site.error is not None:
        return f"{site.error.kind:<18} {visible(site.url)}  {visible(shorten(site.error.message))}"
    title = visible(site.page.title or "")
    facts = f"{site.status_code} {site.content_type or '-'}, {len(site.content):,} bytes, {site.elapsed.total_seconds():.2f} s"
    return f"{facts:<50} {visible(site.url)}" + (f"  {shorten(title, 80)}" if title else "")
