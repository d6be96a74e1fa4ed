"""Which messages of an agent a mail carries to somebody who has gone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mails", sa.Column("seq", sa.BigInteger(), nullable=True))
    op.add_column("mails", sa.Column("upto", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("mails") as mails:
        mails.drop_column("upto")
        mails.drop_column("seq")
