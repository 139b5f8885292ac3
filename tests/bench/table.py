"""One figure of the table, the table, and the machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that was measured several times."""

    what: str
    values: tuple[float, ...]
    unit: str = "ms"
    against: float | None = None
    """The median that this one is divided by."""
    beside: str = ""
    """What `against` is, in words; or why there is nothing to compare with."""
    digits: int = 1
    target: float | None = None
    """What the ratio must reach, or the median of a figure that stands alone; more is better."""
    most: bool = False
    """Whether less is better: then the ratio, or the slow end of a figure that stands alone, must stay below."""

    @property
    def median(self) -> float:
        """The middle value."""
        return median(self.values)

    def row(self) -> tuple[str, ...]:
        """The cells of the table: what, median, the slow end, how often, ratio."""
        slow = percentile(self.values, 0.99) if self.unit == "ms" and len(self.values) > 1 else None
        ratio = f"{self.median / self.against:.2f} x {self.beside}" if self.against else self.beside
        cells = (self.what, self._say(self.median), self._say(slow), self.unit, str(len(self.values)))
        return (*cells, self._aim(), ratio)

    def _aim(self) -> str:
        """The target and whether it is met."""
        if self.target is None:
            return ""
        alone = percentile(self.values, 0.99) if self.most else self.median
        reached = self.median / self.against if self.against else alone
        aim = f"{self.target:.1f} x" if self.against else self._say(self.target)
        met = reached <= self.target if self.most else reached >= self.target
        return f"{aim} {'met' if met else 'NOT MET'}"

    def _say(self, value: float | None) -> str:
        return "" if value is None else f"{value:,.{self.digits}f}"


def percentile(values: Sequence[float], part: float) -> float:
    """The value that `part` of all values do not exceed (nearest rank); with few values that is the largest."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


HEAD = ("figure", "median", "p99", "unit", "runs", "target", "beside what was measured in the same run")


def table(figures: Iterable[Figure]) -> str:
    """All figures in columns."""
    rows = [HEAD, *(figure.row() for figure in figures)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    return "\n".join("  ".join(_cells(row, widths)).rstrip() for row in rows)


def _cells(row: tuple[str, ...], widths: list[int]) -> Iterable[str]:
    for n, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.rjust(width) if n in (1, 2, 4) else cell.ljust(width)


def machine() -> str:
    """The machine in one line; the load tells whether others were at work on it."""
    python = f"{platform.python_implementation()} {platform.python_version()}, Textual {version('textual')}"
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    return f"{_processor()}, {os.cpu_count()} cores, {load}; {platform.system()} {platform.release()}; {python}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
