"""What every channel with a provider must do, whatever the provider: one test for all, over `push_cases.CASES`."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.base import PushConnector
from connectors.errors import BadSignature, Malformed, NotConfigured, UnsupportedUpdate
from connectors.model import Attachment, Button, Inbound, Outbound, Receipt, as_body
from connectors.split import size

from .push_cases import CASES, PushCase

PAYLOADS = [pytest.param(case, path, id=f"{case}-{path.stem}") for case in CASES for path in case.payloads]
KINDS = {"message", "start", "edit", "button", "reaction", "blocked", "unblocked"}
STATUSES = {"sent", "delivered", "read", "failed"}
BUTTONS = tuple(Button(f"b:12:{at}", f"Choice {at}") for at in range(3))
PICTURE = Attachment("image", "https://shop.example/kit.jpg", "kit.jpg", "image/jpeg", 90112)
OURS = Attachment("file", "/bridge/v1/files/7", "invoice.pdf", "application/pdf", 48213)
LONG = "\n\n".join(f"Paragraph {number}: " + "wörd 😀 " * 200 for number in range(12))


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> PushCase:
    """Each channel in turn."""
    found: PushCase = request.param
    return found


@pytest.fixture(autouse=True)
def without_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own environment."""
    for case in CASES:
        for name in case.environment:
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(f"{name}_FILE", raising=False)


def make(case: PushCase, credentials: Mapping[str, Any] | None = None) -> PushConnector[Any]:
    made = case.connector.from_credentials(case.credentials if credentials is None else credentials)
    assert isinstance(made, PushConnector)
    return made


def message(case: PushCase, **more: Any) -> Outbound:
    return Outbound("c1:12", case.account, "15550001111", **more)


def said(value: Any) -> Iterator[str]:
    """Every text in whatever a part is made of."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from said(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from said(inner)
    elif hasattr(value, "__dataclass_fields__"):
        yield from said(vars(value))


def test_one_account_comes_from_the_environment(case: PushCase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stands in credentials.yml, and no network is needed."""
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    assert list(make(case, {}).accounts) == [case.account]


@pytest.mark.promise("channels", "2b")
def test_a_missing_variable_is_named(case: PushCase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them, with an example: no secret, no start."""
    for missing in case.environment:
        for name, value in case.environment.items():
            monkeypatch.setenv(name, "" if name == missing else value)
        with pytest.raises(NotConfigured, match=rf"^{missing} .* for example: {missing}="):
            make(case, {})


def test_a_secret_may_come_from_a_file(case: PushCase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As all secrets."""
    for name, value in case.environment.items():
        if name in case.secrets:
            (tmp_path / name).write_text(f"{value}\n")
            monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))
        else:
            monkeypatch.setenv(name, value)
    assert list(make(case, {}).accounts) == [case.account]


def test_several_accounts_are_served(case: PushCase) -> None:
    """Two bots or numbers, one Rasa."""
    assert len(make(case).accounts) == 2
    assert case.account in make(case).accounts


@pytest.mark.parametrize("wrong", [None, "", "  ", 1.5, True, ["x"], "two words", "schlüssel"])
def test_a_malformed_account_is_named(wrong: Any, case: PushCase) -> None:
    """By its place, and its value is not shown."""
    for key in case.credentials["accounts"][1]:
        accounts = [dict(account) for account in case.credentials["accounts"]]
        accounts[1][key] = wrong
        with pytest.raises(NotConfigured) as refused:
            make(case, {"accounts": accounts})
        assert str(refused.value).startswith(f"accounts[1].{key} ")
        assert not isinstance(wrong, str) or len(wrong) < 3 or wrong not in str(refused.value)


@pytest.mark.parametrize("accounts", [[], {}, "x", ["x"], [{"colour": "red"}]])
def test_accounts_that_are_none_are_refused(accounts: Any, case: PushCase) -> None:
    """Also a key that nobody knows: it may be a misspelt one."""
    with pytest.raises(NotConfigured, match=r"^accounts"):
        make(case, {"accounts": accounts})


def test_the_same_account_twice_is_refused(case: PushCase) -> None:
    """One of them would never be heard."""
    first = case.credentials["accounts"][0]
    with pytest.raises(NotConfigured, match=r"^accounts\[1\]\."):
        make(case, {"accounts": [first, first]})


@pytest.mark.parametrize(("case", "path"), PAYLOADS)
@pytest.mark.promise("channels", "2a")
def test_a_webhook_of_the_provider_is_heard(case: PushCase, path: Path) -> None:
    """Verified for the first account, and whatever it says is of that account."""
    connector = make(case)
    request = case.signed(path.read_bytes())
    accounts = connector.verify(request)
    assert case.account in accounts
    with suppress(UnsupportedUpdate):
        things = connector.parse(request.body, accounts)
        assert things
        for thing in things:
            _check_thing(case, thing)


