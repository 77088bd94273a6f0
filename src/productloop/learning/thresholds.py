"""From which chance on acting pays, and what acting is expected to bring.

With calibrated chances the best threshold follows from the costs alone (Elkan 2001, "The foundations of cost-sensitive learning", IJCAI):
contacting somebody costs `contact`; a person who would have the outcome and is not kept costs `missed`; a contact keeps the share `kept` of
those who would. So contacting pays where chance * kept * missed > contact. Changing the model or its training rows instead only spoils the
chances. What was expected is checked on people the model had not seen, by what really happened to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.learning.intervals import Interval
from productloop.learning.resampling import mean_interval

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Costs:
    """In any one unit of money: a person lost, a contact; and the share (0-1) of those about to be lost whom a contact keeps."""

    missed: float
    contact: float
    kept: float = 1.0

    @property
    def threshold(self) -> float:
        """Chance from which a contact pays; above 1 when it never does."""
        worth = self.missed * self.kept
        return self.contact / worth if worth > 0 else float("inf")

    def chosen(self, chance: Floats) -> NDArray[np.bool_]:
        """(n,) people whom it pays to contact."""
        return np.asarray(chance > self.threshold, dtype=np.bool_)

    def saved(self, num_cases: float, num_contacts: float) -> float:
        """What contacting so many people saves when so many of them would have had the outcome; below 0 when it costs more than it saves."""
        return num_cases * self.kept * self.missed - num_contacts * self.contact


def saved_each(happened: NDArray[Any], chance: Floats, costs: Costs, subjects: NDArray[Any] | None, seed: int) -> Interval:
    """What contacting by this threshold would have saved per person among (n,) people with a known result, with its 90 % interval."""
    chosen = costs.chosen(chance)
    gains = np.where(chosen, np.asarray(happened, dtype=np.float64) * costs.kept * costs.missed - costs.contact, 0.0)
    return mean_interval(gains, subjects=subjects, seed=seed)
