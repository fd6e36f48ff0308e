"""An archive that is searched: the tokens of its items"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from feedwatch.plan import INDEX_RULES

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "item_index",
        sa.Column("item_id", ID, nullable=False, autoincrement=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_indexed", sa.Boolean(), nullable=False),
        sa.Column("tokens", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_item_index_item_id"),
        sa.PrimaryKeyConstraint("item_id", name="pk_item_index"),
    )
    is_unindexed = sa.text("NOT is_indexed")
    op.create_index(
        "ix_item_index_unindexed",
        "item_index",
        ["item_id"],
        unique=False,
        sqlite_where=is_unindexed,
        postgresql_where=is_unindexed,
    )
    state = op.create_table(
        "index_state",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("sampled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sample", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_index_state"),
    )
    # Nothing is indexed yet, so that this holds of whatever program does it.
    op.bulk_insert(state, [{"number": 1, "rules": INDEX_RULES}])
    # Housekeeping finds the tokens; until then every search looks at these items.
    op.execute(
        "INSERT INTO item_index (item_id, source_id, published_at, language, is_indexed) "
        "SELECT id, source_id, published_at, language, FALSE FROM items"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE item_tokens "
            "USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii')"
        )
    else:
        # Out of the rows, which a search reads for their times by the thousand.
        op.execute("ALTER TABLE item_index ALTER COLUMN tokens SET STORAGE EXTERNAL")
        op.execute("ALTER TABLE item_index SET (toast_tuple_target = 128)")
        op.execute("CREATE INDEX ix_item_index_tokens ON item_index USING gin (tokens)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE item_tokens")
    op.drop_table("index_state")
    op.drop_table("item_index")