def _check_thing(case: PushCase, thing: Inbound | Receipt) -> None:
    body = as_body(thing)
    assert (body["channel"], body["account"]) == (case.connector.name, case.account)
    if isinstance(thing, Receipt):
        assert thing.status in STATUSES
        assert thing.external_id or thing.message_id
        assert thing.at.endswith("Z")
        return
    assert thing.kind in KINDS
    assert 0 < len(thing.external_id) <= 200
    assert 0 < len(thing.external_user) <= 200
    if thing.kind != "button":  # a press is a message of the customer's own on some channels alone
        assert (thing.ref is None) == (thing.kind in {"blocked", "unblocked"})
    assert thing.kind != "message" or thing.text or thing.attachments
    assert thing.kind != "button" or thing.button
    for attachment in thing.attachments:
        assert attachment.kind in {"image", "file"}
        assert "://" not in attachment.ref


@pytest.mark.parametrize(("case", "path"), PAYLOADS)
def test_the_same_webhook_is_read_the_same(case: PushCase, path: Path) -> None:
    """The service knows a repeat by its ids."""
    connector = make(case)
    accounts = connector.verify(case.signed(path.read_bytes()))
    with suppress(UnsupportedUpdate):
        assert connector.parse(path.read_bytes(), accounts) == connector.parse(path.read_bytes(), accounts)


@pytest.mark.promise("channels", "2b")
def test_who_is_not_the_provider_is_refused(case: PushCase) -> None:
    """Without a signature, with an empty, a strange or somebody else's."""
    connector = make(case)
    signed = case.signed(case.payloads[0].read_bytes())
    wrong = ("", "x", "sha256=", "sha256=" + "0" * 64, "ü\udcff", "first-secret-and-more")
    for headers in ({}, *(dict.fromkeys(signed.headers, value) for value in wrong)):
        with pytest.raises(BadSignature):
            connector.verify(replace(signed, headers=headers))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000, b"{}"])
@pytest.mark.promise("channels", "2a")
def test_what_is_no_webhook_is_malformed(body: bytes, case: PushCase) -> None:
    """Whatever the bytes are, the error is ours."""
    connector = make(case)
    with pytest.raises(Malformed):
        connector.parse(body, connector.verify(case.signed(body)))


MESSAGES: list[dict[str, Any]] = [
    {"text": "Hi"},
    {"text": LONG},
    {"text": "Which one?", "buttons": BUTTONS},
    {"text": LONG, "buttons": BUTTONS, "attachments": (PICTURE, OURS)},
    {"attachments": (PICTURE,)},
    {"text": "x", "buttons": tuple(Button(f"b:1:{at}", f"Choice {at} " * 10) for at in range(30))},
]


@pytest.mark.parametrize("content", MESSAGES, ids=str)
def test_a_message_is_cut_the_same_each_time(content: dict[str, Any], case: PushCase) -> None:
    """A repeat goes on with a part number, so parts never depend on anything else."""
    assert list(make(case).parts(message(case, **content))) == list(make(case).parts(message(case, **content)))


@pytest.mark.parametrize("content", MESSAGES, ids=str)
def test_no_part_is_larger_than_the_provider_takes(content: dict[str, Any], case: PushCase) -> None:
    """And no word is lost."""
    parts = make(case).parts(message(case, **content))
    texts = [text for part in parts for text in said(part)]
    assert all(size(text) <= case.longest_text for text in texts)
    for word in set((content.get("text") or "").split()):
        assert any(word in text for text in texts)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 10, 11])
def test_every_button_can_be_seen(number: int, case: PushCase) -> None:
    """By its key, so that it can be pressed, or at least by its title."""
    buttons = tuple(Button(f"b:12:{at}", f"Choice-{at}.") for at in range(number))
    parts = make(case).parts(message(case, text="Which one?", buttons=buttons))
    texts = [text for part in parts for text in said(part)]
    for button in buttons:
        assert button.key in texts or any(button.title in text for text in texts)


def test_without_its_files_a_message_keeps_all_its_words(case: PushCase) -> None:
    """Whichever part a file and words share; and a part without a file is whole."""
    connector = make(case)
    for content in MESSAGES:
        parts = connector.parts(message(case, **content))
        left = [rest for part in parts if (rest := connector.without_file(part)) is not None]
        texts = [text for part in left for text in said(part)]
        assert all(word in " ".join(texts) for word in (content.get("text") or "").split())
        assert all(button.key in texts for button in content.get("buttons", ())[:10] if len(content["buttons"]) < 11)
        assert not any(PICTURE.url in texts or OURS.url in texts for part in left)
        assert all(connector.without_file(part) is part for part in left)


def test_no_secret_can_be_seen(case: PushCase) -> None:
    """Not in the connector, nor in what it says about itself."""
    shown = repr(make(case)) + repr(vars(make(case)))
    for name in case.secrets:
        assert case.environment[name] not in shown


async def test_it_closes_also_when_nothing_was_opened(case: PushCase) -> None:
    """And twice."""
    connector = make(case)
    await connector.close()
    await connector.close()


def test_its_payloads_are_json(case: PushCase) -> None:
    """Captured bodies as the provider sends them, at least one of each kind."""
    assert len(case.payloads) > 10
    for path in case.payloads:
        assert isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
