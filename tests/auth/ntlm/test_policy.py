from __future__ import annotations

import pytest

from snomtui.auth.ntlm.policy import LmLevel, ResponseKind

LM, V1, SESSION = ResponseKind.LM, ResponseKind.NTLMV1, ResponseKind.NTLM2_SESSION
V2, ANONYMOUS = ResponseKind.NTLMV2, ResponseKind.ANONYMOUS


@pytest.mark.parametrize("level", list(LmLevel))
def test_server_accepts_what_the_policy_editor_says(level: LmLevel) -> None:
    assert level.accepts(V2)
    assert not level.accepts(ANONYMOUS)
    assert level.accepts(LM) is (level < 4)
    assert level.accepts(V1) is level.accepts(SESSION) is (level < 5)


@pytest.mark.parametrize(
    ("level", "with_ess", "without"),
    [(0, V1, V1), (1, SESSION, V1), (2, SESSION, V1), (3, V2, V2), (4, V2, V2), (5, V2, V2)],
)
def test_client_sends_what_the_policy_editor_says(level: int, with_ess: ResponseKind, without: ResponseKind) -> None:
    assert (LmLevel(level).sends(ess=True), LmLevel(level).sends(ess=False)) == (with_ess, without)


def test_levels_and_kinds_have_names_for_people() -> None:
    assert LmLevel(5).title == "Send NTLMv2 response only. Refuse LM & NTLM"
    assert len({level.title for level in LmLevel}) == 6
    assert [kind.auth for kind in ResponseKind] == ["ntlmv1", "ntlmv1", "ntlmv1", "ntlmv2", "none"]
