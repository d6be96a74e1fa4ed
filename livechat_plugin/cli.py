"""The command `livechat`: serve, add an agent, check settings, set up a channel, migrate the schema."""

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from . import __version__
from .config import ConfigError, read_database_url
from .settings import SettingsError, read_file


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 1 with one line on stderr that says what was wrong."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (ConfigError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="livechat", description="Rasa Live Chat: the service and its commands.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="run the service")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8080)
    serve.add_argument("--workers", type=int, default=1, help="more than one only on PostgreSQL")
    serve.set_defaults(run=_serve)

    agent = commands.add_parser("agent", help="people of the team").add_subparsers(required=True, metavar="command")
    add = agent.add_parser("add", help="add somebody to the team")
    add.add_argument("--email", required=True)
    add.add_argument("--name", required=True)
    add.add_argument("--role", choices=("owner", "admin", "agent"), default="agent")
    add.add_argument("--password-stdin", action="store_true", help="read the password from the first line of stdin")
    add.set_defaults(run=_add_agent)

    settings = commands.add_parser("settings", help="livechat.yml").add_subparsers(required=True, metavar="command")
    check = settings.add_parser("check", help="say what is wrong with a settings file")
    check.add_argument("file", nargs="?", default=os.environ.get("LIVECHAT_SETTINGS") or "livechat.yml", type=Path)
    check.set_defaults(run=_check_settings)

    channels = commands.add_parser("channels", help="outside channels").add_subparsers(required=True, metavar="command")
    setup = channels.add_parser("setup", help="tell a provider where our webhook is")
    setup.add_argument("channel", choices=("telegram",))
    setup.add_argument("--url", required=True, help="the public address of the Rasa server")
    setup.set_defaults(run=_set_up_channel)

    migrate = commands.add_parser("migrate", help="bring the database's schema up to date")
    migrate.set_defaults(run=_migrate)
    return parser


def _serve(options: argparse.Namespace) -> int:
    from .serve import serve

    return serve(options.host, options.port, options.workers)


def _migrate(_: argparse.Namespace) -> int:
    from .storage.migrate import migrate

    before, after = migrate(read_database_url(os.environ))
    print("The schema is up to date." if before == after else f"The schema is now at {after}.")
    return 0


def _check_settings(options: argparse.Namespace) -> int:
    read_file(options.file, datetime.now(UTC))
    print(f"{options.file}: ok")
    return 0


def _set_up_channel(options: argparse.Namespace) -> int:
    from .channel_setup import setup_telegram

    for line in setup_telegram(os.environ, options.url):
        print(line)
    return 0


def _add_agent(options: argparse.Namespace) -> int:
    from .passwords import MIN_LENGTH
    from .usecases.team import add_agent

    if "@" not in options.email:
        raise ConfigError("--email: expected an address such as ana@example.org")
    password = sys.stdin.readline().rstrip("\r\n") if options.password_stdin else _ask_password()
    if len(password) < MIN_LENGTH:
        raise ConfigError(f"password: expected at least {MIN_LENGTH} characters")
    url = read_database_url(os.environ)
    if not asyncio.run(add_agent(url, options.email.strip(), options.name.strip(), options.role, password)):
        raise ConfigError(f"--email: {options.email} is on the team already")
    print(f"{options.name} ({options.role}) can sign in as {options.email}.")
    return 0


def _ask_password() -> str:
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise ConfigError("password: the two entries are not the same")
    return first


if __name__ == "__main__":
    sys.exit(main())
