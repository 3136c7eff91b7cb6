"""Numbers that cross the boundary packed in text (`packed` of `wit/similarity.wit`), as numpy arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def unpacked(packed: Any) -> NDArray[Any]:
    """The numbers of a `packed`: unsigned integers where it is whole, otherwise doubles."""
    digits = np.frombuffer(packed.digits.encode("ascii"), np.uint8).reshape(-1, packed.width)
    if packed.width == 1:
        return digits[:, 0]
    numbers = np.zeros(len(digits), np.uint16 if packed.width == 2 else np.uint64)
    for column in digits.T:
        numbers <<= 7
        numbers |= column
    return numbers if packed.whole else numbers.view(np.float64)
