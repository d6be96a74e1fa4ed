"""What can go wrong between a provider, Rasa and the live chat service. Callers switch on the class."""

UNWORDED = "refused"
"""The code of a refusal that has none: whoever answered is not the live chat service."""


class ConnectorError(Exception):
    """The base of all of them."""


class NotConfigured(ConnectorError):
    """A required setting is missing or malformed; the message names it and gives an example."""

    def __init__(self, variable: str, problem: str, example: str) -> None:
        super().__init__(f"{variable} {problem}. Set it, for example: {variable}={example}")
        self.variable = variable


class Malformed(ConnectorError):
    """A body that is not what was agreed on; the message names the field and what was expected."""


class BadSignature(ConnectorError):
    """A webhook whose signature or secret is not the provider's. Nothing of it is kept."""


class UnsupportedUpdate(ConnectorError):
    """A well-formed update that live chat has no use for: acknowledged and left. `kind` is all that is logged of it."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"nothing is done with {kind}")
        self.kind = kind


class Unreachable(ConnectorError):
    """The service gave no usable answer for as long as we were willing to ask."""


class Refused(ConnectorError):
    """The service understood a call and said no; asking again would not help."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code


class RetryLater(ConnectorError):
    """The provider takes no message now. `retry_after` is in seconds; it holds for the whole account, or for one
    customer.
    """

    def __init__(self, retry_after: float, message: str = "", whole_account: bool = True) -> None:
        super().__init__(message or f"the provider wants {retry_after} s of quiet")
        self.retry_after = retry_after
        self.whole_account = whole_account


class Rejected(ConnectorError):
    """The provider will never take this message; the message is for the agent who wrote it.

    `code`: window_closed, blocked or rejected.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ProviderDown(ConnectorError):
    """The provider did not answer, or with a fault of its own.

    `sent` is False when it took nothing, None when it may have: the bytes left and no answer came.
    """

    def __init__(self, message: str, sent: bool | None = False) -> None:
        super().__init__(message)
        self.sent = sent


class Gone(ConnectorError):
    """A customer's file that the provider does not have, or no longer."""


class TooLarge(ConnectorError):
    """A file that is larger than whoever asks for it, or the provider, allows."""
