"""The paper labels beside the programmable keys."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from snomtui.phone.snapshot import Snapshot
from snomtui.skin import Face, Place, Skin
from snomtui.ui.text import cut, harmless, left, right


class Paper(Widget):
    """One strip of paper with the labels of all programmable keys of a face."""

    COMPONENT_CLASSES = {"paper--text"}
    ALLOW_SELECT = False

    def __init__(self, snapshot: Snapshot, skin: Skin) -> None:
        super().__init__(id="paper")
        self.labels, self.ellipsis = snapshot.labels, skin.glyphs["ellipsis"]
        self.face: Face = skin.faces[0]
        self.place: Place | None = None

    def fit(self, face: Face) -> None:
        """Cover the rectangle around all labels of this face; None if it has no labels."""
        self.face = face
        places = list(face.labels.values())
        if not places:
            self.place = None
            return
        x, y = min(one.x for one in places), min(one.y for one in places)
        width = max(one.x + one.width for one in places) - x
        self.place = Place(x, y, width, max(one.y + one.height for one in places) - y)

    def show(self, snapshot: Snapshot) -> None:
        """Other labels."""
        if snapshot.labels != self.labels:
            self.labels = snapshot.labels
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The labels on one line, each towards its key."""
        line = " " * self.size.width
        if self.place is not None:
            for name, place in self.face.labels.items():
                if place.y == self.place.y + y:
                    start = place.x - self.place.x
                    line = line[:start] + self._label(name, place) + line[start + place.width :]
        return Strip([Segment(line, self.get_component_rich_style("paper--text"))], self.size.width)

    def _label(self, name: str, place: Place) -> str:
        text = cut(harmless(self.labels.get(name, "")), place.width - 2, self.ellipsis)
        key = self.face.keys.get(name)
        towards_right = key is not None and key.x > place.x
        return right(text + " ", place.width) if towards_right else left(" " + text, place.width)
