"""The paper labels beside the programmable keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from snomtui.phone.snapshot import Snapshot
from snomtui.skin import Face, Place, Skin
from snomtui.ui.text import cut, harmless, left, right


@dataclass(frozen=True, slots=True)
class Slip:
    """One strip of paper: where it lies, and the labels on it."""

    place: Place
    labels: Mapping[str, Place]


def slips(face: Face) -> list[Slip]:
    """The strips of a face: labels whose columns touch are on one strip."""
    groups: list[dict[str, Place]] = []
    right = -1
    for name, place in sorted(face.labels.items(), key=lambda one: one[1].x):
        if place.x > right or not groups:
            groups.append({})
        groups[-1][name] = place
        right = max(right, place.x + place.width)
    return [Slip(_around(list(group.values())), group) for group in groups]


def _around(places: list[Place]) -> Place:
    x, y = min(one.x for one in places), min(one.y for one in places)
    width = max(one.x + one.width for one in places) - x
    return Place(x, y, width, max(one.y + one.height for one in places) - y)


class Paper(Widget):
    """One strip of paper with labels of programmable keys."""

    COMPONENT_CLASSES = {"paper--text"}
    ALLOW_SELECT = False

    def __init__(self, number: int, snapshot: Snapshot, skin: Skin) -> None:
        """`number` counts the strips of a face, from 0."""
        super().__init__(id=f"paper-{number}")
        self.number = number
        self.labels, self.ellipsis = snapshot.labels, skin.glyphs["ellipsis"]
        self.face: Face = skin.faces[0]
        self.slip: Slip | None = None

    def fit(self, face: Face) -> None:
        """Be one of the strips of this face, or none if it has not so many."""
        self.face, found = face, slips(face)
        self.slip = found[self.number] if self.number < len(found) else None
        self.refresh()

    @property
    def place(self) -> Place | None:
        """Where it lies on the face; None = nowhere."""
        return self.slip.place if self.slip else None

    def show(self, snapshot: Snapshot) -> None:
        """Other labels."""
        if snapshot.labels != self.labels:
            self.labels = snapshot.labels
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The labels on one line, each towards its key."""
        line = " " * self.size.width
        if self.slip is not None:
            for name, place in self.slip.labels.items():
                if place.y == self.slip.place.y + y:
                    start = place.x - self.slip.place.x
                    line = line[:start] + self._label(name, place) + line[start + place.width :]
        return Strip([Segment(line, self.get_component_rich_style("paper--text"))], self.size.width)

    def _label(self, name: str, place: Place) -> str:
        label = harmless(self.labels.get(name, ""))
        text = cut(label, place.width - 1, self.ellipsis)  # a long name may go to the edge that is away from the key
        key = self.face.keys.get(name)
        towards_right = key is not None and key.x > place.x
        return right(text + " ", place.width) if towards_right else left(" " + text, place.width)
