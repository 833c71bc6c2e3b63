"""Who is being spoken of in a scene: weights that fade from turn to turn (recency, subject before object).

After Lappin and Leass (1994). One store for both readings of "she": the resolver's best guess, and extraction's, which
takes somebody only where nobody else comes near (`Salience.clear`). The numbers were chosen by masked names of training
episodes (`python -m evaluation silver friends`).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

FADING = 0.6  # what is left of a mention's weight one turn later
CLEAR = 0.75  # share of the weight of all who fit, from which on one of them is clearly meant
_BACK = 3  # turns after which a single mention no longer counts as clear


@dataclass
class Salience:
    """Person -> weight."""

    weights: dict[str, float] = field(default_factory=dict)

    def fade(self) -> None:
        """One turn later."""
        self.weights = {who: w * FADING for who, w in self.weights.items()}

    def spoken_of(self, who: str, weight: float = 1.0) -> None:
        """Somebody was meant."""
        self.weights[who] = self.weights.get(who, 0.0) + weight

    def clear(self, gender: str, gender_of: Callable[[str], str], barred: Collection[str]) -> str:
        """The one of a gender who was spoken of lately and oftener than all others of it; "" where that is nobody."""
        fitting = {who: w for who, w in self.weights.items() if gender_of(who) == gender and who not in barred}
        best = max(fitting, key=lambda who: (fitting[who], who), default="")
        lately = best and fitting[best] >= FADING**_BACK
        return best if lately and fitting[best] >= CLEAR * sum(fitting.values()) else ""
