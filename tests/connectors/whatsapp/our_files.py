"""The files of the live chat service, without one."""

from connectors.errors import Gone, TooLarge


class OurFiles:
    """By the last part of their path."""

    def __init__(self, **files: bytes) -> None:
        self.files = files

    async def read_file(self, path: str, max_bytes: int) -> bytes:
        content = self.files.get(path.rpartition("/")[2])
        if content is None:
            raise Gone("the file is no longer there")
        if len(content) > max_bytes:
            raise TooLarge(f"the file is larger than {max_bytes} bytes")
        return content
