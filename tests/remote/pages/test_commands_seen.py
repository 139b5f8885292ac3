"""The page and the addresses that show remote commands and do them again."""

from __future__ import annotations

from snomtui.phone.intents import Dial, Press
from tests.remote.standin import Bench


async def test_refused_command_is_shown_with_its_reason_and_can_be_tried_again() -> None:
    bench = Bench()
    bench.phone.refusals[Dial("7")] = "Not registered"
    async with bench.client() as client:
        await client.get("/command.htm?number=7", auth=("heiko", "x"))
        page = (await client.get("/commands.htm")).text
        assert "GET /command.htm?number=7" in page and "Not registered" in page and "heiko" in page
        del bench.phone.refusals[Dial("7")]
        answer = await client.post("/commands.htm", data={"replay": "1"})
    assert answer.status_code == 302 and bench.phone.done == [Dial("7")]
    first, second = bench.commands
    assert first["user"] == "heiko" and first["why"] == "Not registered"
    assert (second["target"], second["did"]) == ("/commands.htm", [{"do": "dial", "number": "7"}])


async def test_program_lists_commands_and_does_one_again() -> None:
    bench = Bench(http_user="u", http_pass="p")
    async with bench.client(("u", "p")) as client:
        await client.get("/command.htm?key=1")
        await client.post("/index.htm", data={"NUMBER": "5", "DIAL": "Dial"})
        listed = (await client.get("/api/v1/commands")).json()["commands"]
        assert [(one["n"], one["replay"], one["status"]) for one in listed] == [(2, True, 302), (1, True, 200)]
        assert listed[0]["body"] == "NUMBER=5&DIAL=Dial" and "--user USER" in listed[0]["curl"]
        assert "/command.htm?key=1'" in listed[1]["curl"] and '"p"' not in str(listed)
        again = await client.post("/api/v1/commands/1/replay")
        gone = await client.post("/api/v1/commands/99/replay")
    assert again.json() == {"ok": True, "did": [{"do": "press", "keys": "1"}]}
    assert gone.status_code == 404 and gone.json()["ok"] is False
    assert [each for each in bench.phone.done if isinstance(each, Press)] == [Press("1"), Press("1")]


async def test_number_that_no_command_can_have_is_one_that_is_not_kept() -> None:
    bench = Bench()
    async with bench.client() as client:
        for number in ("9" * 5000, "²", "-1", ""):
            answer = await client.post("/commands.htm", data={"replay": number})
            assert answer.status_code == 404 and "not kept any more" in answer.text


async def test_command_with_a_secret_is_not_done_again_and_says_why() -> None:
    bench = Bench()
    async with bench.client() as client:
        await client.post("/dummy.htm", data={"settings": "save", "user_pass1": "hush"})
        page = await client.get("/commands.htm")
        answer = await client.post("/api/v1/commands/1/replay")
    assert "hush" not in page.text and "********" in page.text
    assert answer.status_code == 409 and "secrets are not kept" in answer.json()["why"]
    assert "hush" not in str(bench.told)


async def test_page_of_another_site_does_nothing_again() -> None:
    bench = Bench()
    async with bench.client() as client:
        await client.get("/command.htm?number=7")
        foreign = {"Origin": "http://evil.test"}
        for target, data in (("/commands.htm", {"replay": "1"}), ("/api/v1/commands/1/replay", None)):
            assert (await client.post(target, data=data, headers=foreign)).status_code == 403
        assert (await client.get("/api/v1/commands", headers=foreign)).status_code == 403
    assert bench.phone.done == [Dial("7")]


async def test_what_strangers_send_is_text_on_the_page() -> None:
    bench = Bench()
    async with bench.client() as client:
        await client.get("/command.htm?<script>alert(1)</script>")
        await client.post("/commands.htm", content=b"replay=99999999999999999999")
        page = (await client.get("/commands.htm")).text
    assert "<script>alert" not in page and "alert(1)" in page
