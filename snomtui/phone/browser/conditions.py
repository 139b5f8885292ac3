"""Parts of documents that stand there only sometimes: `If`, `Elif`, `Else` with an attribute `condition`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from snomtui.kit.xml import local

DEEPEST = 16
"""So deep may conditions stand in conditions; what is deeper is left out."""
_NAMES = ("if", "elif", "else")
_TEXTS = ("text", "title", "name", "data", "url")
"""Elements of which only the text counts."""
_COMPARED = re.compile("(.*?)(==|!=|>=|<=|>|<)(.*)", re.DOTALL)
_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
_TRUE = ("true", "on", "yes", "1")

Said = Callable[[str], str]
"""Replaces the variables in a text: `$(set:dnd_mode)`."""


def settle(root: Element, said: Said) -> None:
    """Put in place of each condition what it leads to; `root` is changed."""
    todo = [root]
    while todo:
        element = todo.pop()
        for _ in range(DEEPEST):
            if not any(_name(each) in _NAMES for each in element):
                break
            element[:] = list(_chosen(element, said))
        element[:] = [each for each in element if _name(each) not in _NAMES]
        todo += [each for each in element if len(each) and _name(each) not in _TEXTS]


def holds(condition: str) -> bool:
    """Whether a condition is true: `on`, `!true`, `a==b`, `3>=2`; variables in it are replaced already."""
    text = condition.strip()
    if text.startswith("!"):
        return not holds(text[1:])
    found = _COMPARED.fullmatch(text)
    if found is None:
        return text.lower() in _TRUE
    left, sign, right = found[1].strip(), found[2], found[3].strip()
    if sign in ("==", "!="):
        return (left == right) is (sign == "==")
    try:
        return _SIGNS[sign](float(left), float(right))
    except ValueError:
        return False


def _chosen(element: Element, said: Said) -> Iterator[Element]:
    """The children, those of the first true condition of a chain in place of the chain."""
    done = True
    for each in element:
        name = _name(each)
        if name not in _NAMES:
            yield each
            continue
        done = done and name != "if"
        if not done and (name == "else" or holds(said(each.get("condition", "")))):
            done = True
            yield from each


def _name(element: Element) -> str:
    return local(element).lower()
