"""livechat.yml: its schema, and reading it with file, line, key and what was expected.

What must hold: whatever is accepted takes effect; an unknown key, a wrong type or an impossible value is refused
whole. The same structs check the file, the Settings page and what the database holds.
"""

import hashlib
import re
from datetime import time
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytz
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from .domain.business_hours import Hours
from .plain import explain
from .wire.common import NOT_BLANK

MAX_FILE_BYTES = 256 * 1024
"""A settings file is a page long; a larger one is a mistake, or an attack by aliases."""

CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")

Seconds = Annotated[int, msgspec.Meta(ge=1, le=86_400)]
Message = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000, pattern=NOT_BLANK)]


class Section(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """A mapping of the file; keys that are left out have the defaults below."""


class LiveChat(Section, kw_only=True, frozen=True):
    enabled: bool = True
    show_button: bool = True
    message_threshold: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 3


class Messages(Section, kw_only=True, frozen=True):
    greeting: Annotated[str, msgspec.Meta(max_length=2_000)] = "Hello! How can I help you?"
    talk_to_human: Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern=NOT_BLANK)] = "Talk to Human"
    handover: Message = "A team member will be with you shortly."
    out_of_hours: Message = "We are away right now. Leave your details and we will get back to you."
    form_received: Message = "Thank you. We will get back to you."
    requeued: Message = "Your contact had to step away. Another team member will be with you shortly."
    bot_silent: Message = "Sorry, I can't answer right now. A team member will be with you shortly."
    bot_silent_alone: Message = "Sorry, I can't answer right now. Please try again in a little while."


class BusinessHours(Section, kw_only=True, frozen=True):
    enabled: bool = False
    timezone: str = "Europe/Berlin"
    start: str = "09:00"
    end: str = "17:00"
    weekly: dict[str, Any] = {}
    exceptions: list[Any] = []

    def __post_init__(self) -> None:
        if self.timezone not in pytz.all_timezones_set:
            raise ValueError(f"timezone: expected an IANA name such as Europe/Berlin, found {self.timezone!r}")
        if not CLOCK.match(self.start):
            raise ValueError(f'start: expected a time such as "09:00", found {self.start!r}')
        if self.end != "24:00" and not CLOCK.match(self.end):
            raise ValueError(f'end: expected a time such as "17:00", or "24:00", found {self.end!r}')
        if self.start == self.end:
            raise ValueError('end: expected another time than start (for the whole day use "00:00" and "24:00")')
        if self.weekly:
            raise ValueError("weekly: hours for single weekdays are not available yet; use start and end")
        if self.exceptions:
            raise ValueError("exceptions: hours for single dates are not available yet; use start and end")

    def hours(self) -> Hours | None:
        """None when live chat is not restricted to hours."""
        if not self.enabled:
            return None
        end = None if self.end == "24:00" else time.fromisoformat(self.end)
        return Hours(self.timezone, time.fromisoformat(self.start), end)


class Attachments(Section, kw_only=True, frozen=True):
    """Pictures and files, both ways; `max_megabytes` is for each file."""

    enabled: bool = True
    max_megabytes: Annotated[int, msgspec.Meta(ge=1, le=20)] = 10

    @property
    def max_bytes(self) -> int:
        return self.max_megabytes * 1_000_000


class Email(Section, kw_only=True, frozen=True):
    enabled: bool = True


class Notifications(Section, kw_only=True, frozen=True):
    email: Email = Email()


class Claims(Section, kw_only=True, frozen=True):
    lease_seconds: Annotated[int, msgspec.Meta(ge=3, le=3_600)] = 45
    requeue_after_seconds: Seconds = 120


class Bot(Section, kw_only=True, frozen=True):
    answer_within_seconds: Annotated[int, msgspec.Meta(ge=1, le=600)] = 20


Site = Annotated[str, msgspec.Meta(pattern=r"^https?://[a-z0-9.:\[\]-]+$", max_length=200)]


class Widget(Section, kw_only=True, frozen=True):
    """Origins of the websites on which the widget runs, besides the service's own."""

    sites: list[Site] = []


class Settings(Section, kw_only=True, frozen=True):
    plan: Literal["free", "basic", "pro", "scale"] = "pro"
    live_chat: LiveChat = LiveChat()
    messages: Messages = Messages()
    business_hours: BusinessHours = BusinessHours()
    notifications: Notifications = Notifications()
    claims: Claims = Claims()
    attachments: Attachments = Attachments()
    bot: Bot = Bot()
    widget: Widget = Widget()

    def document(self) -> dict[str, Any]:
        """The settings as in livechat.yml, with every default filled in."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built


class SettingsError(Exception):
    """`path:line: key: what was expected`, ready to be shown."""

    def __init__(self, problem: str, *, key: str = "", line: int | None = None, path: str = "livechat.yml") -> None:
        place = f"{path}:{line}" if line is not None else path
        super().__init__(": ".join(part for part in (place, key, problem) if part))
        self.key = key
        self.problem = problem
        self.line = line


def check_document(document: Any) -> Settings:
    """Raises `SettingsError` (without file and line) naming the first key that is wrong."""
    try:
        return msgspec.convert(document, Settings, strict=True)
    except msgspec.ValidationError as error:
        key, problem = explain(error, Settings)
        raise SettingsError(problem, key=key, path="") from error


def read_text(text: str, path: str = "livechat.yml") -> Settings:
    """The settings that a file's text says; an empty file says the defaults."""
    if len(text.encode()) > MAX_FILE_BYTES:
        raise SettingsError(f"expected at most {MAX_FILE_BYTES // 1024} kB", path=path)
    document = _parse(text, path)
    try:
        return check_document({} if document is None else document)
    except SettingsError as error:
        raise SettingsError(error.problem, key=error.key, line=_line_of(document, error.key), path=path) from error


def _parse(text: str, path: str) -> Any:
    try:
        return YAML(typ="rt").load(StringIO(text))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise SettingsError(f"expected YAML: {error.problem}", line=line, path=path) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise SettingsError("expected YAML", path=path) from error


def _line_of(document: Any, key: str) -> int | None:
    """The line of a key, or of the nearest mapping above it that is in the file."""
    line: int | None = None
    for part in re.findall(r"\w+", key):
        if isinstance(document, dict) and part in document:
            line = document.lc.key(part)[0] + 1  # type: ignore[attr-defined]
            document = document[part]
        elif isinstance(document, list) and part.isdigit():
            line = document.lc.item(int(part))[0] + 1  # type: ignore[attr-defined]
            document = document[int(part)]
        else:
            break
    return line


def read_file(path: Path) -> tuple[Settings, str]:
    """The file's settings and the hash of its bytes."""
    try:
        raw = path.read_bytes()
        text = raw.decode()
    except OSError as error:
        raise SettingsError(f"can't be read ({error.strerror})", path=str(path)) from error
    except UnicodeDecodeError as error:
        raise SettingsError("expected text in UTF-8", path=str(path)) from error
    return read_text(text, str(path)), hashlib.sha256(raw).hexdigest()
