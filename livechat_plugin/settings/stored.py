"""Reading a version of the settings from the database, which an older or a newer program may have written.

What must hold: the service starts and follows, whatever is stored. A key that is not known, or whose value is not
accepted any more, is left out, so that its default stands, and a log line names it; every other key is in force.
"""

import logging
import re
from copy import deepcopy
from typing import Any

from .reading import SettingsError, check_document
from .schema import Settings

log = logging.getLogger(__name__)


def read_stored(document: Any) -> Settings:
    """The settings of a stored document."""
    left = deepcopy(document)
    while True:
        try:
            return check_document(left)
        except SettingsError as error:
            log.warning("settings: a stored version has %s: %s; it is left out", error.key or "no keys", error.problem)
            if not isinstance(left, dict) or not _leave_out(left, error.key):
                return Settings()


def _leave_out(document: Any, key: str) -> bool:
    """Takes away what stands at this key, or the nearest thing above it; False when there is nothing."""
    place, holder, name = document, None, None
    for part in re.findall(r"[^.\[\]]+", key):
        step = int(part) if isinstance(place, list) and part.isdigit() else part
        try:
            place, holder, name = place[step], place, step
        except (KeyError, IndexError, TypeError):
            break
    if holder is None:
        return False
    del holder[name]
    return True
