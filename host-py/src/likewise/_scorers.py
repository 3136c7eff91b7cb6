"""What the package knows of its own scorers: `process` finds them here, and compares many strings in one crossing.

A scorer is a function of two sequences. One that the package provides is known by identity: a function that wraps it is
another function, and is called for each pair as everybody's own are.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Hashable, Mapping, Sequence
from math import inf, isnan
from numbers import Real
from types import MappingProxyType
from typing import Any, Literal, Protocol

from likewise import _engine
from likewise._sequences import is_missing, text_pair

Measure = Literal["distance", "similarity", "normalized-distance", "normalized-similarity"]
Processor = Callable[[Any], Sequence[Hashable]]

#: Levenshtein's weights: an insertion, a deletion, a substitution.
UNIT_WEIGHTS = (1, 1, 1)

#: Winkler's bonus for each element of the common prefix.
PREFIX_WEIGHT = 0.1

# The metrics that count no edits: their distance is a fraction.
_FRACTIONS = frozenset({"jaro", "jaro-winkler", "sorensen-dice"})

_OPTIONS: dict[str, dict[str, Any]] = {
    "levenshtein": {"weights": UNIT_WEIGHTS},
    "jaro-winkler": {"prefix_weight": PREFIX_WEIGHT},
    "hamming": {"pad": True},
}

_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})


class CountScorer(Protocol):
    """A function whose scores are whole numbers."""

    def __call__(
        self,
        s1: Any,
        s2: Any,
        *,
        processor: Processor | None = None,
        score_cutoff: float | None = None,
        score_hint: float | None = None,
    ) -> int: ...


class FractionScorer(Protocol):
    """A function whose scores are fractions."""

    def __call__(
        self,
        s1: Any,
        s2: Any,
        *,
        processor: Processor | None = None,
        score_cutoff: float | None = None,
        score_hint: float | None = None,
    ) -> float: ...


@functools.cache
def engine() -> Any:
    """The component's `similarity`."""
    return _engine.component().similarity


