"""What must hold of a fake provider, or the tests that rely on it prove nothing."""

import pytest
import requests

from .played import APP_SECRET, NUMBER, PATIENCE, TOKEN, Played, PlayedTelegram, PlayedWhatsApp


def test_webhooks_repeat_until_taken_and_keep_their_order(played: Played) -> None:
    """A refused webhook comes again, and what the customer did later waits for it."""
    played.receiver.answers = [503, 500]
    for text in ("one", "two", "three"):
        played.customer.says(text)
    played.settle()
    assert played.said() == ["one", "two", "three"]
    assert played.provider.pusher.statuses == [503, 500, 200, 200, 200]
    assert len(played.customer.delivered) == 3


def test_webhooks_are_given_up_in_the_end(played: Played) -> None:
    """And counted, so that a test can say that nothing was lost."""
    played.provider.pusher.give_up_seconds = 0.3
    played.receiver.answers = [500] * 10
    played.customer.says("hello")
    played.settle()
    assert (played.said(), played.provider.pusher.undelivered) == ([], 1)


def test_duplicates_of_webhooks(played: Played) -> None:
    """Each comes twice, and both are the same."""
    played.provider.pusher.duplicates = 1.0
    played.customer.says("hello")
    played.settle()
    assert played.said() == ["hello", "hello"]
    assert played.receiver.taken[0] == played.receiver.taken[1]


def test_the_ledger_keeps_what_was_accepted(played: Played) -> None:
    """With its buttons; the customer sees it."""
    played.send("Which one?", ["Kettle", "Stove"]).raise_for_status()
    played.send("Which one?").raise_for_status()
    sent = played.customer.waits_for(lambda sent: bool(sent.buttons))
    assert (sent.text, [button.key for button in sent.buttons]) == ("Which one?", ["b:1:0", "b:1:1"])
    assert [sent.text for sent in played.customer.sees()] == ["Which one?"] * 2
    assert played.provider.ledger.duplicates() == [(played.customer.user, "Which one?")]


def test_a_press_names_button_and_message(played: Played) -> None:
    """The key that was sent comes back with the id of the message."""
    played.send("Which one?", ["Kettle", "Stove"]).raise_for_status()
    played.customer.presses("Stove")
    played.settle()
    message_id = played.customer.sees()[-1].message_id
    assert any("b:1:1" in str(body) and message_id in str(body) for body in played.receiver.taken)


def test_typing_is_seen(played: Played) -> None:
    played.show_typing().raise_for_status()
    assert played.customer.typing_seen == 1


@pytest.mark.parametrize(("kind", "accepted"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("way", ["timeout", "reset"])
def test_a_call_without_an_answer(played: Played, way: str, kind: str, accepted: int) -> None:
    """Before accepting nothing arrives; after it the customer has the message and the bot doesn't know."""
    played.provider.faults.next(played.send_method, f"{way}_{kind}")
    with pytest.raises(requests.ConnectionError if way == "reset" else requests.Timeout):
        played.send("hello", timeout=0.5)
    assert len(played.customer.sees()) == accepted
    assert played.provider.faults.ambiguous == accepted
    assert played.send("hello again").ok


def test_faults_that_are_answers(played: Played) -> None:
    """Scripted ones come in order; nothing is accepted; a pause is named."""
    played.provider.faults.retry_after = 3
    played.provider.faults.next(played.send_method, "429", "500", "none", "401")
    answers = [played.send("hello") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [429, 500, 200, 401, 200]
    assert "3" in (answers[0].headers.get("Retry-After") or answers[0].json()["description"])
    assert len(played.customer.sees()) == 2
    assert played.provider.faults.injected == {"429": 1, "500": 1, "401": 1}


def test_faults_by_chance(played: Played) -> None:
    """About the share that was asked for, until they are cleared."""
    played.provider.faults.rates(played.send_method, **{"500": 0.3})
    refused = sum(played.send(f"line {number}").status_code == 500 for number in range(60))
    assert 8 <= refused <= 28
    assert played.provider.faults.injected["500"] == refused == 60 - len(played.customer.sees())
    played.provider.faults.clear()
    assert all(played.send("hello").ok for _ in range(10))


def test_faults_of_one_account(played: Played) -> None:
    """The other goes on."""
    own, other = played.customer.account, "999"
    played.provider.faults.next(f"{other}/{played.send_method}", "429")
    played.provider.faults.rates(f"{own}/*", **{"500": 1.0})
    assert played.send("hello").status_code == 500
    played.provider.faults.rates(f"{own}/*", **{"500": 0.0})
    assert played.send("hello").ok
    assert played.provider.faults.injected == {"500": 1}


def test_an_unknown_fault_is_a_mistake_of_the_test(played: Played) -> None:
    with pytest.raises(ValueError, match="no fault 418"):
        played.provider.faults.next("*", "418")


def test_telegram_refuses(telegram: PlayedTelegram) -> None:
    """What Telegram refuses, in its words."""
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "é" * 33}]]}
    refusals = [
        (telegram.call("getMe", token="1001:other"), 401, "Unauthorized"),
        (telegram.call("getMe", token="nonsense"), 404, "Not Found"),
        (telegram.call("makeCoffee"), 404, "Not Found"),
        (telegram.send("x" * 4097), 400, "Bad Request: message is too long"),
        (telegram.send(" "), 400, "Bad Request: message text is empty"),
        (telegram.call("sendMessage", chat_id=8, text="hi"), 400, "Bad Request: chat not found"),
        (
            telegram.call("sendMessage", chat_id=7, text="hi", reply_markup=keyboard),
            400,
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            telegram.call("getFile", file_id="nothing"),
            400,
            "Bad Request: wrong file_id or the file is temporarily unavailable",
        ),
    ]
    for answer, status, words in refusals:
        assert answer.status_code == status
        assert answer.json() == {"ok": False, "error_code": status, "description": words}
    assert telegram.send("x" * 4096).ok


