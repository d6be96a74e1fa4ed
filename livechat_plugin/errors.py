"""The vocabulary of refusals: one class for each thing that can be refused, with the code clients switch on."""

from collections.abc import Mapping
from typing import Any


class LiveChatError(Exception):
    """`code` and `status` belong to the class; `data` helps a client to say more, and never holds a secret."""

    code = "error"
    status = 500

    def __init__(self, message: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.data: dict[str, Any] = dict(data or {})


class NotSignedIn(LiveChatError):
    code, status = "not_signed_in", 401

    def __init__(self, message: str = "Please sign in.") -> None:
        super().__init__(message)


class Forbidden(LiveChatError):
    code, status = "forbidden", 403


class NotFound(LiveChatError):
    code, status = "not_found", 404

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what}.", {"what": what})


class AlreadyClaimed(LiveChatError):
    """Somebody else holds the conversation."""

    code, status = "already_claimed", 409

    def __init__(self, holder_id: str, holder_name: str, since: str) -> None:
        message = f"{holder_name} took this conversation at {since[11:16]} UTC."
        super().__init__(message, {"holder": {"id": holder_id, "name": holder_name}, "since": since})


class ClaimLost(LiveChatError):
    """The epoch is not the conversation's: what was written stays with its author."""

    code, status = "claim_lost", 409

    def __init__(self, holder_id: str | None = None, holder_name: str | None = None) -> None:
        by = f" {holder_name} has it now." if holder_name else ""
        holder = {"id": holder_id, "name": holder_name} if holder_id else None
        super().__init__(f"This conversation is no longer yours.{by} What you wrote was not sent.", {"holder": holder})


class NotClaimable(LiveChatError):
    code, status = "not_claimable", 409


class UnseenMessage(LiveChatError):
    code, status = "unseen_message", 409

    def __init__(self, seq: int) -> None:
        super().__init__("The customer wrote something that you have not seen yet.", {"seq": seq})


class StaleVersion(LiveChatError):
    """The settings were changed since the caller read them; `data` says to what."""

    code, status = "stale_version", 409

    def __init__(self, by: str, at: str, data: Mapping[str, Any]) -> None:
        super().__init__(f"{by} changed the settings at {at[11:16]} UTC. Nothing of yours was saved.", data)


class Invalid(LiveChatError):
    """Bad input; `fields` maps what is wrong to what was expected."""

    code, status = "invalid", 422

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message, {"fields": dict(fields or {})})


class TooLargeFile(LiveChatError):
    code, status = "invalid", 413

    def __init__(self, limit: int) -> None:
        size = f"{limit / 1_000_000:g} MB"
        super().__init__(f"This file is too large: at most {size}.", {"fields": {"file": f"at most {limit} bytes"}})


class Gone(LiveChatError):
    """It was here, or should have been, and will not come back."""

    code, status = "not_found", 410


class WindowClosed(LiveChatError):
    """The channel takes no message to this customer until they write again."""

    code, status = "window_closed", 409


class TooManyRequests(LiveChatError):
    code, status = "too_many_requests", 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message, {"retry_after": retry_after})
        self.retry_after = retry_after


class PlanRequired(LiveChatError):
    code, status = "plan_required", 403


class LiveChatDisabled(LiveChatError):
    code, status = "live_chat_disabled", 403


class Unavailable(LiveChatError):
    code, status = "unavailable", 503

    def __init__(self, message: str = "The service can't do this right now. Please try again in a moment.") -> None:
        super().__init__(message)
