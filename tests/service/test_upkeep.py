"""What a process does by the clock: one part that fails keeps none of the others from their work."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from livechat_plugin.errors import Unavailable
from livechat_plugin.realtime.desk import Desk
from livechat_plugin.realtime.hints import Hints
from livechat_plugin.realtime.lobby import Lobby
from livechat_plugin.realtime.upkeep import Upkeep
from livechat_plugin.settings.file import SettingsFile
from livechat_plugin.storage import settings_versions
from livechat_plugin.usecases.context import Context


class Failing(SettingsFile):
    """Whoever looks at it fails."""

    error_of_looks: Exception = RuntimeError("a mistake of ours")

    def changed(self) -> bool:
        raise self.error_of_looks


def upkeep_of(context: Context, file: SettingsFile) -> Upkeep:
    services: Any = SimpleNamespace(
        context=context,
        settings_file=file,
        desk=Desk(context),
        lobby=Lobby(context),
        hints=Hints(None, None, lambda hint: None),
    )
    return Upkeep(services)


@pytest.mark.parametrize("error", [RuntimeError("a mistake of ours"), Unavailable()])
async def test_worker_follows_though_its_file_can_not_be_imported(
    context: Context, tmp_path: Path, error: Exception
) -> None:
    """Bug: a failing import kept the worker on its old settings."""
    async with context.database.write() as connection:
        await settings_versions.add(connection, 1, {"plan": "scale"}, context.clock())
    file = Failing(tmp_path / "livechat.yml")
    file.error_of_looks = error
    await upkeep_of(context, file).look_at_settings()
    assert (context.version, context.settings.plan) == (1, "scale")
