"""`livechat serve`: checks that it can run, brings the schema up to date, starts Redis if it must, and serves."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from sanic import Sanic
from sanic.worker.loader import AppLoader

from .app import create_app
from .config import Config, ConfigError, read_config
from .embedded_redis import embedded_redis
from .logs import configure_logs
from .settings import SettingsError, read_file
from .storage.migrate import migrate
from .usecases.keep_settings import has_settings

log = logging.getLogger(__name__)

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def serve(host: str, port: int, workers: int) -> int:
    """Runs until it is told to stop. Raises `ConfigError` when it can't start."""
    configure_logs()
    config = _checked(host, port, workers)
    migrate(config.database_url)
    _check_settings(config)
    with _redis(config) as redis_url:
        config = replace(config, redis_url=redis_url)
        if workers == 1:
            create_app(config).run(host=host, port=port, single_process=True, access_log=False, motd=False)
        else:
            _serve_many(config, host, port, workers)
    return 0


def _checked(host: str, port: int, workers: int) -> Config:
    env = {"LIVECHAT_PUBLIC_URL": f"http://{host}:{port}", **os.environ}
    config = read_config(env)
    if workers > 1 and config.database_url.startswith("sqlite"):
        raise ConfigError("--workers: SQLite allows one; for more set LIVECHAT_DATABASE_URL to a PostgreSQL")
    if not config.https and not {host, urlsplit(config.public_url).hostname} <= LOOPBACK:
        raise ConfigError(
            "LIVECHAT_PUBLIC_URL: expected an https:// address when the service is reachable from other machines "
            "(passwords and cookies would be readable on the way)"
        )
    return config


def _check_settings(config: Config) -> None:
    """The first start needs a good file; later the last good version goes on, and the mistake is said."""
    try:
        read_file(config.settings_path, datetime.now(UTC))
    except SettingsError as error:
        if asyncio.run(has_settings(config.database_url)):
            log.warning("settings: %s; the last good settings stay in force", error)
        else:
            raise


@contextlib.contextmanager
def _redis(config: Config) -> Iterator[str]:
    if config.redis_url is not None:
        yield config.redis_url
        return
    with embedded_redis(config.data_dir) as url:
        yield url


def _serve_many(config: Config, host: str, port: int, workers: int) -> None:
    """Each worker is a process of its own that makes its own application."""
    loader = AppLoader(factory=partial(create_app, config))
    app = loader.load()
    app.prepare(host=host, port=port, workers=workers, access_log=False, motd=False)
    Sanic.serve(primary=app, app_loader=loader)
