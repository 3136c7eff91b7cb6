"""Names with several values, found whatever their case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


class MultiDict(Mapping[str, str]):
    """Pairs in order, duplicates kept; `multi[name]` is the first value of a name, in any case of letters."""

    __slots__ = ("_found", "_pairs")

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._pairs: list[tuple[str, str]] = [(name, value) for name, value in pairs]
        self._found: dict[str, list[str]] | None = None

    def _index(self) -> dict[str, list[str]]:
        # Made when first asked for: most headers are never looked at.
        if self._found is None:
            self._found = {}
            for name, value in self._pairs:
                self._found.setdefault(name.lower(), []).append(value)
        return self._found

    def __getitem__(self, name: str) -> str:
        return self._index()[name.lower()][0]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._index()

    def __iter__(self) -> Iterator[str]:
        return iter(self._index())

    def __len__(self) -> int:
        return len(self._index())

    def get_list(self, name: str) -> list[str]:
        """All values of a name, in order; empty for one that is not there."""
        return list(self._index().get(name.lower(), ()))

    def multi_items(self) -> list[tuple[str, str]]:
        """The pairs as they came."""
        return list(self._pairs)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, MultiDict):
            return self._index() == other._index()
        if isinstance(other, Mapping):
            return dict(self) == {str(name).lower(): value for name, value in other.items()}
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # equal to plain dicts, which have no hash

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._pairs!r})"


class Headers(MultiDict):
    """Header fields. `headers[name]` joins the values of a repeated field with ", " (RFC 9110 section 5.3)."""

    __slots__ = ()

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._index()[name.lower()])
