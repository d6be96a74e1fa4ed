"""The stand-in's settings: versions in memory, checked and foretold by the service's own rules, and a log of mails.

Nothing is written to a file and nobody is mailed; the tests of what Save does run against the real service.
"""

from datetime import UTC, datetime
from typing import Any

from livechat_plugin import render
from livechat_plugin.domain.availability import judge
from livechat_plugin.settings import Settings, SettingsError, check_document, choices
from livechat_plugin.settings.differences import differences
from livechat_plugin.usecases.foresee import foreseen
from livechat_plugin.usecases.wording import Reader
from livechat_plugin.wire import settings as wire
from livechat_plugin.wire.common import Availability
from livechat_plugin.wire.dashboard import Agent, Person
from livechat_plugin.wire.mails import Mail, Mails

from .dashboard_refusal import RefusedError
from .dashboard_talk import iso


class SettingsShelf:
    def __init__(self) -> None:
        first = wire.SettingsVersion(version=1, at=iso(datetime.now(UTC)), author=None, changes=[])
        self.versions = [first]
        self.documents: dict[int, dict[str, Any]] = {1: Settings().document()}
        self.file_error: str | None = None
        self.mail = wire.MailSetup(configured=True, sender="chat@example.com", owners=[])
        self.mails: list[Mail] = []

    @property
    def latest(self) -> wire.SettingsVersion:
        return self.versions[0]

    @property
    def document(self) -> dict[str, Any]:
        return self.documents[self.latest.version]

    @property
    def reason(self) -> str:
        settings = check_document(self.document)
        hours = settings.business_hours
        schedule = hours.schedule() if hours.enabled else None
        return judge(settings.plan, settings.live_chat.enabled, schedule, now()).reason

    def check(self, document: dict[str, Any]) -> Settings:
        try:
            return check_document(document)
        except SettingsError as error:
            raise RefusedError(422, "invalid", str(error), fields={error.key: error.problem}) from error

    def save(self, agent: Agent, wish: wire.SaveSettings) -> None:
        if agent.role == "agent":
            raise RefusedError(403, "forbidden", "Owners and admins can change this.")
        settings = self.check(wish.document)
        if wish.version != self.latest.version:
            since = changed(self.documents[wish.version], self.document)
            theirs = wire.StaleSettings(
                version=self.latest.version,
                document=self.document,
                at=self.latest.at,
                author=self.latest.author,
                changes=since,
            )
            raise RefusedError(409, "stale_version", "Somebody saved meanwhile.", **as_data(theirs))
        self.put(settings, Person(id=agent.id, name=agent.name))

    def put(self, settings: Settings, author: Person | None) -> None:
        number, document = self.latest.version + 1, settings.document()
        news = changed(self.document, document)
        self.versions.insert(0, wire.SettingsVersion(version=number, at=iso(now()), author=author, changes=news))
        self.documents[number] = document

    def answer(self, agent: Agent, availability: Availability) -> wire.SettingsDocument:
        return wire.SettingsDocument(
            version=self.latest.version,
            document=self.document,
            availability=availability,
            file_error=self.file_error,
            at=self.latest.at,
            author=self.latest.author,
            may_change=agent.role != "agent",
            mail=self.mail,
        )

    def page(self, before: int | None) -> wire.SettingsVersions:
        found = [one for one in self.versions if before is None or one.version < before]
        return wire.SettingsVersions(items=found[:10], next=found[9].version if len(found) > 10 else None)

    def log(self) -> Mails:
        return Mails(items=self.mails, next=None)


def preview(settings: Settings, wish: wire.PreviewSettings) -> wire.SettingsPreview:
    at = datetime.fromisoformat(wish.at) if wish.at else now()
    return render.foresight(foreseen(settings, now(), at, Reader(wish.locale, wish.timezone)))


def offered() -> wire.SettingsChoices:
    return wire.SettingsChoices(
        timezones=choices.timezones(),
        countries=[
            wire.Country(code=code, name=name, regions=[wire.Region(code=one, name=own) for one, own in regions])
            for code, name, regions in choices.countries()
        ],
        languages=[wire.Language(code=code, name=name) for code, name in choices.languages()],
    )


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[wire.ChangedKey]:
    return [wire.ChangedKey(key=one.key, before=one.before, after=one.after) for one in differences(before, after)]


def as_data(body: wire.StaleSettings) -> dict[str, Any]:
    return {name: getattr(body, name) for name in body.__struct_fields__}


def now() -> datetime:
    return datetime.now(UTC)
