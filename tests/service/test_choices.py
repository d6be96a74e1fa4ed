"""What the settings page offers to choose from."""

import pytest

from livechat_plugin.settings import choices
from livechat_plugin.settings.hours import regions_by_country

NAMED = [
    ("DE", "BW", "Baden-Württemberg"),
    ("AT", "9", "Wien"),
    ("US", "NY", "New York"),
    ("CA", "BC", "British Columbia"),
    ("FR", "971", "Guadeloupe"),
    ("IN", "TS", "Telangana"),
    ("DE", "Augsburg", "Augsburg"),
    ("FR", "Zone A", "Zone A"),
]


@pytest.mark.parametrize(("country", "code", "name"), NAMED)
def test_a_region_has_its_name(country: str, code: str, name: str) -> None:
    """Its own, not another code; where no name is known, its code."""
    (regions,) = [regions for one, _, regions in choices.countries() if one == country]
    assert dict(regions)[code] == name


def test_every_region_that_livechat_yml_may_name_can_be_chosen() -> None:
    """In the order of the codes that are known, and none without words."""
    offered = {code: regions for code, _, regions in choices.countries()}
    assert {code: [one for one, _ in regions] for code, regions in offered.items()} == regions_by_country()
    assert all(name.strip() for regions in offered.values() for _, name in regions)


def test_the_languages_are_those_that_babel_knows() -> None:
    """Written down because asking takes long; after an update of Babel they are written anew."""
    assert dict(choices.languages()) == choices.languages_of_babel()
    assert dict(choices.languages())["de"] == "Deutsch"
