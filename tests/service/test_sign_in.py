"""Signing in: one way, the same answer for wrong and unknown, slower after failures, and over when it should be."""

import pytest

from livechat_plugin.errors import NotSignedIn, TooManyRequests
from livechat_plugin.ids import AgentId
from livechat_plugin.passwords import Passwords, hash_now
from livechat_plugin.storage import agents, sign_ins
from livechat_plugin.usecases import sign_in
from livechat_plugin.usecases.context import Context

from .world import SettableClock

EMAIL, PASSWORD = "ana@example.org", "correct horse"
STORED = hash_now(PASSWORD)
PASSWORDS = Passwords()


@pytest.fixture
async def ana(context: Context) -> AgentId:
    async with context.database.write() as connection:
        made = await agents.add(connection, EMAIL, "Ana", "agent", STORED, context.clock())
    assert made is not None
    return made


async def enter(context: Context, email: str = EMAIL, password: str = PASSWORD, address: str = "192.0.2.1") -> str:
    token, _ = await sign_in.sign_in(context, PASSWORDS, email, password, address, "a browser")
    return token


@pytest.mark.usefixtures("ana")
async def test_right_password_signs_in_and_out(context: Context) -> None:
    """The token finds the agent until they sign out; the address is not case sensitive."""
    token = await enter(context, email=EMAIL.upper())
    assert (await sign_in.find_agent(context, token))["name"] == "Ana"
    await sign_in.sign_out(context, token)
    with pytest.raises(NotSignedIn):
        await sign_in.find_agent(context, token)


@pytest.mark.usefixtures("ana")
async def test_wrong_and_unknown_get_the_same_answer(context: Context) -> None:
    """Nobody learns from the answer whether an account exists."""
    said = []
    for email, password in ((EMAIL, "wrong"), ("nobody@example.org", PASSWORD)):
        with pytest.raises(NotSignedIn) as caught:
            await enter(context, email, password)
        said.append(caught.value.message)
    assert said[0] == said[1]


@pytest.mark.usefixtures("ana")
async def test_failures_slow_an_account_down_and_lock_nobody_out(context: Context, clock: SettableClock) -> None:
    """After five failures even the right password must wait, longer each time; afterwards it works."""
    for n in range(5):
        with pytest.raises(NotSignedIn):
            await enter(context, password="wrong", address=f"192.0.2.{n}")
    with pytest.raises(TooManyRequests) as caught:
        await enter(context)
    clock.shift(seconds=caught.value.retry_after)
    assert await enter(context)


@pytest.mark.usefixtures("ana")
async def test_one_address_that_guesses_many_accounts_is_slowed_down(context: Context) -> None:
    """The address counts by itself, whatever accounts it tries; others are not held up."""
    for n in range(20):
        with pytest.raises(NotSignedIn):
            await enter(context, email=f"user{n}@example.org", password="wrong")
    with pytest.raises(TooManyRequests):
        await enter(context)
    assert await enter(context, address="192.0.2.9")


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(
    ("hours_of_use", "hours", "over"), [(0, 11, False), (0, 13, True), (160, 7, False), (160, 9, True)]
)
async def test_session_ends_by_idleness_and_by_age(
    context: Context, clock: SettableClock, hours_of_use: int, hours: int, over: bool
) -> None:
    """12 idle hours or 7 days, whichever is first."""
    token = await enter(context)
    for _ in range(0, hours_of_use, 8):
        clock.shift(hours=8)
        await sign_in.find_agent(context, token)
    clock.shift(hours=hours)
    if over:
        with pytest.raises(NotSignedIn):
            await sign_in.find_agent(context, token)
    else:
        assert await sign_in.find_agent(context, token)
    assert await sign_in.ended(context, {token: "agent"}) == ([token] if over else [])


async def test_disabling_ends_every_session(context: Context, ana: AgentId) -> None:
    """A disabled account is signed out everywhere, and can't sign in."""
    token = await enter(context)
    async with context.database.write() as connection:
        await agents.change(connection, ana, disabled_at=context.clock())
    with pytest.raises(NotSignedIn):
        await sign_in.find_agent(context, token)
    with pytest.raises(NotSignedIn):
        await enter(context)


@pytest.mark.usefixtures("ana")
async def test_database_does_not_know_the_token(context: Context) -> None:
    """Whoever reads the table can't use what stands in it."""
    token = await enter(context)
    async with context.database.read() as connection:
        assert await sign_ins.find_agent(connection, token, 0, 0) is None


@pytest.mark.usefixtures("ana")
async def test_another_role_ends_open_sockets(context: Context) -> None:
    """Whoever was given other rights comes back with them; an open socket keeps no old ones."""
    token = await enter(context)
    assert await sign_in.ended(context, {token: "owner"}) == [token]
