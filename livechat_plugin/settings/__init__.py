"""livechat.yml: what admins decide. Its schema, reading it with file and line, and writing it back."""

from .reading import SettingsError, check_document, read_bytes, read_file, read_text
from .schema import Settings
from .stored import read_stored

__all__ = ["Settings", "SettingsError", "check_document", "read_bytes", "read_file", "read_stored", "read_text"]
