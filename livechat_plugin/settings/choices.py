"""What can be chosen for a zone, for holidays and for a language: names for the page's lists.

Each language names itself, and asking them all takes Babel a second and 90 MB; so their names are written down beside
this file. `python -m livechat_plugin.settings.choices` writes them anew, after an update of Babel.
"""

from functools import cache
from pathlib import Path

import holidays as public_holidays
import msgspec
import pytz
from babel import Locale, localedata

from .hours import regions_by_country

LANGUAGES = Path(__file__).with_name("languages.json")


@cache
def timezones() -> list[str]:
    """The zones in use today."""
    return list(pytz.common_timezones)


@cache
def countries() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Code, English name and regions, by name; of a region its code and its own name."""
    names = Locale("en").territories
    found = [(code, names.get(code, code), _named(code, regions)) for code, regions in regions_by_country().items()]
    return sorted(found, key=lambda one: one[1])


def _named(country: str, regions: list[str]) -> list[tuple[str, str]]:
    """`holidays` knows what else a region is called: its name, in one language or several, and older codes."""
    aliases = getattr(public_holidays, country).get_subdivision_aliases()
    return [(code, next((one for one in aliases.get(code, ()) if not one.isupper()), code)) for code in regions]


@cache
def languages() -> list[tuple[str, str]]:
    """Code and own name of every language without a region, by code."""
    return list(msgspec.json.decode(LANGUAGES.read_bytes(), type=dict[str, str]).items())


def languages_of_babel() -> dict[str, str]:
    """The names as Babel knows them."""
    codes = sorted(code for code in localedata.locale_identifiers() if "_" not in code)
    return {code: Locale.parse(code).get_display_name() or code for code in codes}


if __name__ == "__main__":
    LANGUAGES.write_bytes(msgspec.json.format(msgspec.json.encode(languages_of_babel())) + b"\n")
