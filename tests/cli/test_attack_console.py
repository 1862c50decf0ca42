"""Words of strangers on an operator's terminal: shown, never obeyed."""

from __future__ import annotations

import pytest

from sequencer.cli.console import Console, visible
from verifier.chain import ChainRevert

CLEAR, TITLE, BACKWARDS = "\x1b[2J", "\x1b]0;title\x07", "\u202e"


@pytest.mark.parametrize(
    "evil", [CLEAR, TITLE, BACKWARDS, "\x9b31m", "\r", "\x00", "\ud800", "\x08"]
)
def test_a_contracts_words_do_not_move_the_cursor(
    evil: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reason = str(ChainRevert("Error", (f"before{evil}after",)))
    console = Console()
    console.line(f"message 7 waits: {reason}")
    console.error(reason)
    out, err = capsys.readouterr()
    for text in (out, err):
        assert evil not in text
        assert "\x1b" not in text
        assert "before\\" in text
        assert "after" in text


def test_ordinary_text_stays_as_it_is() -> None:
    text = "Δ 0 … 2^32, é, [red]\n\ttab “quoted” 日本"
    assert visible(text) == text
