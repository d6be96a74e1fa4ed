"""The schema, the same on SQLite and PostgreSQL.

What must hold: a conversation's row is the only truth about who holds it; `epoch` grows with every change of holder and
`last_seq` with every event, both by the one UPDATE that makes the change. Times are milliseconds since 1970 in UTC.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = String(24)

agents = Table(
    "agents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),  # lower case
    Column("name", String(120), nullable=False),
    Column("role", String(10), nullable=False),  # owner | admin | agent
    Column("password_hash", String(200), nullable=False),
    Column("present_until", BigInteger, nullable=False, server_default="0"),  # the lease, renewed by the server
    Column("disabled_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
)

sign_ins = Table(  # an agent's browser sessions
    "sign_ins",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("agent_id", Id, ForeignKey("agents.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("address", String(64)),
    Column("browser", String(300)),
)

sign_in_failures = Table(  # throttling, per account and per address; survives Redis
    "sign_in_failures",
    metadata,
    Column("subject", String(300), primary_key=True),  # account:<email> | address:<ip>
    Column("failures", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)

customers = Table(
    "customers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200)),
    Column("username", String(200)),  # what they call themselves on their channel
    Column("email", String(254)),
    Column("phone", String(40)),
    Column("locale", String(35)),
    Column("timezone", String(64)),  # an IANA name, as far as their channel tells
    Column("page", String(500)),
    Column("created_at", BigInteger, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("account", String(200), nullable=False),
    Column("external_user", String(200), nullable=False),  # where replies go: the surest id that we were told
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("holder_kind", String(5), nullable=False, server_default="bot"),  # bot | queue | agent
    Column("holder_id", Id, ForeignKey("agents.id")),
    Column("held_since", BigInteger, nullable=False),
    Column("epoch", BigInteger, nullable=False, server_default="0"),
    Column("last_seq", BigInteger, nullable=False, server_default="0"),
    Column("last_customer_seq", BigInteger, nullable=False, server_default="0"),
    Column("last_bot_seq", BigInteger, nullable=False, server_default="0"),
    Column("bot_read_seq", BigInteger, nullable=False, server_default="0"),  # how far Rasa's tracker knows the log
    Column("team_read_seq", BigInteger, nullable=False, server_default="0"),
    Column("sent_upto", BigInteger, nullable=False, server_default="0"),  # outside channels: taken by the provider
    Column("delivered_upto", BigInteger, nullable=False, server_default="0"),
    Column("read_upto", BigInteger, nullable=False, server_default="0"),
    Column("exchanged", Integer, nullable=False, server_default="0"),  # customer messages + bot turns, for the button
    Column("customer_at", BigInteger),  # when the customer last wrote: some channels close a window after it
    Column("customer_ref", String(200)),  # the provider's id of that message
    Column("blocked_at", BigInteger),  # when the customer blocked us
    Column("waiting_since", BigInteger),  # when the customer began to wait for a person
    Column("away_at", BigInteger),  # when the holder's lease ran out
    Column("handover_id", Id),  # the open one
    Column("resume", JSON(none_as_null=True)),  # how the bot goes on, for its next turn
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False, index=True),
    UniqueConstraint("channel", "account", "external_user"),
    Index("ix_conversations_held", "holder_kind", "holder_id"),
)

aliases = Table(  # other ids of the same customer at the provider
    "aliases",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("account", String(200), primary_key=True),
    Column("external_user", String(200), primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False, index=True),
)

visitors = Table(  # bearer tokens of the widget, each bound to one conversation
    "visitors",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
)

handovers = Table(
    "handovers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("key", String(300), nullable=False, unique=True),  # the turn's id: asking twice opens once
    Column("status", String(10), nullable=False),  # pending | claimed | resolved
    Column("outcome", String(20)),
    Column("trigger", String(20), nullable=False),
    Column("reason", String(500)),
    Column("card", JSON(none_as_null=True)),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("offered_at", BigInteger),  # live chat closed while they waited: since when they may leave their details
    Column("requested_at", BigInteger, nullable=False),
    Column("claimed_by", Id, ForeignKey("agents.id")),
    Column("claimed_at", BigInteger),
    Column("resolved_at", BigInteger),
    Column("resolved_seq", BigInteger),
    Column("changed_at", BigInteger, nullable=False, index=True),
    Index("ix_handovers_list", "status", "requested_at"),
)

events = Table(
    "events",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversations.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False),
    Column("audience", String(4), nullable=False),  # all | team | log (only the log: suppressed)
    Column("actor_kind", String(10), nullable=False),
    Column("actor_id", Id),
    Column("actor_name", String(200)),
    Column("text", Text),
    Column("body", JSON(none_as_null=True)),  # buttons with payloads, attachments, what a state change was
    Column("epoch", BigInteger, nullable=False),
    Column("verdict", String(10)),  # of the gate, for what goes to a customer: sent | suppressed
    Column("key", String(300)),  # the author's idempotency key
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("conversation_id", "key"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False),
    Column("seq", BigInteger, nullable=False),  # the customer message to be answered
    Column("epoch", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),  # waiting | running | done | dropped
    Column("attempt", Integer, nullable=False, server_default="0"),  # how often it was taken up: the fence of a try
    Column("failures", Integer, nullable=False, server_default="0"),  # how often Rasa failed at it
    Column("spoke", Boolean, nullable=False, server_default=text("false")),
    Column("locked_until", BigInteger),
    Column("not_before", BigInteger, nullable=False, server_default="0"),
    Column("waiting_since", BigInteger, nullable=False),  # since when it could have been answered
    UniqueConstraint("conversation_id", "seq"),
    Index("ix_turns_state", "state", "not_before"),
    Index(
        "uq_turns_running",
        "conversation_id",
        unique=True,
        sqlite_where=text("state = 'running'"),
        postgresql_where=text("state = 'running'"),
    ),
)

receipts = Table(  # what providers sent us, once each
    "receipts",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("account", String(200), primary_key=True),
    Column("external_id", String(200), primary_key=True),
    Column("conversation_id", Id, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("ref", String(200)),  # the provider's id of the message itself: edits and reactions name it
    Column("at", BigInteger, nullable=False, index=True),
    Index("ix_receipts_ref", "conversation_id", "ref"),
)

files = Table(  # pictures and files of customers and agents; the bytes are in the file store, under the id
    "files",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("agent_id", Id, ForeignKey("agents.id")),  # whose upload it is; null for the customer's
    Column("kind", String(10), nullable=False),  # image | file
    Column("name", String(200), nullable=False),
    Column("mime", String(100), nullable=False),
    Column("size", BigInteger),
    Column("state", String(8), nullable=False),  # wanted | stored | refused
    Column("reason", String(300)),
    Column("ref", String(500)),  # the provider's id of a wanted one
    Column("seq", BigInteger),  # the message that it was sent with
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("not_before", BigInteger, nullable=False, server_default="0"),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_files_due", "state", "not_before"),
)

outbox = Table(  # what must still be delivered on outside channels, in order
    "outbox",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversations.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", String(40), nullable=False),
    Column("account", String(200), nullable=False),
    Column("state", String(8), nullable=False),  # pending | sending | sent | failed | unknown | skipped
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("parts_done", Integer, nullable=False, server_default="0"),
    Column("round", Integer, nullable=False, server_default="0"),  # grows when an agent sends it again
    Column("doubts", Integer, nullable=False, server_default="0"),  # tries without an answer: each may have arrived
    Column("external_ids", JSON(none_as_null=True)),
    Column("error", String(500)),
    Column("locked_until", BigInteger),
    Column("not_before", BigInteger, nullable=False, server_default="0"),
    Column("created_at", BigInteger, nullable=False),
    Column("status", String(10)),  # the provider's word: sent | delivered | read | failed
    Column("heard_part", Integer, nullable=False, server_default="-1"),  # the last part of which the provider has told,
    Column("heard", String(10)),  # and what; it may tell before it answers our call
    Index("ix_outbox_due", "state", "not_before"),
)

audit = Table(  # append-only
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("actor_kind", String(10), nullable=False),
    Column("actor_id", Id),
    Column("action", String(40), nullable=False),
    Column("conversation_id", Id),
    Column("data", JSON(none_as_null=True)),
)

notices = Table(  # handovers of which the owners are told by mail; written with the handover
    "notices",
    metadata,
    Column("handover_id", Id, ForeignKey("handovers.id"), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("batch", Id),  # the mail, one to each owner, that names it; null: not yet
    Index("ix_notices_batch", "batch", "at"),
)

mails = Table(  # what must still be sent by mail, to one person each
    "mails",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(10), nullable=False),  # handover | digest | answer | test
    Column("key", String(300), nullable=False, unique=True),  # what it is about and to whom: once
    Column("recipient", String(254), nullable=False),
    Column("conversation_id", Id, ForeignKey("conversations.id"), index=True),
    Column("seq", BigInteger),  # of an answer: the first message that it may carry,
    Column("upto", BigInteger),  # and the last that it does
    Column("subject", String(300)),  # subject and bodies are null while it is not yet certain what to say
    Column("text", Text),
    Column("html", Text),
    Column("state", String(8), nullable=False),  # waiting | sending | sent | failed | dropped
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("error", String(500)),
    Column("locked_until", BigInteger),
    Column("not_before", BigInteger, nullable=False, server_default="0"),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("sent_at", BigInteger),
    Index("ix_mails_due", "state", "not_before"),
)

settings_versions = Table(
    "settings_versions",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("document", JSON, nullable=False),
    Column("file_hash", String(64)),  # of the livechat.yml that it was read from, or written to
    Column("file_text", Text),  # that file, with its comments
    Column("author", Id),  # an agent; null for the file
    Column("at", BigInteger, nullable=False),
)
