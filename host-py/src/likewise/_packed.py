"""Numbers that cross the boundary packed in text (`packed` of `wit/similarity.wit`), as numpy arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def unpacked(packed: Any) -> NDArray[Any]:
    """The numbers of a `packed` that holds no fractions: unsigned integers or doubles."""
    numbers = whole_numbers(packed)
    return numbers.view(np.float64) if packed.packing.value == "double" else numbers


def whole_numbers(packed: Any) -> NDArray[Any]:
    """The whole numbers that a `packed` is made of."""
    digits = np.frombuffer(packed.digits.encode("ascii"), np.uint8)
    if packed.width == 1:
        return digits
    digits = digits.reshape(-1, packed.width)
    numbers = np.zeros(len(digits), np.uint16 if packed.width == 2 else np.uint64)
    for column in digits.T:
        numbers <<= 7
        numbers |= column
    return numbers
