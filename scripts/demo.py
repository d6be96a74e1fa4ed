"""`make demo`: set up, start service, Rasa and action server on this machine, print where to look; Ctrl-C stops all.

Its data are in var/: the database, the trained bot, the shared secret, the sign-ins. Ports can be chosen with
LIVECHAT_PORT, LIVECHAT_RASA_PORT, LIVECHAT_ACTIONS_PORT, LIVECHAT_PHONES_PORT, LIVECHAT_MAIL_PORT and
LIVECHAT_SMTP_PORT. With TELEGRAM_TOKEN, WHATSAPP_TOKEN or LIVECHAT_SMTP_URL in the environment the real provider or
mail server is used instead of its fake.
"""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from . import bot, mailbox, phones, port_check
from .failures import Failure, StoppedBySignal, command
from .parts import HOST, Ports, Stack, kept_token, write_private
from .paths import SERVICE_ENV, VAR
from .setup import set_up
from .stamps import digest
from .step import run
from .supervisor import Supervisor

TEAM = (
    ("owner", "Olivia Owner", "owner@example.com"),
    ("agent", "Priya Patel", "priya@example.com"),
    ("agent", "Marco Rossi", "marco@example.com"),
)
PLAYED = {"telegram": "Telegram", "whatsapp": "WhatsApp"}
SIGN_INS = VAR / "sign-ins.json"
TEAM_IS_IN = "team-is-in"


def chosen_ports() -> Ports:
    """The usual ports, or those of the environment."""
    usual = Ports()
    return Ports(
        service=_port("LIVECHAT_PORT", usual.service),
        rasa=_port("LIVECHAT_RASA_PORT", usual.rasa),
        actions=_port("LIVECHAT_ACTIONS_PORT", usual.actions),
        phones=_port("LIVECHAT_PHONES_PORT", usual.phones),
        mail=_port("LIVECHAT_MAIL_PORT", usual.mail),
        smtp=_port("LIVECHAT_SMTP_PORT", usual.smtp),
    )


def _port(variable: str, usual: int) -> int:
    value = os.environ.get(variable) or str(usual)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise Failure(f"{variable}={value} is not a port. Example: {variable}={usual + 1}")
    return int(value)


def kept_passwords(path: Path = SIGN_INS) -> dict[str, str]:
    """Each member's password: made once, the same at every start."""
    passwords: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = {email: secrets.token_urlsafe(9) for _, _, email in TEAM if email not in passwords}
    if missing:
        passwords |= missing
        write_private(path, json.dumps(passwords, indent=1) + "\n")
    return passwords


def prepare(stack: Stack, passwords: dict[str, str]) -> None:
    """Bring the schema up to date and add the team, once per database."""
    livechat = SERVICE_ENV / "bin" / "livechat"
    is_new = not stack.database_url and not (stack.data / "livechat.db").exists()
    run("Bringing the database up to date", [livechat, "migrate"], log="migrate", env=stack.service_env(), seconds=120)
    mark = digest([], stack.database_url, *passwords.values())
    marked = stack.data / TEAM_IS_IN
    if not is_new and marked.exists() and marked.read_text() == mark:
        return
    for role, name, email in TEAM:
        command = [str(livechat), "agent", "add", "--email", email, "--name", name, "--role", role, "--password-stdin"]
        done = subprocess.run(
            command,
            input=f"{passwords[email]}\n",
            text=True,
            capture_output=True,
            env={**os.environ, **stack.service_env()},
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise Failure(
                f"Adding {email} failed: {done.stderr.strip() or done.stdout.strip()}\n"
                "If the sign-ins in var/ are older or newer than its database, delete var/livechat.db to begin anew."
            )
    marked.write_text(mark)


def set_webhook(stack: Stack) -> None:
    """Tell the fake Telegram where the bot's webhook is, by the command that tells the real one."""
    words: list[str | Path] = [
        SERVICE_ENV / "bin" / "livechat",
        "channels",
        "setup",
        "telegram",
        "--url",
        stack.rasa_url,
    ]
    run("Setting the Telegram webhook", words, log="telegram", env=dict(stack.channels), seconds=60)


def where_to_look(stack: Stack, played: Sequence[str], passwords: dict[str, str], seconds: float) -> str:
    width = max(len(email) for _, _, email in TEAM)
    sign_ins = "\n".join(f"    {role:<6} {email:<{width}}  {passwords[email]}   ({name})" for role, name, email in TEAM)
    names = " and ".join(PLAYED[channel] for channel in played)
    phones_page = f"  {names:<13}  http://{HOST}:{stack.ports.phones}/   (phones to try them on)\n" if played else ""
    inbox = (
        "" if mailbox.is_chosen() else f"  Mail           http://{HOST}:{stack.ports.mail}/   (what owners are sent)\n"
    )
    return (
        f"\nLive chat is running (started in {seconds:.0f} s).\n\n"
        f"  Customer page  {stack.url}/demo\n{phones_page}{inbox}  Dashboard      {stack.url}/\n\n"
        f"  Sign in to the dashboard as\n{sign_ins}\n\n"
        f"  Logs are in var/log. Ctrl-C stops everything.\n"
    )


@command
def main() -> int:
    began = time.monotonic()
    database = os.environ.get("LIVECHAT_DATABASE_URL", "")
    ports = chosen_ports()
    outside = phones.channels(ports.phones, VAR / "phones.json")
    mail = [] if mailbox.is_chosen() else [mailbox.mailbox(ports.mail, ports.smtp)]
    extra = {"LIVECHAT_SMTP_URL": mailbox.url(ports.smtp)} if mail else {}
    token = kept_token(VAR / "bridge-token")
    stack = Stack(ports, token, database_url=database, extra=extra, channels=outside.env)
    phones_part = phones.phones(ports.phones, stack.rasa_url, outside.env)
    smtp = [mailbox.smtp_of(part, ports.smtp) for part in mail]
    port_check.require_free([stack.service(), stack.rasa(bot.MODELS), stack.actions(), phones_part, *mail, *smtp])
    print("Setting up; what is there already is left alone.")
    set_up()
    passwords = kept_passwords()
    with Supervisor() as supervisor:
        try:
            supervisor.launch(stack.rasa(bot.model_path()))  # the slowest begins first
            supervisor.launch(stack.actions())
            for part in [*([phones_part] if outside.played else []), *mail]:
                supervisor.launch(part)
            prepare(stack, passwords)
            supervisor.launch(stack.service())
            supervisor.await_ready()
            if "telegram" in outside.played:
                set_webhook(stack)
            print(where_to_look(stack, outside.played, passwords, time.monotonic() - began))
            supervisor.watch()
        except KeyboardInterrupt:
            print("\nStopping …")
        except StoppedBySignal as stopped:
            print(f"\n{stopped}: stopping …")
    print("Everything has stopped.")
    return 0


if __name__ == "__main__":
    main()
