"""One story told once: near keys, related stories, what was forgotten; and what items tell of their origin"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def of_items() -> list[sa.Column]:
    return [
        sa.Column("place", sa.Text(), nullable=False, server_default=""),
        sa.Column("canonical", sa.Text(), nullable=False, server_default=""),
        sa.Column("doubted_date", sa.Text(), nullable=False, server_default=""),
    ]


def upgrade() -> None:
    for column in of_items():
        op.add_column("items", column)
    op.drop_index("ix_items_published_at", "items")
    op.create_index("ix_items_published_at", "items", ["published_at", "id", "language"])
    op.create_index("ix_items_source_id_published_at", "items", ["source_id", "published_at", "id"])
    upgrade_matches()
    op.create_table(
        "sketch_keys",
        sa.Column("bucket", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("key", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("item_id", ID, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("bucket", "key", "item_id", name="pk_sketch_keys"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_relations",
        sa.Column("story_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_story_relations_story_id"),
        sa.ForeignKeyConstraint(["other_id"], ["stories.id"], name="fk_story_relations_other_id"),
        sa.PrimaryKeyConstraint("story_id", "other_id", name="pk_story_relations"),
    )
    op.create_index("ix_story_relations_other_id", "story_relations", ["other_id"], unique=False)
    op.create_table(
        "forgotten_items",
        sa.Column("source_id", ID, nullable=False),
        sa.Column("guid_hash", sa.String(32), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_forgotten_items_source_id"),
        sa.PrimaryKeyConstraint("source_id", "guid_hash", name="pk_forgotten_items"),
    )
    op.create_index("ix_forgotten_items_forgotten_at", "forgotten_items", ["forgotten_at"], unique=False)


def upgrade_matches() -> None:
    op.add_column("matches", sa.Column("published_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE matches SET published_at = (SELECT items.published_at FROM items WHERE items.id = matches.item_id)"
    )
    with op.batch_alter_table("matches") as matches:
        matches.alter_column("published_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.create_index("ix_matches_watchlist_id_published_at", "matches", ["watchlist_id", "published_at", "item_id"])


def downgrade() -> None:
    op.drop_table("forgotten_items")
    op.drop_table("story_relations")
    op.drop_table("sketch_keys")
    op.drop_index("ix_matches_watchlist_id_published_at", "matches")
    op.drop_column("matches", "published_at")
    op.drop_index("ix_items_source_id_published_at", "items")
    op.drop_index("ix_items_published_at", "items")
    op.create_index("ix_items_published_at", "items", ["published_at"])
    for column in reversed(of_items()):
        op.drop_column("items", column.name)
