"""What every part of the settings has in common."""

import msgspec


class Section(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """A mapping of livechat.yml; keys that are left out have the defaults of the struct."""
