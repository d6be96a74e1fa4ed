"""What a visitor and an agent download, gzipped as a proxy would send it."""

import gzip
from pathlib import Path

import pytest

DIST = Path(__file__).parents[2] / "dashboard_app" / "dist"


def weight(*files: Path) -> int:
    assert files, "nothing was built: run npm run build in dashboard_app"
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def test_the_loader_is_small() -> None:
    """Every visitor of a customer's site pays for the loader: at most 1.5 kB."""
    assert weight(DIST / "widget" / "widget.js") <= 1_500


def test_the_widget_is_small() -> None:
    """Who opens the chat loads the app with its styles and English: at most 20 kB."""
    assert weight(*(DIST / "widget").glob("app-*.js")) <= 20_000


def test_what_files_need_is_small() -> None:
    """A chat in which files are sent or shown loads one part more, once: at most 3 kB."""
    assert weight(*(DIST / "widget").glob("files-*.js")) <= 3_000


def test_the_contact_form_is_small() -> None:
    """Who leaves a message while nobody is there loads one part more: at most 3 kB."""
    assert weight(*(DIST / "widget").glob("form-*.js")) <= 3_000


@pytest.mark.parametrize("locale", ["de"])
def test_a_language_is_small(locale: str) -> None:
    """Any further language: at most 3 kB."""
    assert weight(*(DIST / "widget").glob(f"{locale}-*.js")) <= 3_000


def test_the_first_load_of_the_dashboard_is_small() -> None:
    """What index.html names: at most 60 kB."""
    page = DIST / "agent" / "index.html"
    named = [file for file in (DIST / "agent" / "assets").iterdir() if file.name in page.read_text()]
    assert weight(page, *named) <= 60_000


def test_the_settings_are_small() -> None:
    """Who opens the settings loads one part more, once: at most 25 kB."""
    assert weight(*(DIST / "agent" / "assets").glob("settings-*")) <= 25_000
