"""How the stand-in says no."""


class RefusedError(Exception):
    """An error of `interfaces.md`: status, code, message, data."""

    def __init__(self, status: int, code: str, message: str, **data: object) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.data = status, code, message, data
