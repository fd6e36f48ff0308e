"""Sources that tell more: kinds, redirects, rhythm, hubs; and what items carry beside their text"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def of_sources() -> list[sa.Column]:
    return [
        sa.Column("validators_url", sa.Text(), nullable=True),
        sa.Column("known_entries", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False, server_default="feed"),
        sa.Column("options", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("moving_to", sa.Text(), nullable=True),
        sa.Column("moving_seen", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hints", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("pace_s", sa.Integer(), nullable=True),
        sa.Column("last_new_at", sa.DateTime(timezone=True), nullable=True),
    ]


def of_items() -> list[sa.Column]:
    return [
        sa.Column("comments", sa.Text(), nullable=False, server_default=""),
        sa.Column("image", sa.Text(), nullable=False, server_default=""),
        sa.Column("origin", sa.Text(), nullable=False, server_default=""),
        sa.Column("enclosures", sa.JSON(), nullable=False, server_default="[]"),
    ]


def upgrade() -> None:
    # Column by column: a table made anew, as other changes need it on SQLite, would lose what points to it.
    for table, columns in (("sources", of_sources()), ("items", of_items())):
        for column in columns:
            op.add_column(table, column)
    # Their validators came from the URL that they have, as far as anybody knows.
    op.execute("UPDATE sources SET validators_url = url WHERE etag IS NOT NULL OR last_modified IS NOT NULL")

    op.create_table(
        "hub_leases",
        sa.Column("source_id", ID, nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_pushed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_hub_leases_source_id"),
        sa.PrimaryKeyConstraint("source_id", name="pk_hub_leases"),
        sa.UniqueConstraint("token", name="uq_hub_leases_token"),
    )
    op.create_index("ix_hub_leases_due", "hub_leases", ["next_attempt_at"], unique=False)


def downgrade() -> None:
    op.drop_table("hub_leases")
    for table, columns in (("items", of_items()), ("sources", of_sources())):
        for column in reversed(columns):
            op.drop_column(table, column.name)
