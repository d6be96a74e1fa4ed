"""Browsers for the tests of this folder; servers and the product's parts come from `tests.harness.fixtures`."""

from tests.harness.browser import *  # noqa: F403 - fixtures are found by their names
