"""The status server as programs use it."""

from __future__ import annotations

import pytest

from snomtui.office.orders import Restart, SetFault, SetPolicy, SignOut
from snomtui.remote.reply import LONGEST_BODY
from tests.remote.console.standin import Bench

# -- the status


async def test_status_tells_who_is_in_with_what_and_who_is_not() -> None:
    bench = Bench()
    bench.house.signed_in("Julia.Falk")
    bench.refuse_somebody()
    answer = await bench.get("/api/v1/office")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    told = answer.json()
    assert told["server"] == {"domain": "ucc.de", "netbios": "UCC", "host": "sip.ucc.de"}
    (registered,), (refused,) = told["registrations"], told["refused"]
    assert (registered["aor"], registered["auth"], registered["expires_in"]) == ("Julia.Falk@ucc.de", "ntlmv2", 900)
    assert (refused["user"], refused["kind"], refused["user_agent"]) == (
        "UCC\\Heiko.Riedel",
        "ntlmv1",
        "snom360/7.3.14",
    )
    assert refused["why"].startswith("NTLMv1 response refused by level 5")
    assert told["versions"] == [{"user_agent": "snom370/8.2.19", "count": 1}]
    assert (told["policy"]["lan_manager_level"], told["faults"], told["connections"]) == (5, [], 2)
    assert told["levels"][5] == {"level": 5, "title": "Send NTLMv2 response only. Refuse LM & NTLM"}
    assert "restart" in told["known_faults"]


# -- orders


@pytest.mark.parametrize(
    ("given", "order"),
    [
        ({"do": "policy", "name": "lan_manager_level", "value": 3}, SetPolicy("lan_manager_level", 3)),
        ({"do": "fault", "name": "slow", "on": True}, SetFault("slow", True)),
        ({"do": "restart"}, Restart()),
        ({"do": "sign_out", "who": "heiko.riedel@ucc.de", "event": "rejected"}, SignOut("heiko.riedel@ucc.de")),
    ],
)
async def test_order_is_done_and_told_back(given: dict[str, object], order: object) -> None:
    bench = Bench()
    bench.house.signed_in()
    assert await bench.order(**given) == (200, {"ok": True, "do": given["do"], "did": [given]})
    assert bench.desk.orders == [order]


async def test_level_that_is_lowered_by_a_program_lets_the_phone_in() -> None:
    bench = Bench()
    bench.refuse_somebody()
    assert (await bench.order(do="policy", name="lan_manager_level", value=3))[0] == 200
    bench.refuse_somebody()
    told = (await bench.get("/api/v1/office")).json()
    assert [each["auth"] for each in told["registrations"]] == ["ntlmv1"]
    assert told["level_title"] == "Send NTLMv2 response only"


async def test_order_that_cannot_be_followed_is_409_and_one_that_is_wrong_422() -> None:
    bench = Bench()
    status, told = await bench.order(do="sign_out", who="nobody@ucc.de")
    assert (status, told) == (409, {"ok": False, "do": "sign_out", "why": "nobody@ucc.de is not signed in"})
    status, told = await bench.order(do="policy", name="lan_manager_level", value=9)
    assert status == 422 and told["why"].startswith("lan_manager_level=9: must be one of")
    status, told = await bench.order(do="fly")
    assert status == 422 and told["why"].startswith("unknown do 'fly', known are policy")
    for body in (b"{", b"[]", b'"restart"', b"\xff"):
        assert (await bench.ask("POST", "/api/v1/intents", content=body)).status_code == 422
    assert (await bench.ask("POST", "/api/v1/intents", content=b" " * (LONGEST_BODY + 1))).status_code == 413
    assert bench.desk.orders == [SignOut("nobody@ucc.de")]


async def test_snapshot_can_be_ordered_too() -> None:
    status, told = await Bench().order(do="snapshot")
    assert (status, told["ok"], told["snapshot"]["server"]["domain"]) == (200, True, "ucc.de")


# -- the journal