def test_telegram_proves_itself_by_the_secret(telegram: PlayedTelegram) -> None:
    """And with another one when a test wants to be refused."""
    telegram.customer.says("hello")
    telegram.settle()
    assert telegram.receiver.proof() == "s3cret"
    telegram.bot.push({"message": {}}, secret="wrong")
    assert telegram.receiver.proof() == "wrong"


def test_telegram_sends_the_kinds_it_was_asked_for(telegram: PlayedTelegram) -> None:
    """A reaction is not among them here; after setWebhook says so it is."""
    telegram.customer.reacts("1", "👍")
    telegram.settle()
    assert telegram.receiver.taken == []
    telegram.call("setWebhook", url=telegram.receiver.url, allowed_updates=["message_reaction"]).raise_for_status()
    telegram.customer.reacts("1", "👍")
    telegram.settle()
    assert telegram.receiver.taken[0]["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]


def test_a_customer_blocks_the_bot(telegram: PlayedTelegram) -> None:
    """Messages are refused until the bot is let in again."""
    telegram.customer.blocks()
    answer = telegram.send("hello")
    assert (answer.status_code, answer.json()["description"]) == (403, "Forbidden: bot was blocked by the user")
    telegram.customer.unblocks()
    assert telegram.send("hello").ok


def test_the_same_update_many_times_at_once(telegram: PlayedTelegram) -> None:
    """As it is, 50 times; whoever wrote it can be answered."""
    update = {"update_id": 5, "message": {"text": "hi", "chat": {"id": 99, "type": "private"}}}
    assert telegram.bot.push(update, times=50, at_once=True) == [200] * 50
    assert telegram.receiver.taken == [update] * 50
    assert telegram.call("sendMessage", chat_id=99, text="hello").ok


def test_files_of_telegram(telegram: PlayedTelegram) -> None:
    """A customer's photo by getFile and its path; a bot's by a form, with a caption of at most 1024 characters."""
    telegram.customer.sends_photo(b"\xff\xd8\xffphoto", "The label")
    telegram.settle()
    file_id = telegram.receiver.taken[0]["message"]["photo"][-1]["file_id"]
    path = telegram.call("getFile", file_id=file_id).json()["result"]["file_path"]
    assert (
        requests.get(f"{telegram.provider.url}/file/bot{TOKEN}/{path}", timeout=PATIENCE).content
        == b"\xff\xd8\xffphoto"
    )

    def send(caption: str, content: bytes) -> requests.Response:
        url, file = f"{telegram.provider.url}/bot{TOKEN}/sendPhoto", {"photo": ("a.png", content, "image/png")}
        return requests.post(url, data={"chat_id": "7", "caption": caption}, files=file, timeout=PATIENCE)

    assert send("x" * 1025, b"\x89PNG\r\n\x1a\n").json()["description"] == "Bad Request: message caption is too long"
    assert send("Look", b"no picture").json()["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    assert send("[Look", b"\x89PNG\r\n\x1a\n").ok
    sent = telegram.customer.sees()[0]
    assert (sent.kind, sent.text, sent.media) == ("image", "[Look", b"\x89PNG\r\n\x1a\n")


def test_whatsapp_refuses(whatsapp: PlayedWhatsApp) -> None:
    """What Meta refuses, by code."""
    row = {"id": "k", "title": "x" * 25}
    rows = {"type": "list", "body": {"text": "b"}, "action": {"button": "o", "sections": [{"rows": [row]}]}}
    someone = {"to": whatsapp.customer.user}
    refusals = [
        (whatsapp.call({**someone, "text": {"body": "hi"}}, token="other"), 401, 190),
        (whatsapp.send("x" * 4097), 400, 100),
        (whatsapp.send("Which?", ["a", "b", "c", "d"]), 400, 100),
        (whatsapp.send("Which?", ["x" * 21]), 400, 100),
        (whatsapp.send("Which?", ["same", "same"]), 400, 100),
        (whatsapp.send("x" * 1025, ["a"]), 400, 100),
        (whatsapp.call({**someone, "type": "interactive", "interactive": rows}), 400, 100),
        (whatsapp.call({**someone, "type": "image", "image": {"id": "nothing"}}), 400, 100),
        (whatsapp.call({"to": "4900000", "text": {"body": "hi"}}), 400, 131026),
        (whatsapp.call({"status": "read", "message_id": "wamid.nothing"}), 400, 100),
    ]
    for answer, status, code in refusals:
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert whatsapp.customer.sees() == []


def test_the_window_of_24_hours(whatsapp: PlayedWhatsApp) -> None:
    """By the fake's own clock, from the customer's last message; Meta may also accept a late one and fail it later."""
    began = whatsapp.graph.now()
    whatsapp.customer.says("hello")
    whatsapp.graph.clock = lambda: began + 24 * 3600 - 60
    assert whatsapp.send("in time").ok
    whatsapp.graph.clock = lambda: began + 24 * 3600 + 60
    assert whatsapp.send("late").json()["error"]["code"] == 131047
    whatsapp.graph.refuse_by_status = True
    assert whatsapp.send("late").ok
    whatsapp.settle()
    assert whatsapp.values()[-1]["statuses"][0]["errors"][0]["code"] == 131047
    whatsapp.customer.says("hello again")
    assert whatsapp.send("in time again").ok
    assert [sent.text for sent in whatsapp.customer.sees()] == ["in time", "in time again"]


def test_statuses(whatsapp: PlayedWhatsApp) -> None:
    """All three in order, with our mark; fewer or in any order on request; read when the customer looks."""
    whatsapp.send("hello").raise_for_status()
    whatsapp.settle()
    assert whatsapp.statuses() == ["sent", "delivered", "read"]
    assert whatsapp.values()[0]["statuses"][0]["biz_opaque_callback_data"] == "c:1/0"
    whatsapp.receiver.taken.clear()
    whatsapp.graph.statuses = ("sent",)
    whatsapp.send("hello").raise_for_status()
    whatsapp.number.customer("491501234567").reads_all()
    whatsapp.settle()
    assert whatsapp.statuses() == ["sent", "read"]
    whatsapp.receiver.taken.clear()
    whatsapp.graph.statuses, whatsapp.graph.shuffle_statuses = ("sent", "delivered", "read"), True
    for _ in range(5):
        whatsapp.send("hello").raise_for_status()
    whatsapp.settle()
    assert sorted(whatsapp.statuses()) == sorted(["sent", "delivered", "read"] * 5)
    assert whatsapp.statuses() != ["sent", "delivered", "read"] * 5


def test_whatsapp_proves_itself_by_signature(whatsapp: PlayedWhatsApp) -> None:
    """Over the raw body; and by the handshake's token before that."""
    whatsapp.customer.says("hello")
    whatsapp.settle()
    assert whatsapp.receiver.is_signed(APP_SECRET)
    whatsapp.number.push({"messages": []}, app_secret="other")
    assert whatsapp.receiver.is_signed("other")
    assert whatsapp.number.handshake() == (200, "1158201444")
    assert whatsapp.number.handshake("other")[0] == 403


def test_a_customer_without_a_phone_number(whatsapp: PlayedWhatsApp) -> None:
    """Only the business-scoped id is told, and `recipient` reaches them."""
    hidden = whatsapp.number.customer("491509999999", user_id="US.1349", send_phone=False)
    hidden.says("hello")
    whatsapp.settle()
    assert "491509999999" not in str(whatsapp.receiver.taken)
    assert whatsapp.call({"recipient": "US.1349", "text": {"body": "hi"}}).ok
    assert [sent.text for sent in hidden.sees()] == ["hi"]


def test_files_of_whatsapp(whatsapp: PlayedWhatsApp) -> None:
    """Both ways by id, with the bearer; the address that Meta names wants it, too."""
    bearer = {"Authorization": "Bearer graph-token"}
    whatsapp.customer.sends_document(b"%PDF", "invoice.pdf", "application/pdf")
    whatsapp.settle()
    told = whatsapp.values()[0]["messages"][0]["document"]
    found = requests.get(f"{whatsapp.provider.url}/{told['id']}", headers=bearer, timeout=PATIENCE).json()
    assert requests.get(found["url"], timeout=PATIENCE).status_code == 401
    assert requests.get(found["url"], headers=bearer, timeout=PATIENCE).content == b"%PDF"

    url, form = f"{whatsapp.provider.url}/{NUMBER}/media", {"messaging_product": "whatsapp", "type": "image/png"}
    file = {"file": ("a.png", b"\x89PNG", "image/png")}
    media_id = requests.post(url, data=form, files=file, headers=bearer, timeout=PATIENCE).json()["id"]
    image = {"to": whatsapp.customer.user, "type": "image", "image": {"id": media_id, "caption": "Look"}}
    whatsapp.call(image).raise_for_status()
    assert [(sent.kind, sent.text, sent.media) for sent in whatsapp.customer.sees()] == [("image", "Look", b"\x89PNG")]
