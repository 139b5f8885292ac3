"""Phones and a front end for other people's tests: a pytest plugin, there as soon as snomtui is installed.

    def test_my_program_dials(phone):
        my_program.dial(phone.url, "+4930123456")
        phone.wait("call", state="talking", timeout=5)

Fixtures: `phone`, `office`, `phones` (a factory). What they are made of is in `snomtui.qa.lab`, and nothing of it is
imported before a test asks for it. Ini options and markers: `snomtui_settings`, `snomtui_model`, `snomtui_people`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from snomtui.qa.lab import Lab, LabOffice, LabPhone

    Phones = Callable[..., LabPhone]

SHOWN = 40
"""So many events of each phone stand in the report of a test that failed."""
_PHONES = pytest.StashKey["list[LabPhone]"]()
_MARKERS = (
    "snomtui_settings(**settings): settings of the phones of a test, by snom's names",
    "snomtui_model(name): the model or skin of its phones",
    "snomtui_people(file): who works in its office, a TOML file",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The ini options."""
    parser.addini("snomtui_settings", "settings of phones, one NAME=VALUE a line", "linelist")
    parser.addini("snomtui_model", "the model or skin of phones (default snom370)", default="snom370")
    parser.addini("snomtui_people", "who works in the office, a TOML file beside the ini file", default="")


def pytest_configure(config: pytest.Config) -> None:
    """The markers."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The report of a test that failed tells what its phones told."""
    report = yield
    if report.failed:
        from snomtui.qa.events import told

        for phone in item.stash.get(_PHONES, []):
            report.sections.append((f"Events of the phone at {phone.url}", told(phone.events, SHOWN)))
    return report


@pytest.fixture(scope="session")
def snomtui_lab() -> Iterator[Lab]:
    """The thread in which phones and front ends live."""
    from snomtui.qa.lab import Lab

    with Lab() as lab:
        yield lab


@pytest.fixture
def office(request: pytest.FixtureRequest, snomtui_lab: Lab) -> Iterator[LabOffice]:
    """A simulated front end with colleagues, on free ports of loopback."""
    people = _given(request, "snomtui_people", Path(str(request.path)).parent)
    office = snomtui_lab.office(people)
    yield office
    snomtui_lab.end(office)


@pytest.fixture
def phones(request: pytest.FixtureRequest, snomtui_lab: Lab) -> Iterator[Phones]:
    """A factory: `phones(person="", model="", **settings)`.

    A phone signs in at the office as a person, or as the next who has no phone; with a `user_host1` in the settings
    it goes to that server, and there is no office.
    """
    made: list[LabPhone] = []

    def make(person: str = "", model: str = "", registered: bool = True, **settings: Any) -> LabPhone:
        values = {**_settings(request), **{name: _text(value) for name, value in settings.items()}}
        kind = model or _value(request, "snomtui_model")
        if "user_host1" in values:
            phone = snomtui_lab.phone(values, kind)
        else:
            phone = request.getfixturevalue("office").phone(person, values, kind, registered)
        made.append(phone)
        request.node.stash.setdefault(_PHONES, []).append(phone)
        return phone

    if not any(name == "user_host1" for name in _settings(request)):
        request.getfixturevalue("office")  # made before the phones, so that it is closed after them
    yield make
    for phone in reversed(made):
        snomtui_lab.end(phone)


@pytest.fixture
def phone(phones: Phones) -> LabPhone:
    """A phone that is registered at the office as the first person there."""
    return phones()


def _settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """Those of the ini file, then those of the markers, the nearest last."""
    found: dict[str, str] = {}
    for line in request.config.getini("snomtui_settings"):
        name, equals, value = line.partition("=")
        if not equals:
            raise pytest.UsageError(f"snomtui_settings: {line!r} must be NAME=VALUE")
        found[name.strip()] = value.strip()
    for marker in reversed(list(request.node.iter_markers("snomtui_settings"))):
        found |= {name: _text(value) for name, value in marker.kwargs.items()}
    return found


def _value(request: pytest.FixtureRequest, name: str) -> str:
    marker = request.node.get_closest_marker(name)
    return str(marker.args[0] if marker else request.config.getini(name))


def _given(request: pytest.FixtureRequest, name: str, beside: Path) -> Path | None:
    """A file: one of a marker is beside the test, one of the ini file beside that."""
    text = _value(request, name)
    if request.node.get_closest_marker(name) is None:
        ini = request.config.inipath
        beside = ini.parent if ini else request.config.rootpath
    return beside / Path(text).expanduser() if text else None


def _text(value: object) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