class Scorer:
    """The facts of a scorer of this package.

    Attributes:
        name: the metric or the ratio, as the contract names it.
        measure: which number of the metric; None for a ratio.
        whole: every score is a whole number.
        is_similarity: more is more alike.
        worst: the score of what is not alike at all; None where there is no largest distance.
        missing: the score of a missing value; None where a missing value is an error.
        options: the keyword arguments that only this scorer takes, and their defaults.
    """

    def __init__(self, name: str, measure: Measure | None) -> None:
        self.name = name
        self.measure = measure
        self.whole = measure in ("distance", "similarity") and name not in _FRACTIONS
        self.is_similarity = measure in (None, "similarity", "normalized-similarity")
        self.worst = 0.0 if self.is_similarity else None if self.whole else 1.0
        self.missing = None if measure in ("distance", "similarity") else self.worst
        self.options: dict[str, Any] = _OPTIONS.get(name, {})
        self._plain: Any = None

    def wire(self, options: Mapping[str, Any] = _NO_OPTIONS) -> Any:
        """The scorer as the contract has it, with options.

        Raises:
            TypeError: the scorer takes no such option.
            ValueError: an option that makes no sense.
        """
        for option in options:
            if option not in self.options:
                raise TypeError(f"the scorer takes no keyword argument {option!r}")
        case = engine().Scorer
        weights = options.get("weights")
        if weights is not None and (not isinstance(weights, Sequence) or tuple(weights) != UNIT_WEIGHTS):
            if not isinstance(weights, Sequence) or len(weights) != 3:
                raise ValueError(f"weights: expected the costs of an insertion, a deletion and a substitution, not {weights!r}")
            insert, delete, substitute = weights
            return case.WeightedLevenshtein((engine().Weights(insert=insert, delete=delete, substitute=substitute), self.measure))
        prefix_weight = options.get("prefix_weight", PREFIX_WEIGHT)
        if prefix_weight != PREFIX_WEIGHT:
            if not isinstance(prefix_weight, Real) or not 0.0 <= float(prefix_weight) <= 1.0:
                raise ValueError(f"prefix_weight has to be in the range 0.0 - 1.0: {prefix_weight!r}")
            return case.WeightedJaroWinkler((prefix_weight, self.measure))
        if self._plain is None:
            self._plain = case.Ratio(self.name) if self.measure is None else case.Metric((self.name, self.measure))
        return self._plain

    def cutoff(self, cutoff: float | None) -> float | None:
        """The cutoff as the engine takes it.

        Raises:
            TypeError: not a number.
            ValueError: a number that no score can be compared with.
        """
        if cutoff is None:
            return None
        if not isinstance(cutoff, Real):
            raise TypeError(f"score_cutoff: expected a number, not {type(cutoff).__name__}")
        if self.whole:
            if not cutoff >= 0:
                raise ValueError(f"score_cutoff: expected a number of edits, 0 or more, not {cutoff!r}")
        elif self.measure is not None and not 0 <= cutoff <= 1:
            raise ValueError(f"score_cutoff has to be in the range of 0.0 - 1.0: {cutoff!r}")
        try:
            number = float(cutoff)
        except OverflowError:  # a whole number that is larger than any score
            return inf if cutoff > 0 else -inf
        # Only ratios come here with what is not a number, which no score meets.
        return inf if isnan(number) else number

    def compare(
        self,
        s1: Any,
        s2: Any,
        processor: Processor | None = None,
        cutoff: float | None = None,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Any:
        """The score of any two sequences."""
        if self.missing is not None and (is_missing(s1) or is_missing(s2)):
            return self.missing
        if processor:
            s1, s2 = processor(s1), processor(s2)
        a, b = text_pair(s1, s2)
        if not options.get("pad", True) and len(a) != len(b):
            raise ValueError("Sequences are not the same length; pad=True counts what is missing as different")
        score = engine().score(self.wire(options), a, b, self.cutoff(cutoff))
        return int(score) if self.whole else score

    def direct(self) -> Callable[[str, str], float]:
        """The shortest way to the score of two strings without a cutoff."""
        similarity = engine()
        if self.measure is None:
            plain: Callable[[str, str], float] = similarity.plain_ratio
            return plain if self.name == "ratio" else functools.partial(similarity.fuzz, self.name)
        if self.measure == "distance":
            return functools.partial(similarity.distance, self.name)
        if self.measure == "normalized-similarity":
            return functools.partial(similarity.similarity, self.name)
        score, wire = similarity.score, self.wire()
        return lambda a, b: score(wire, a, b, None)


_known: dict[Callable[..., Any], Scorer] = {}


def find(function: Callable[..., Any]) -> Scorer | None:
    """The scorer that a function is, if it is one of this package."""
    try:
        return _known.get(function)
    except TypeError:  # a callable without a hash
        return None


_DOCS: dict[Measure, str] = {
    "distance": """How far two sequences are apart: 0 for equal ones. The module says what is counted.

    More than ``score_cutoff`` is given as {over}.""",
    "similarity": """What is left of the largest distance that two sequences of these lengths can have.

    Less than ``score_cutoff`` is given as 0.""",
    "normalized-distance": """The distance divided by the largest one for these lengths, 0.0 to 1.0.

    1.0 for a missing value. More than ``score_cutoff`` is given as 1.0.""",
    "normalized-similarity": """1.0 less the normalized distance: 0.0 to 1.0, and 1.0 for two empty sequences.

    0.0 for a missing value. Less than ``score_cutoff`` is given as 0.0.""",
}

_OPTION_DOCS = {
    "weights": """

    ``weights`` are the costs of an insertion, a deletion and a substitution.""",
    "prefix_weight": """

    ``prefix_weight``, 0.0 to 1.0, is the bonus for each of up to four equal elements at the start.""",
    "pad": """

    ``pad``: what a longer sequence has more counts as different; False makes unequal lengths a ValueError.""",
}

_DOC_END = """

    ``processor`` makes what is compared of each argument. No other score depends on the cutoff. ``score_hint`` is
    accepted for RapidFuzz's sake and changes nothing.

    Raises:
        TypeError: not a sequence of hashable elements.
        ValueError: a cutoff outside of the range of scores."""


def count_scorer(metric: str, measure: Measure, module: str) -> CountScorer:
    """A function for a measure that counts edits."""
    made: CountScorer = _documented(Scorer(metric, measure), module)
    return made


def fraction_scorer(metric: str, measure: Measure, module: str) -> FractionScorer:
    """A function for a measure that is a fraction."""
    made: FractionScorer = _documented(Scorer(metric, measure), module)
    return made


def ratio_scorer(ratio: str, module: str, name: str, doc: str) -> FractionScorer:
    """A function for a ratio."""
    made: FractionScorer = _made(Scorer(ratio, None), module, name, doc)
    return made


def _documented(scorer: Scorer, module: str) -> Any:
    assert scorer.measure is not None
    doc = _DOCS[scorer.measure].format(over="``score_cutoff + 1``" if scorer.whole else "1.0")
    doc += "".join(_OPTION_DOCS[option] for option in scorer.options) + _DOC_END
    return _made(scorer, module, scorer.measure.replace("-", "_"), doc)


def _made(scorer: Scorer, module: str, name: str, doc: str) -> Any:
    """The function itself. Two strings and nothing else take the shortest way, which is most of what a comparison costs."""
    call: Callable[[str, str], float]

    def first(s1: str, s2: str) -> float:
        # The component is loaded with the first comparison.
        nonlocal call
        call = scorer.direct()
        return call(s1, s2)

    call = first

    def count(
        s1: Any, s2: Any, *, processor: Any = None, score_cutoff: Any = None, score_hint: Any = None, **options: Any
    ) -> int:
        if type(s1) is str and type(s2) is str and processor is None and score_cutoff is None and not options:
            try:
                return int(call(s1, s2))
            except ValueError:
                pass
        return scorer.compare(s1, s2, processor, score_cutoff, options)  # type: ignore[no-any-return]

    def fraction(
        s1: Any, s2: Any, *, processor: Any = None, score_cutoff: Any = None, score_hint: Any = None, **options: Any
    ) -> float:
        if type(s1) is str and type(s2) is str and processor is None and score_cutoff is None and not options:
            try:
                return call(s1, s2)
            except ValueError:
                pass
        return scorer.compare(s1, s2, processor, score_cutoff, options)  # type: ignore[no-any-return]

    function: Any = count if scorer.whole else fraction
    signature = inspect.signature(function)
    *parameters, _ = signature.parameters.values()
    extra = [
        inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, default=default) for option, default in scorer.options.items()
    ]
    function.__signature__ = signature.replace(parameters=[*parameters, *extra])
    function.__module__ = module
    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    _known[function] = scorer
    return function
