"""What happens to packets between two boxes: they get lost, doubled, late, and overtake each other."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Weather:
    """What may happen to packets in one direction; shares are between 0 and 1."""

    loss: float = 0.0
    """The share that never arrives."""
    doubled: float = 0.0
    """The share that arrives twice."""
    delay: tuple[float, float] = (0.0, 0.0)
    """Seconds that a packet takes, at least and at most; packets with different delays overtake each other."""
    overtaken: float = 0.0
    """The share that takes `behind` longer, so that packets sent later are there first."""
    behind: float = 0.3
    """Seconds."""

    def fate(self, dice: Random) -> tuple[float, ...]:
        """The delays of all copies of one packet that arrive; none if it is lost."""
        if dice.random() < self.loss:
            return ()
        copies = 2 if dice.random() < self.doubled else 1
        return tuple(self._delay(dice) for _ in range(copies))

    def _delay(self, dice: Random) -> float:
        late = self.behind if dice.random() < self.overtaken else 0.0
        return dice.uniform(*self.delay) + late


FAIR = Weather()
"""Everything arrives at once, in order, and once."""
LOSSY = Weather(loss=0.2)
"""One packet in five is lost."""
STORMY = Weather(loss=0.2, doubled=0.2, delay=(0.1, 3.0), overtaken=0.2)
"""Everything at the same time."""
