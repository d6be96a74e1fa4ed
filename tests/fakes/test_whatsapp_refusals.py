"""What Meta takes as an upload, and how it counts characters."""

import pytest
import requests

from .played import NUMBER, PlayedWhatsApp

MB = 2**20


def upload(whatsapp: PlayedWhatsApp, mime: str, size: int) -> requests.Response:
    return requests.post(
        f"{whatsapp.provider.url}/{NUMBER}/media",
        headers={"Authorization": "Bearer graph-token"},
        data={"messaging_product": "whatsapp", "type": mime},
        files={"file": ("file", b"x" * size, mime)},
    )


@pytest.mark.parametrize("mime", ["image/gif", "application/zip", "text/csv", "application/octet-stream"])
def test_types_that_nobody_can_upload(whatsapp: PlayedWhatsApp, mime: str) -> None:
    """The types are few, for documents, too."""
    refused = upload(whatsapp, mime, 10)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, 100)
    assert f"Received file of type '{mime}'" in refused.text


@pytest.mark.parametrize(
    ("mime", "most"), [("image/png", 5 * MB), ("image/webp", MB // 2), ("audio/ogg", 16 * MB), ("text/plain", 100 * MB)]
)
def test_sizes_that_are_taken(whatsapp: PlayedWhatsApp, mime: str, most: int) -> None:
    assert upload(whatsapp, mime, most).ok
    assert upload(whatsapp, mime, most + 1).json()["error"]["code"] == 100


def test_what_is_at_an_address_is_seen_after_accepting(whatsapp: PlayedWhatsApp) -> None:
    """The message is accepted; then it failed, and the customer got nothing."""
    picture = {"link": f"{whatsapp.provider.url}/no-such-picture"}
    assert whatsapp.call({"to": whatsapp.customer.user, "type": "image", "image": picture}).ok
    whatsapp.settle()
    assert whatsapp.statuses() == ["failed"]
    assert whatsapp.values()[-1]["statuses"][0]["errors"][0]["code"] == 131053
    assert whatsapp.customer.sees() == []


def test_an_emoji_counts_as_two(whatsapp: PlayedWhatsApp) -> None:
    assert whatsapp.send("😀" * 2048).ok
    assert whatsapp.send("😀" * 2049).json()["error"]["code"] == 100
