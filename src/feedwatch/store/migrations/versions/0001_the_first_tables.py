"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("disabled_why", sa.Text(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("next_poll_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_poll_why", sa.Text(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_poll_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_outcome", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("name", name="uq_sources_name"),
    )
    op.create_index("ix_sources_due", "sources", ["enabled", "next_poll_at"], unique=False)

    op.create_table(
        "stories",
        sa.Column("id", ID, nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
    )
    op.create_index("ix_stories_first_seen_at", "stories", ["first_seen_at"], unique=False)

    op.create_table(
        "subscribers",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscribers"),
        sa.UniqueConstraint("email_key", name="uq_subscribers_email_key"),
    )
    op.create_table(
        "watchlists",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watchlists"),
        sa.UniqueConstraint("name_key", name="uq_watchlists_name_key"),
    )
    op.create_table(
        "items",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("guid_hash", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_from", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_items_source_id"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_items_story_id"),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.UniqueConstraint("source_id", "guid_hash", name="uq_items_source_id_guid_hash"),
    )
    op.create_index("ix_items_first_seen_at", "items", ["first_seen_at"], unique=False)
    op.create_index("ix_items_published_at", "items", ["published_at"], unique=False)
    op.create_index("ix_items_story_id", "items", ["story_id"], unique=False)

    op.create_table(
        "polls",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("body_bytes", sa.Integer(), nullable=False),
        sa.Column("new_items", sa.Integer(), nullable=False),
        sa.Column("matches", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_polls_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_polls"),
    )
    op.create_index("ix_polls_at", "polls", ["at"], unique=False)
    op.create_index("ix_polls_source_id_id", "polls", ["source_id", "id"], unique=False)

    op.create_table(
        "story_keys",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_story_keys_story_id"),
        sa.PrimaryKeyConstraint("key", name="pk_story_keys"),
    )
    op.create_index("ix_story_keys_story_id", "story_keys", ["story_id"], unique=False)

    op.create_table(
        "subscriptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("all_watchlists", sa.Boolean(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_subscriptions_subscriber_id"),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("subscriber_id", "name", name="uq_subscriptions_subscriber_id_name"),
    )
    op.create_index("ix_subscriptions_due", "subscriptions", ["enabled", "next_due_at"], unique=False)
    op.create_index("ix_subscriptions_schedule", "subscriptions", ["schedule"], unique=False)

    op.create_table(
        "editions",
        sa.Column("id", ID, nullable=False),
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("story_count", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscriptions.id"], name="fk_editions_subscription_id"),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
        sa.UniqueConstraint("subscription_id", "due_at", name="uq_editions_subscription_id_due_at"),
    )
    op.create_table(
        "item_revisions",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_item_revisions_item_id"),
        sa.PrimaryKeyConstraint("item_id", "revision", name="pk_item_revisions"),
    )
    op.create_table(
        "matches",
        sa.Column("id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("watchlist_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("queries", sa.JSON(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_matches_item_id"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_matches_story_id"),
        sa.ForeignKeyConstraint(["watchlist_id"], ["watchlists.id"], name="fk_matches_watchlist_id"),
        sa.PrimaryKeyConstraint("id", name="pk_matches"),
        sa.UniqueConstraint("item_id", "watchlist_id", name="uq_matches_item_id_watchlist_id"),
    )
    op.create_index("ix_matches_matched_at", "matches", ["matched_at"], unique=False)
    op.create_index("ix_matches_story_id", "matches", ["story_id"], unique=False)
    op.create_index("ix_matches_watchlist_id_matched_at", "matches", ["watchlist_id", "matched_at"], unique=False)

    op.create_table(
        "subscription_watchlists",
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("watchlist_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_subscription_watchlists_subscription_id"
        ),
        sa.ForeignKeyConstraint(["watchlist_id"], ["watchlists.id"], name="fk_subscription_watchlists_watchlist_id"),
        sa.PrimaryKeyConstraint("subscription_id", "watchlist_id", name="pk_subscription_watchlists"),
    )
    op.create_index(
        "ix_subscription_watchlists_watchlist_id", "subscription_watchlists", ["watchlist_id"], unique=False
    )

    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_deliveries_edition_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("message_id", name="uq_deliveries_message_id"),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["state", "next_attempt_at"], unique=False)
    op.create_index("ix_deliveries_edition_id", "deliveries", ["edition_id"], unique=False)

    op.create_table(
        "edition_stories",
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("watchlist_id", ID, nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_edition_stories_edition_id"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_edition_stories_story_id"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_edition_stories_subscriber_id"),
        sa.ForeignKeyConstraint(["watchlist_id"], ["watchlists.id"], name="fk_edition_stories_watchlist_id"),
        sa.PrimaryKeyConstraint("edition_id", "story_id", name="pk_edition_stories"),
        sa.UniqueConstraint("subscriber_id", "story_id", name="uq_edition_stories_subscriber_id_story_id"),
    )
    op.create_index("ix_edition_stories_story_id", "edition_stories", ["story_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_edition_stories_story_id", table_name="edition_stories")

    op.drop_table("edition_stories")
    op.drop_index("ix_deliveries_edition_id", table_name="deliveries")
    op.drop_index("ix_deliveries_due", table_name="deliveries")

    op.drop_table("deliveries")
    op.drop_index("ix_subscription_watchlists_watchlist_id", table_name="subscription_watchlists")

    op.drop_table("subscription_watchlists")
    op.drop_index("ix_matches_watchlist_id_matched_at", table_name="matches")
    op.drop_index("ix_matches_story_id", table_name="matches")
    op.drop_index("ix_matches_matched_at", table_name="matches")

    op.drop_table("matches")
    op.drop_table("item_revisions")
    op.drop_table("editions")
    op.drop_index("ix_subscriptions_schedule", table_name="subscriptions")
    op.drop_index("ix_subscriptions_due", table_name="subscriptions")

    op.drop_table("subscriptions")
    op.drop_index("ix_story_keys_story_id", table_name="story_keys")

    op.drop_table("story_keys")
    op.drop_index("ix_polls_source_id_id", table_name="polls")
    op.drop_index("ix_polls_at", table_name="polls")

    op.drop_table("polls")
    op.drop_index("ix_items_story_id", table_name="items")
    op.drop_index("ix_items_published_at", table_name="items")
    op.drop_index("ix_items_first_seen_at", table_name="items")

    op.drop_table("items")
    op.drop_table("watchlists")
    op.drop_table("subscribers")
    op.drop_index("ix_stories_first_seen_at", table_name="stories")

    op.drop_table("stories")
    op.drop_index("ix_sources_due", table_name="sources")

    op.drop_table("sources")
