"""Settings with their file, notices and mails to the owners, the offer of the contact form, a customer's time zone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("handover_id", sa.String(length=24), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("batch", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name=op.f("fk_notices_handover_id")),
        sa.PrimaryKeyConstraint("handover_id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_batch", "notices", ["batch", "at"], unique=False)
    op.create_table(
        "mails",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("conversation_id", sa.String(length=24), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.Column("not_before", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_mails_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_mails_key")),
    )
    op.create_index("ix_mails_due", "mails", ["state", "not_before"], unique=False)
    op.create_index(op.f("ix_mails_conversation_id"), "mails", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_mails_created_at"), "mails", ["created_at"], unique=False)
    op.add_column("customers", sa.Column("timezone", sa.String(length=64), nullable=True))
    op.add_column("handovers", sa.Column("offered_at", sa.BigInteger(), nullable=True))
    op.add_column("settings_versions", sa.Column("file_text", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("settings_versions", "file_text")
    op.drop_column("handovers", "offered_at")
    op.drop_column("customers", "timezone")
    op.drop_table("mails")
    op.drop_table("notices")
