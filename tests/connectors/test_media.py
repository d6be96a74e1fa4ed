"""A customer's file, passed from the provider to the service piece by piece."""

import asyncio
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from connectors.errors import ProviderDown

from .fake_service import FakeService
from .push_stage import PushStage, push_stage

WANTED: dict[str, Any] = {"account": "shop", "ref": "file-9", "max_bytes": 10}


@pytest.fixture
def stage(loop: asyncio.AbstractEventLoop, service: FakeService) -> Iterator[PushStage]:
    """A pushing channel and its service."""
    with push_stage(loop, service.url) as made:
        yield made


@pytest.mark.parametrize("tells_size", [True, False])
@pytest.mark.parametrize("chunks", [[b"12345", b"67890"], [b"1"], [b""], []])
async def test_a_file_is_passed_on(chunks: list[bytes], tells_size: bool, stage: PushStage) -> None:
    """With its type, and the length when it is known."""
    stage.connector.files["file-9"] = chunks
    stage.connector.tells_size = tells_size
    assert await stage.post("media", WANTED) == (200, b"".join(chunks))


async def test_a_file_that_says_it_is_too_large_is_413(stage: PushStage) -> None:
    """Before the first byte."""
    stage.connector.files["file-9"] = [b"x" * 11]
    assert (await stage.post("media", WANTED)).status == 413


async def test_a_file_that_turns_out_too_large_breaks_off(stage: PushStage) -> None:
    """After 200 there is no other status: the service must not take what it got for the file."""
    stage.connector.files["file-9"] = [b"12345", b"67890", b"1"]
    stage.connector.tells_size = False
    with pytest.raises(aiohttp.ClientPayloadError):
        await stage.post("media", WANTED)


@pytest.mark.parametrize("tells_size", [True, False])
async def test_a_download_that_breaks_off_breaks_off_here(tells_size: bool, stage: PushStage) -> None:
    """Half a file never looks like a whole one."""
    stage.connector.files["file-9"] = [b"12345", ProviderDown("the download broke off"), b"12345"]
    stage.connector.tells_size = tells_size
    with pytest.raises(aiohttp.ClientPayloadError):
        await stage.post("media", WANTED)


@pytest.mark.parametrize("change", [{"ref": "file-8"}, {"account": "old"}])
async def test_what_isnt_there_is_gone(change: dict[str, Any], stage: PushStage) -> None:
    """A file that is gone, an account that is not configured."""
    stage.connector.files["file-9"] = [b"1"]
    reply = await stage.post("media", {**WANTED, **change})
    assert (reply.status, reply.body["code"]) == (410, "gone")


async def test_a_body_that_was_not_agreed_on_is_named(stage: PushStage) -> None:
    """422 with the field."""
    reply = await stage.post("media", {**WANTED, "max_bytes": "10"})
    assert (reply.status, reply.body["message"]) == (422, "max_bytes: expected a number")
