"""axe-core from npm, run in a page with its shadow roots: WCAG 2.0 to 2.2, A and AA."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parents[2] / "dashboard_app" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """Each broken rule with the places where it is broken; empty is what we want. Animations are let end first."""
    page.wait_for_timeout(300)
    page.evaluate(SOURCE.read_text())
    found: list[dict[str, Any]] = page.evaluate(
        "tags => axe.run(document, {runOnly: tags}).then(result => result.violations)", TAGS
    )
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]} {_why(rule)}" for rule in found]


def _why(rule: dict[str, Any]) -> str:
    return str(rule["nodes"][0].get("failureSummary", ""))
