"""One query against many choices, and many against many: RapidFuzz's `process`.

Choices that are compared by a scorer of this package cross to the engine in one call. ``choices`` is any iterable;
where it has ``items()`` (a dict, a pandas Series) its values are compared and its keys are given back. Missing choices
(None, NaN, ``pandas.NA``) are skipped, and so are those of which the processor makes a missing value. Options are
keyword-only:

scorer
    one of `likewise.fuzz` or `likewise.distance`, similarities, distances and normalized ones alike, or a function of
    yours that takes two sequences and ``score_cutoff`` and returns a similarity, 0 to 100.
processor
    makes what is compared of the query and of each choice. There is none by default: case and punctuation count.
score_cutoff
    what is less alike is left out. With a distance: what is further away.
score_hint
    accepted for RapidFuzz's sake; changes nothing.
scorer_kwargs
    further keyword arguments of the scorer, as ``{"weights": (1, 1, 2)}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from likewise import _scorers
from likewise._numbers import whole_number
from likewise._scorers import Processor, Scorer
from likewise._sequences import across, is_missing
from likewise.fuzz import WRatio, ratio
from likewise.utils import default_process

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

__all__ = ["cdist", "cpdist", "extract", "extractOne", "extract_iter"]

Found = tuple[Any, Any, Any]

# Choices that `extract_iter` compares at once: enough that a crossing costs little beside them, few enough that whoever
# stops early has waited for little.
_CHUNK = 512

# The scores of a function that is not this package's own.
_CUSTOM_WORST, _CUSTOM_BEST = 0, 100


def extract(
    query: Any,
    choices: Iterable[Any] | Mapping[Any, Any],
    *,
    scorer: Callable[..., Any] = WRatio,
    processor: Processor | None = None,
    limit: int | None = 5,
    score_cutoff: float | None = None,
    score_hint: float | None = None,
    scorer_kwargs: dict[str, Any] | None = None,
) -> list[Found]:
    """The ``limit`` choices most like ``query``, best first, equals in their order: ``(choice, score, index or key)``
    each.

    ``limit`` None gives all. See the module for the other options.

    >>> extract("almni", ["move", "alumni", "amni"], scorer=ratio, limit=2)
    [('alumni', 90.9090909090909, 1), ('amni', 88.88888888888889, 2)]

    Raises:
        TypeError: the query or a choice is not a sequence of hashable elements, or ``choices`` cannot be iterated over.
        ValueError: ``limit`` is negative, or the cutoff outside of the range of scores.
    """
    if limit is not None:
        limit = whole_number(limit, "limit")
        if limit < 0:
            raise ValueError(f"limit must not be negative: {limit!r}; None gives all")
    if is_missing(query):
        return []
    known = _scorers.find(scorer)
    options = scorer_kwargs or {}
    if known is None or not options.get("pad", True):
        found = list(_one_by_one(query, choices, scorer, processor, score_cutoff, options))
        found.sort(key=lambda row: row[1], reverse=known is None or known.is_similarity)
        return found[:limit]
    keys, values = _items(choices)
    best = _best(known, query, values, processor, limit, score_cutoff, options)
    if keys is None:
        return [(values[index], score, index) for index, score in best]
    return [(values[index], score, keys[index]) for index, score in best]


def extractOne(
    query: Any,
    choices: Iterable[Any] | Mapping[Any, Any],
    *,
    scorer: Callable[..., Any] = WRatio,
    processor: Processor | None = None,
    score_cutoff: float | None = None,
    score_hint: float | None = None,
    scorer_kwargs: dict[str, Any] | None = None,
) -> Found | None:
    """The choice most like ``query``, of equals the first: ``(choice, score, index or key)``; None where none meets the
    cutoff.

    See the module for the options, and `extract` for the errors.

    >>> extractOne("almni", {"a": "move", "b": "alumni"}, scorer=ratio)
    ('alumni', 90.9090909090909, 'b')
    """
    if is_missing(query):
        return None
    known = _scorers.find(scorer)
    options = scorer_kwargs or {}
    if known is None or not options.get("pad", True):
        return _best_one_by_one(_one_by_one(query, choices, scorer, processor, score_cutoff, options), known)
    keys, values = _items(choices)
    for index, score in _best(known, query, values, processor, 1, score_cutoff, options):
        return values[index], score, index if keys is None else keys[index]
    return None


def extract_iter(
    query: Any,
    choices: Iterable[Any] | Mapping[Any, Any],
    *,
    scorer: Callable[..., Any] = WRatio,
    processor: Processor | None = None,
    score_cutoff: float | None = None,
    score_hint: float | None = None,
    scorer_kwargs: dict[str, Any] | None = None,
) -> Iterator[Found]:
    """Every choice that meets the cutoff, in the order given, as it is compared: ``(choice, score, index or key)``
    each.

    The choices of a list or a mapping are compared some hundred at a time, those of other iterables one by one. See the
    module for the options, and `extract` for the errors, which come with the choice.
    """
    if is_missing(query):
        return
    known = _scorers.find(scorer)
    options = scorer_kwargs or {}
    in_chunks = known is not None and options.get("pad", True) and processor is None and isinstance(query, str)
    if known is None or not in_chunks or not (isinstance(choices, (list, tuple)) or hasattr(choices, "items")):
        yield from _one_by_one(query, choices, scorer, processor, score_cutoff, options)
        return
    pairs = iter(choices.items() if hasattr(choices, "items") else enumerate(choices))
    while chunk := list(islice(pairs, _CHUNK)):
        values = [value for _, value in chunk]
        if all(isinstance(value, str) for value in values):
            for index, score in sorted(_best(known, query, values, None, None, score_cutoff, options)):
                yield values[index], score, chunk[index][0]
        else:
            # What precedes an error is given before it.
            yield from _one_by_one(query, _Pairs(chunk), scorer, None, score_cutoff, options)


def cdist(
    queries: Sequence[Any],
    choices: Sequence[Any],
    *,
    scorer: Callable[..., Any] = ratio,
    processor: Processor | None = None,
    score_cutoff: float | None = None,
    score_hint: float | None = None,
    score_multiplier: float = 1,
    dtype: DTypeLike | None = None,
    workers: int = 1,
    scorer_kwargs: dict[str, Any] | None = None,
) -> NDArray[Any]:
    """The scores of all queries and all choices, a row for each query. Needs numpy.

    A score that does not meet the cutoff is what the scorer gives for it: 0 for a similarity, 1.0 for a normalized
    distance, ``score_cutoff + 1`` for a distance. A missing value has the worst score, 0 or 1.0.

    ``score_multiplier`` is applied last, and what it gives is rounded where ``dtype`` is an integer's. ``dtype`` is
    uint32 for scores that are whole numbers and float32 for others unless you say otherwise; whoever chooses a smaller
    one sees to it that the scores fit. ``workers``: threads to use, each with an instance of the component of its own;
    -1 for as many as there are processors. It is of use for this package's scorers.

    Raises:
        TypeError: not a sequence of hashable elements, missing values with a distance that counts edits among them; an
            unsupported ``dtype``.
        ValueError: the cutoff is outside of the range of scores.
        ImportError: numpy is not installed.
    """
    from likewise._matrix import matrix

    return matrix(queries, choices, scorer, processor, score_cutoff, score_multiplier, dtype, workers, scorer_kwargs or {})


def cpdist(
    queries: Sequence[Any],
    choices: Sequence[Any],
    *,
    scorer: Callable[..., Any] = ratio,
    processor: Processor | None = None,
    score_cutoff: float | None = None,
    score_hint: float | None = None,
    score_multiplier: float = 1,
    dtype: DTypeLike | None = None,
    workers: int = 1,
    scorer_kwargs: dict[str, Any] | None = None,
) -> NDArray[Any]:
    """The scores of each query and the choice at its place, in one dimension. As `cdist` otherwise.

    Raises:
        ValueError: there are not as many choices as queries.
    """
    from likewise._matrix import pairwise

    return pairwise(queries, choices, scorer, processor, score_cutoff, score_multiplier, dtype, workers, scorer_kwargs or {})


class _Pairs:
    """Keys and values that are there already, where a mapping is expected."""

    def __init__(self, pairs: list[tuple[Any, Any]]) -> None:
        self._pairs = pairs

    def items(self) -> list[tuple[Any, Any]]:
        return self._pairs


def _items(choices: Any) -> tuple[list[Any] | None, list[Any]]:
    """The keys, None where they are the positions, and the values."""
    if hasattr(choices, "items"):
        pairs = list(choices.items())
        return [key for key, _ in pairs], [value for _, value in pairs]
    if not isinstance(choices, Iterable) and not hasattr(choices, "__getitem__"):
        raise TypeError(f"choices: expected an iterable, or a mapping with items(), not {type(choices).__name__}")
    return None, choices if isinstance(choices, list) else list(choices)


def _best(
    scorer: Scorer,
    query: Any,
    values: list[Any],
    processor: Processor | None,
    limit: int | None,
    cutoff: float | None,
    options: Mapping[str, Any],
) -> list[tuple[int, Any]]:
    """The positions and scores of the best values, in one crossing."""
    wire, least = scorer.wire(options), scorer.cutoff(cutoff)
    engine = _scorers.engine()
    most = len(values) if limit is None else min(limit, len(values))
    # The engine makes many texts comparable in one crossing.
    in_engine = processor is default_process
    if processor:
        query = processor(query)

    def call(separator: str, query: str, choices: str) -> Any:
        if in_engine:
            choices = engine.default_process(choices, separator)
        found = engine.extract(wire, query.removesuffix(separator), choices, separator, least, most)
        return found if found.compared == len(positions) else None

    positions: Sequence[int] = range(len(values))
    try:
        if processor and not in_engine:
            raise TypeError
        found = across(call, [query], values)
    except TypeError:
        # Not a list of strings alone: missing values are left out, what is left is processed one by one.
        present = [(position, value) for position, value in enumerate(values) if not is_missing(value)]
        if processor:
            processed = ((position, processor(value)) for position, value in present)
            present = [(position, value) for position, value in processed if not is_missing(value)]
        positions = [position for position, _ in present]
        in_engine = False
        found = across(call, [query], [value for _, value in present])
    scores = map(int, found.score) if scorer.whole else found.score
    return list(zip(map(positions.__getitem__, found.index), scores, strict=True))


def _one_by_one(
    query: Any,
    choices: Any,
    scorer: Callable[..., Any],
    processor: Processor | None,
    cutoff: float | None,
    options: Mapping[str, Any],
) -> Iterator[Found]:
    """Every choice that meets the cutoff, each compared by a call of its own."""
    known = _scorers.find(scorer)
    alike = known is None or known.is_similarity
    least: Any = _CUSTOM_WORST if known is None and cutoff is None else cutoff
    if processor:
        query = processor(query)
    for key, choice in choices.items() if hasattr(choices, "items") else enumerate(choices):
        if is_missing(choice):
            continue
        processed = processor(choice) if processor else choice
        if processor and is_missing(processed):
            continue
        score = scorer(query, processed, score_cutoff=least, **options)
        if least is None or (score >= least if alike else score <= least):
            yield choice, score, key


def _best_one_by_one(found: Iterator[Found], scorer: Scorer | None) -> Found | None:
    """The first of the best."""
    alike = scorer is None or scorer.is_similarity
    optimal = _CUSTOM_BEST if scorer is None else None
    best: Found | None = None
    for row in found:
        if best is None or (row[1] > best[1] if alike else row[1] < best[1]):
            best = row
        if row[1] == optimal:
            break
    return best
