"""Files of the stand-in: uploaded by agents, sent by customers, here at once or on their way for a while."""

import asyncio
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import quote

from livechat_plugin.wire.common import Attachment, Uploaded

from .dashboard_refusal import RefusedError

MEGABYTE = 1_000_000
KINDS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF": "application/pdf"}


@dataclass
class StoredFile:
    name: str
    mime: str
    content: bytes
    reason: str | None = None
    here: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def kind(self) -> str:
        return "image" if self.mime.startswith("image/") else "file"

    @property
    def headers(self) -> dict[str, str]:
        shown = "inline" if self.kind == "image" else "attachment"
        return {
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(self.name)}",
            "X-Content-Type-Options": "nosniff",
        }


class Files:
    def __init__(self) -> None:
        self.held: dict[str, StoredFile] = {}
        self.ids = count(1)
        self.enabled = True
        self.max_megabytes = 10
        self.pause_seconds = 0.0
        self.wait_seconds = 20.0

    def put(self, name: str, content: bytes, *, here: bool = True) -> str:
        """Keeps a file; the id. Raises RefusedError for what the service does not take."""
        if len(content) > self.max_megabytes * MEGABYTE:
            raise RefusedError(413, "invalid", f"This file is too large: at most {self.max_megabytes} MB.")
        mime = next((mime for start, mime in KINDS.items() if content.startswith(start)), None)
        if mime is None and (b"\x00" in content or content.lstrip().startswith(b"<")):
            raise RefusedError(422, "invalid", "Files of this kind are not taken: pictures, PDF, plain text.")
        id = f"{next(self.ids):024x}"
        self.held[id] = StoredFile(name, mime or "text/plain", content)
        if here:
            self.held[id].here.set()
        return id

    def settle(self, id: str, reason: str | None) -> None:
        """A file that was on its way is here, or can't be had."""
        self.held[id].reason = reason
        self.held[id].here.set()

    async def wait_for(self, id: str) -> StoredFile:
        file = self.held.get(id)
        if file is None:
            raise RefusedError(404, "not_found", "There is no such file.")
        try:
            await asyncio.wait_for(file.here.wait(), self.wait_seconds)
        except TimeoutError as error:
            raise RefusedError(
                503, "unavailable", "This file is still on its way. Please try again in a moment."
            ) from error
        if file.reason:
            raise RefusedError(410, "not_found", file.reason)
        return file

    def uploaded(self, id: str) -> Uploaded:
        file = self.held[id]
        return Uploaded(id=id, kind=file.kind, name=file.name, mime=file.mime, size=len(file.content), url=url(id))  # type: ignore[arg-type]

    def attachment(self, id: str) -> Attachment:
        file = self.held[id]
        return Attachment(id=id, kind=file.kind, url=url(id), name=file.name, mime=file.mime, size=len(file.content))  # type: ignore[arg-type]


def url(id: str) -> str:
    return f"/api/v1/files/{id}"
