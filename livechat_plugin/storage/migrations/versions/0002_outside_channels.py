"""Outside channels: other ids of a customer, files, the channel's window, how far a provider took our messages."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aliases",
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("external_user", sa.String(length=200), nullable=False),
        sa.Column("conversation_id", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_aliases_conversation_id")),
        sa.PrimaryKeyConstraint("channel", "account", "external_user", name=op.f("pk_aliases")),
    )
    op.create_index(op.f("ix_aliases_conversation_id"), "aliases", ["conversation_id"], unique=False)
    op.create_table(
        "files",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("conversation_id", sa.String(length=24), nullable=False),
        sa.Column("agent_id", sa.String(length=24), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("ref", sa.String(length=500), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_files_agent_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_files_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index("ix_files_due", "files", ["state", "not_before"], unique=False)
    op.create_index(op.f("ix_files_conversation_id"), "files", ["conversation_id"], unique=False)
    op.add_column("customers", sa.Column("username", sa.String(length=200), nullable=True))
    op.add_column("conversations", sa.Column("sent_upto", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("conversations", sa.Column("customer_at", sa.BigInteger(), nullable=True))
    op.add_column("conversations", sa.Column("customer_ref", sa.String(length=200), nullable=True))
    op.add_column("conversations", sa.Column("blocked_at", sa.BigInteger(), nullable=True))
    op.add_column("receipts", sa.Column("ref", sa.String(length=200), nullable=True))
    op.add_column("outbox", sa.Column("heard_part", sa.Integer(), server_default="-1", nullable=False))
    op.add_column("outbox", sa.Column("heard", sa.String(length=10), nullable=True))
    op.add_column("outbox", sa.Column("round", sa.Integer(), server_default="0", nullable=False))
    op.add_column("outbox", sa.Column("doubts", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_receipts_ref", "receipts", ["conversation_id", "ref"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_receipts_ref", table_name="receipts")
    for table, column in (
        ("outbox", "doubts"),
        ("outbox", "round"),
        ("outbox", "heard"),
        ("outbox", "heard_part"),
        ("receipts", "ref"),
        ("conversations", "blocked_at"),
        ("conversations", "customer_ref"),
        ("conversations", "customer_at"),
        ("conversations", "sent_upto"),
        ("customers", "username"),
    ):
        op.drop_column(table, column)
    op.drop_table("files")
    op.drop_table("aliases")