async def test_journal_comes_from_a_number_on_and_for_one_user() -> None:
    bench = Bench()
    bench.house.signed_in("Julia.Falk")
    before = bench.desk.journal.count
    bench.refuse_somebody()
    told = (await bench.get(f"/api/v1/journal?since={before}")).json()
    assert told["entries"][0]["number"] == before + 1 and told["last"] == bench.desk.journal.count
    heiko = (await bench.get("/api/v1/journal?user=heiko.riedel%40ucc.de")).json()["entries"]
    assert {each["user"] for each in heiko} == {"Heiko.Riedel@ucc.de", "UCC\\Heiko.Riedel"}
    (note,) = (await bench.get("/api/v1/journal?user=HEIKO&kind=note")).json()["entries"]
    assert note["why"].startswith("REGISTER refused: NTLMv1 response refused by level 5")
    tokens = (await bench.get("/api/v1/journal?user=heiko&kind=ntlm")).json()["entries"]
    assert [each["ntlm"].get("token") for each in tokens] == [None, "CHALLENGE", "AUTHENTICATE"]
    assert tokens[2]["ntlm"]["response"] == "NTLM2 session, 24 bytes"
    methods = (await bench.get("/api/v1/journal?kind=register")).json()["entries"]
    assert {each["method"] for each in methods} == {"REGISTER"}
    assert (await bench.get("/api/v1/journal?kind=INVITE")).json()["entries"] == []


@pytest.mark.parametrize("since", ["-1", "x", "\u0662", "9" * 30])
async def test_journal_from_no_number_is_422(since: str) -> None:
    assert (await Bench().get("/api/v1/journal", params={"since": since})).status_code == 422


async def test_long_journal_comes_with_its_newest_entries() -> None:
    bench = Bench()
    for number in range(700):
        bench.desk.journal.note(str(number), 1.0)
    told = (await bench.get("/api/v1/journal")).json()
    assert (len(told["entries"]), told["left_out"], told["entries"][-1]["line"]) == (500, 200, "699")


# -- who may ask


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.test"}, {"Origin": "http://evil.test"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
)
async def test_page_of_another_site_may_order_and_read_nothing(headers: dict[str, str]) -> None:
    bench = Bench()
    answer = await bench.ask("POST", "/api/v1/intents", json={"do": "restart"}, headers=headers)
    assert (answer.status_code, answer.json()["ok"]) == (403, False)
    assert (await bench.ask("POST", "/do", data={"do": "restart"}, headers=headers)).status_code == 403
    for path in ("/api/v1/office", "/api/v1/journal", "/api/v1/events"):
        assert (await bench.get(path, headers=headers)).status_code == 403
    assert bench.desk.orders == []


async def test_link_elsewhere_may_lead_to_the_page_but_not_under_a_foreign_name() -> None:
    bench = Bench()
    assert (await bench.get("/", headers={"Sec-Fetch-Site": "cross-site"})).status_code == 200
    answer = await bench.get("/", headers={"Host": "evil.test"})
    assert answer.status_code == 403 and "is not a name of this front end" in answer.json()["why"]


async def test_unknown_address_and_method_are_told() -> None:
    bench = Bench()
    assert (await bench.get("/api/v1/nothing")).json() == {"ok": False, "why": "no such address"}
    assert (await bench.get("/nothing")).status_code == 404
    assert (await bench.get("/do")).status_code == 405
    assert (await bench.ask("DELETE", "/api/v1/office")).status_code in (404, 405)
    assert bench.desk.orders == []


async def test_defect_costs_one_request_and_a_log_line() -> None:
    bench = Bench()
    bench.desk.breaks = True
    answer = await bench.get("/api/v1/office")
    assert (answer.status_code, answer.json()["ok"]) == (500, False)
    assert bench.desk.troubles == ["status page: /api/v1/office: RuntimeError: out of order"]


@pytest.mark.parametrize(("kind", "status"), [("text/plain", 415), ("application/json", 200), ("", 200)])
async def test_form_of_a_page_elsewhere_is_not_taken_as_an_order(kind: str, status: int) -> None:
    bench = Bench()
    headers = {"Content-Type": kind} if kind else {}
    answer = await bench.ask("POST", "/api/v1/intents", content=b'{"do": "snapshot"}', headers=headers)
    assert answer.status_code == status
