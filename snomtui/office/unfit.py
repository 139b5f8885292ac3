"""What cannot be published: halves, and too much ([MS-PRES] 3.4.5.1; numbers of [MS-OCER] 8.3 and 8.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from snomtui.ocs.categories import Category, Key
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.publication import Publication
from snomtui.ocs.roaming import Container
from snomtui.office.shelf import is_aggregate

MOST_AT_ONCE = 100
"""Publications in one request."""
MOST_PUBLICATIONS = 500
"""Publications of one person."""
LARGEST = 32_768
"""Characters in one publication."""
LARGEST_TOTAL = 200_000
"""Characters in all publications of one person; more would not fit into one document."""
LONGEST_NAME = 64
MOST_CONTAINERS = 64
MOST_MEMBERS = 1000
"""In all containers of one person together."""
LONGEST_MEMBER = 454
MEMBER_TYPES = frozenset({"user", "domain", "sameEnterprise", "federated", "publicCloud", "everyone"})
EXPIRE_TYPES = frozenset({"static", "user", "endpoint", "time"})
_NOT_MORE = f"Input data too large: at most {MOST_PUBLICATIONS} publications, {LARGEST_TOTAL} characters"


def unfit(wanted: Sequence[Publication], stored: Iterable[Category]) -> Refusal | None:
    """Why these publications cannot be taken beside those that are stored; None if they can."""
    if not wanted or len(wanted) > MOST_AT_ONCE:
        return Refusal(413 if wanted else 400, 4008, f"Between 1 and {MOST_AT_ONCE} publications are wanted")
    sizes: dict[Key, int] = {each.key: _size(each) for each in stored}
    for each in wanted:
        why = _unfit(each)
        if why:
            return why
        sizes[each.key] = _size(each)
        if each.removes:
            del sizes[each.key]
    if len(sizes) > MOST_PUBLICATIONS or sum(sizes.values()) > LARGEST_TOTAL:
        return Refusal(413, 4008, _NOT_MORE)
    return None


def unfit_members(changes: Sequence[Container], stored: Mapping[int, Container]) -> Refusal | None:
    """Why these members cannot come and go; None if they can."""
    ids = {each.id for each in changes}
    added = [one for each in changes for one in each.members if one.action != "remove"]
    if any(one.action not in ("add", "") for one in added):
        return Refusal(400, 4001, "XML parse failure: action must be add or remove")
    if not changes or not all(ids) or any(one.type not in MEMBER_TYPES for one in added):
        return Refusal(400, 4001, "XML parse failure: containers with their id and members with their type are wanted")
    if any(one.type in ("user", "domain") and not 0 < len(one.value) <= LONGEST_MEMBER for one in added):
        return Refusal(400, 4001, f"XML parse failure: a value of 1 to {LONGEST_MEMBER} characters is wanted")
    there = sum(len(each.members) for each in stored.values())
    if len(ids | stored.keys()) > MOST_CONTAINERS or there + len(added) > MOST_MEMBERS:
        return Refusal(403, 2006, "Container member limit exceeded")
    return None


def _unfit(publication: Publication) -> Refusal | None:
    if not publication.category or len(publication.category) > LONGEST_NAME:
        return Refusal(400, 4001, f"XML parse failure: categoryName of 1 to {LONGEST_NAME} characters is wanted")
    if is_aggregate(publication.key):
        return Refusal(403, 2003, "Category publication failed - Cannot overwrite read only publication")
    if publication.removes:
        return None
    if publication.expire_type not in EXPIRE_TYPES:
        return Refusal(400, 4001, f"XML parse failure: expireType must be one of {', '.join(sorted(EXPIRE_TYPES))}")
    if publication.expire_type == "time" and publication.expires is None:
        return Refusal(400, 4001, "XML parse failure: expireType time needs expires")
    if publication.body is None:
        return Refusal(400, 4001, f"XML parse failure: a publication of {publication.category[:20]} without content")
    if _size(publication) > LARGEST:
        return Refusal(413, 4008, f"Input data too large: at most {LARGEST} characters in one publication")
    return None


def _size(publication: Publication | Category) -> int:
    return len(publication.body.xml()) if publication.body else 0
