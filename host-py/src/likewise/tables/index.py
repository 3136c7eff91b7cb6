"""Words to search, made ready once in each process that needs them."""

from __future__ import annotations

import os
import threading
import uuid
from collections import OrderedDict, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from likewise._packed import unpacked
from likewise.dictionary import Dictionary, MetricName
from likewise.tables.text import joined, separator

# Matches from which on a crossing ends: some 40 MB on either side of the boundary.
_MATCHES = 1 << 20

# Queries of a crossing. With more the crossing costs no less, and progress and Ctrl-C have to wait.
_QUERIES = 1024

# "All of them", as the contract has it.
_ALL = 2**32 - 1

# Indexes that a process keeps at once. A worker of a cluster sees one job's, or two when they overlap.
_KEPT = 4


@dataclass(frozen=True)
class Found:
    """Matches: the query's place among the values asked, the word's index, the score in percent; best first for each query."""

    query: NDArray[np.int64]
    index: NDArray[np.int64]
    score: NDArray[np.float64]


class Index:
    """Words as they travel: a saved dictionary, a column, or the name of a list that the package has.

    What searches them belongs to the process and is made at the first search.
    """

    def __init__(self, words: Dictionary | Any | None) -> None:
        """Index ``words``: a dictionary, distinct values of type `large_string`, or None for the English words of the package."""
        self._saved = words._words.save() if isinstance(words, Dictionary) else None
        self._values = None if words is None or isinstance(words, Dictionary) else words
        english = words is None
        self._key = "english" if english else uuid.uuid4().hex

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        if self._values is not None:
            # A slice would be pickled with all that it is a slice of.
            state["_values"] = pa.concat_arrays([self._values])
        return state

    def ready(self) -> Ready:
        """What this process searches with."""
        # A forked child has its parent's memory and none of its threads.
        key = (os.getpid(), self._key)
        with _lock:
            found = _ready.pop(key, None)
            if found is None:
                found = Ready(self._dictionary())
            _ready[key] = found
            while len(_ready) > _KEPT:
                _ready.popitem(last=False)
        return found

    def _dictionary(self) -> Dictionary:
        if self._saved is not None:
            return Dictionary._loaded(self._saved, "the task's dictionary")
        if self._values is None:
            return Dictionary.english()
        by = separator(self._values)
        return Dictionary._joined(joined(self._values, by), by)


class Ready:
    """A dictionary with copies for threads."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._workers = 1
        self._local = threading.local()
        self._words: Any = None

    @property
    def words(self) -> Any:
        """The words as an Arrow array."""
        with self._lock:
            if self._words is None:
                self._words = pa.array(list(self._dictionary), pa.large_string())
            return self._words

    def search(
        self, values: Any, limit: int | None, metric: MetricName, score_cutoff: float | None, workers: int
    ) -> Iterator[Found]:
        """The best ``limit`` matches (None: all) of each of the values, some values at a time, in their order."""
        by = separator(values)
        threads = self._pool(workers)

        def ask(dictionary: Dictionary, start: int, end: int) -> tuple[int, Found]:
            text = joined(values.slice(start, end - start), by)
            found = dictionary.search_packed(text, by, _ALL if limit is None else limit, metric, score_cutoff, _MATCHES)
            query, index, score = (unpacked(column) for column in (found.query, found.index, found.score))
            return start + found.answered, Found(query.astype(np.int64) + start, index.astype(np.int64), score)

        def ask_there(start: int, end: int) -> Future[tuple[int, Found]]:
            if threads is not None:
                return threads.submit(lambda: ask(self._copy(), start, end))
            here: Future[tuple[int, Found]] = Future()
            here.set_result(ask(self._dictionary, start, end))
            return here

        spans = iter([(start, min(start + _QUERIES, len(values))) for start in range(0, len(values), _QUERIES)])
        # Each thread has a span to work on and one to go on with.
        under_way = deque((end, ask_there(start, end)) for start, end in islice(spans, 2 * workers if threads else 1))
        while under_way:
            end, future = under_way.popleft()
            start, found = future.result()
            if start < end:
                under_way.appendleft((end, ask_there(start, end)))
            else:
                under_way.extend((end, ask_there(start, end)) for start, end in islice(spans, 1))
            yield found

    def _pool(self, workers: int) -> ThreadPoolExecutor | None:
        if workers == 1:
            return None
        with self._lock:
            if self._threads is None or self._workers < workers:
                self._threads = ThreadPoolExecutor(workers, "likewise-search")
                self._workers = workers
            return self._threads

    def _copy(self) -> Dictionary:
        """The calling thread's own copy."""
        mine: Dictionary | None = getattr(self._local, "dictionary", None)
        if mine is None:
            with self._lock:
                saved = self._dictionary._words.save()
            mine = self._local.dictionary = Dictionary._loaded(saved, "a copy")
        return mine


_lock = threading.Lock()
_ready: OrderedDict[tuple[int, str], Ready] = OrderedDict()
