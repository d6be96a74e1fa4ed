"""How many mails the owners get: one at once while handovers are few, a bounded number however many there are."""

from itertools import pairwise

from hypothesis import given, strategies as st

from livechat_plugin.domain.mail_pace import DIGEST_MS, SINGLES, TRY_ANOTHER_MS, WINDOW_MS, batches, holds_back

BEAT_MS = 1_000


def play(opened: list[int]) -> list[tuple[int, list[int]]]:
    """The mails for handovers that are opened at these moments: when each was made, and what it names."""
    made: list[tuple[int, list[int]]] = []
    waiting: list[tuple[int, int]] = []
    moments = sorted(opened)
    for at in range(0, (moments[-1] if moments else 0) + DIGEST_MS + 2 * BEAT_MS, BEAT_MS):
        while moments and moments[0] <= at:
            waiting.append((len(waiting) + sum(len(named) for _, named in made), moments.pop(0)))
        recent = sum(len(named) == 1 and then > at - WINDOW_MS for then, named in made)
        for batch in batches(waiting, recent, at):
            made.append((at, batch))
            waiting = [one for one in waiting if one[0] not in batch]
    return made


def test_one_is_mailed_at_once() -> None:
    """Nobody waits for others to come."""
    assert batches([("a", 0)], 0, 0) == [["a"]]


def test_the_sixth_waits_for_the_others() -> None:
    """Five by themselves, then one mail that names the rest."""
    waiting = [(number, 0) for number in range(8)]
    assert batches(waiting, 0, 0) == [[0], [1], [2], [3], [4]]
    assert batches(waiting[5:], 5, DIGEST_MS - 1) == []
    assert batches(waiting[5:], 5, DIGEST_MS) == [[5, 6, 7]]


def test_one_that_waits_goes_as_soon_as_there_is_room() -> None:
    """The digest is a limit, not a delay."""
    assert batches([("a", 0), ("b", 5)], 4, 10) == [["a"]]


def test_what_has_waited_too_long_is_named_in_one_mail() -> None:
    """Also where there is room for mails about one each: after an outage nobody reads five of them first."""
    waiting = [(number, number) for number in range(4)]
    assert batches(waiting, 0, DIGEST_MS) == [[0, 1, 2, 3]]


def test_nothing_is_mailed_while_nothing_gets_through() -> None:
    """But one more is tried after a long while: it may be the mail, and not the server."""
    assert not holds_back(None, 0)
    assert holds_back(0, TRY_ANOTHER_MS - 1)
    assert not holds_back(0, TRY_ANOTHER_MS)


@given(st.lists(st.integers(0, 600_000), max_size=120))
def test_each_is_named_once_and_mails_are_bounded(opened: list[int]) -> None:
    """In any minute at most five mails about one each, and never two digests within half of one."""
    made = play(opened)
    named = [one for _, batch in made for one in batch]
    assert sorted(named) == list(range(len(opened)))
    singles = [at for at, batch in made if len(batch) == 1]
    digests = [at for at, batch in made if len(batch) > 1]
    assert all(sum(start <= at < start + WINDOW_MS for at in singles) <= SINGLES + 2 for start in singles)
    assert all(later - earlier > DIGEST_MS - BEAT_MS for earlier, later in pairwise(digests))
