"""Mails sent once: bodies that are shared, channels, updates told again, bounces, signups, signing keys"""

import zlib
from array import array
from itertools import groupby

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def of_subscribers() -> list[sa.Column]:
    return [
        sa.Column("quiet_hours", sa.Text(), nullable=False, server_default=""),
        sa.Column("blocked_at", TIME, nullable=True),
        sa.Column("blocked_why", sa.Text(), nullable=True),
    ]


def of_subscriptions() -> list[sa.Column]:
    return [
        sa.Column("min_stories", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("skip_if_empty", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("channels", sa.JSON(), nullable=False, server_default='["mail"]'),
        sa.Column("unsubscribed_at", TIME, nullable=True),
    ]


def of_edition_stories() -> list[sa.Column]:
    return [
        sa.Column("telling", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
    ]


def of_editions() -> list[sa.Column]:
    """What moved to bodies."""
    return [sa.Column(name, sa.Text(), nullable=False, server_default="") for name in ("subject", "html", "text")]


def upgrade() -> None:
    for table, columns in (("subscribers", of_subscribers()), ("subscriptions", of_subscriptions())):
        for column in columns:
            op.add_column(table, column)
    op.add_column("watchlists", sa.Column("feed_token", sa.String(64), nullable=True))
    op.create_index("ix_watchlists_feed_token", "watchlists", ["feed_token"], unique=True)
    create_bodies()
    move_into_bodies()
    create_signups()
    op.create_table(
        "signing_keys",
        sa.Column("id", ID, nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signing_keys"),
    )
    create_bounces()
    upgrade_edition_stories()
    upgrade_deliveries()
    op.create_index("ix_item_revisions_replaced_at", "item_revisions", ["replaced_at"], unique=False)


def create_bodies() -> None:
    op.create_table(
        "bodies",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bodies"),
        sa.UniqueConstraint("digest", name="uq_bodies_digest"),
    )


def move_into_bodies() -> None:
    """Each edition so far has a body of its own: it names its subscriber. HTML and text are compressed."""
    connection = op.get_bind()
    insert = sa.text(
        "INSERT INTO bodies (id, digest, subject, html, text) VALUES (:id, :digest, :subject, :html, :text)"
    )
    for edition_id in connection.execute(sa.text("SELECT id FROM editions ORDER BY id")).scalars().all():
        subject, html, text = connection.execute(
            sa.text("SELECT subject, html, text FROM editions WHERE id = :id"), {"id": edition_id}
        ).one()
        packed = {"html": zstandard.compress(html.encode()), "text": zstandard.compress(text.encode())}
        connection.execute(insert, {"id": edition_id, "digest": f"edition {edition_id}", "subject": subject} | packed)
    # A table made anew, as SQLite needs it for a constraint by itself, would lose what points to it.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE editions ADD COLUMN body_id INTEGER CONSTRAINT fk_editions_body_id REFERENCES bodies (id)"
        )
    else:
        op.execute("SELECT setval(pg_get_serial_sequence('bodies', 'id'), (SELECT max(id) FROM bodies))")
        op.add_column("editions", sa.Column("body_id", ID, nullable=True))
        op.create_foreign_key("fk_editions_body_id", "editions", "bodies", ["body_id"], ["id"])
    op.execute("UPDATE editions SET body_id = id")
    op.add_column("editions", sa.Column("terms", sa.JSON(), nullable=False, server_default="{}"))
    for column in reversed(of_editions()):
        op.drop_column("editions", column.name)


def create_signups() -> None:
    op.create_table(
        "signups",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("watchlists", sa.JSON(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("confirmed_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_signups"),
    )
    op.create_index("ix_signups_email_key", "signups", ["email_key"], unique=False)
    op.create_index("ix_signups_asked_at", "signups", ["asked_at"], unique=False)


def create_bounces() -> None:
    op.create_table(
        "bounces",
        sa.Column("id", ID, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("is_hard", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bounces"),
        sa.UniqueConstraint("fingerprint", name="uq_bounces_fingerprint"),
    )
    op.create_index("ix_bounces_address_key_at", "bounces", ["address_key", "at"], unique=False)


def upgrade_edition_stories() -> None:
    create_edition_cuts()
    with op.batch_alter_table("edition_stories") as stories:
        for column in of_edition_stories():
            stories.add_column(column)
        stories.drop_column("shown")
        stories.drop_constraint("uq_edition_stories_subscriber_id_story_id", type_="unique")
        stories.create_unique_constraint(
            "uq_edition_stories_subscriber_id_story_id_telling", ["subscriber_id", "story_id", "telling"]
        )


def create_edition_cuts() -> None:
    """A row for each story that was cut becomes one packed value an edition: columns of 64-bit numbers, compressed."""
    cuts = op.create_table(
        "edition_cuts",
        sa.Column("edition_id", ID, nullable=False, autoincrement=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("last_story_id", ID, nullable=False),
        sa.Column("stories", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_edition_cuts_edition_id"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_edition_cuts_subscriber_id"),
        sa.PrimaryKeyConstraint("edition_id", name="pk_edition_cuts"),
    )
    op.create_index(
        "ix_edition_cuts_subscriber_id_last_story_id", "edition_cuts", ["subscriber_id", "last_story_id"], unique=False
    )
    cut = op.get_bind().execute(
        sa.text(
            "SELECT edition_id, subscriber_id, story_id, watchlist_id FROM edition_stories WHERE NOT shown "
            "ORDER BY edition_id, subscriber_id, story_id"
        )
    )
    for (edition_id, subscriber_id), rows in groupby(cut, key=lambda row: (row[0], row[1])):
        stories = [(story_id, watchlist_id, 0, 0, 1) for _, _, story_id, watchlist_id in rows]
        numbers = array("q", [number for column in zip(*stories, strict=True) for number in column])
        packed = {"stories": zlib.compress(numbers.tobytes(), 1), "last_story_id": max(row[0] for row in stories)}
        op.bulk_insert(cuts, [{"edition_id": edition_id, "subscriber_id": subscriber_id, **packed}])
    op.execute("DELETE FROM edition_stories WHERE NOT shown")


def upgrade_deliveries() -> None:
    op.drop_index("ix_deliveries_edition_id", "deliveries")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.add_column(sa.Column("signup_id", ID, nullable=True))
        deliveries.add_column(sa.Column("body_id", ID, nullable=True))
        deliveries.add_column(sa.Column("channel", sa.Text(), nullable=False, server_default="mail"))
        deliveries.alter_column("edition_id", existing_type=ID, nullable=True)
    op.execute("UPDATE deliveries SET body_id = edition_id")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column("body_id", existing_type=ID, nullable=False)
        deliveries.create_foreign_key("fk_deliveries_signup_id", "signups", ["signup_id"], ["id"])
        deliveries.create_foreign_key("fk_deliveries_body_id", "bodies", ["body_id"], ["id"])
        deliveries.create_unique_constraint("uq_deliveries_edition_id_channel", ["edition_id", "channel"])
    of_signup = sa.text("signup_id IS NOT NULL")
    op.create_index(
        "ix_deliveries_signup_id", "deliveries", ["signup_id"], sqlite_where=of_signup, postgresql_where=of_signup
    )


def downgrade() -> None:
    """What the former schema cannot hold goes: other channels' deliveries, signups, tellings of updates."""
    op.drop_index("ix_item_revisions_replaced_at", "item_revisions")
    op.execute("DELETE FROM deliveries WHERE channel <> 'mail' OR edition_id IS NULL")
    op.drop_index("ix_deliveries_signup_id", "deliveries")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_constraint("uq_deliveries_edition_id_channel", type_="unique")
        deliveries.drop_constraint("fk_deliveries_body_id", type_="foreignkey")
        deliveries.drop_constraint("fk_deliveries_signup_id", type_="foreignkey")
        for name in ("channel", "body_id", "signup_id"):
            deliveries.drop_column(name)
        deliveries.alter_column("edition_id", existing_type=ID, nullable=False)
    op.create_index("ix_deliveries_edition_id", "deliveries", ["edition_id"], unique=False)
    downgrade_edition_stories()
    with op.batch_alter_table("edition_stories") as stories:
        stories.drop_constraint("uq_edition_stories_subscriber_id_story_id_telling", type_="unique")
        stories.create_unique_constraint("uq_edition_stories_subscriber_id_story_id", ["subscriber_id", "story_id"])
        for column in reversed(of_edition_stories()):
            stories.drop_column(column.name)
    op.drop_table("bounces")
    op.drop_table("signing_keys")
    op.drop_table("signups")
    for column in of_editions():
        op.add_column("editions", column)
    connection = op.get_bind()
    bodies = sa.text("SELECT subject, html, text FROM bodies WHERE id = :id")
    restore = sa.text("UPDATE editions SET subject = :subject, html = :html, text = :text WHERE body_id = :id")
    for body_id in connection.execute(sa.text("SELECT id FROM bodies ORDER BY id")).scalars().all():
        subject, html, text = connection.execute(bodies, {"id": body_id}).one()
        unpacked = {"html": zstandard.decompress(html).decode(), "text": zstandard.decompress(text).decode()}
        connection.execute(restore, {"id": body_id, "subject": subject} | unpacked)
    op.drop_column("editions", "terms")
    if op.get_bind().dialect.name == "sqlite":
        drop_body_of_sqlite()
    else:
        op.drop_column("editions", "body_id")
    op.drop_table("bodies")
    op.drop_index("ix_watchlists_feed_token", "watchlists")
    op.drop_column("watchlists", "feed_token")
    for table, columns in (("subscriptions", of_subscriptions()), ("subscribers", of_subscribers())):
        for column in reversed(columns):
            op.drop_column(table, column.name)


def downgrade_edition_stories() -> None:
    """Each story cut is a row again, unless the subscriber was told of it at another time."""
    op.execute("DELETE FROM edition_stories WHERE telling > 0")
    op.add_column("edition_stories", sa.Column("shown", sa.Boolean(), nullable=False, server_default=sa.true()))
    cuts = op.get_bind().execute(sa.text("SELECT edition_id, subscriber_id, stories FROM edition_cuts")).all()
    for edition_id, subscriber_id, packed in cuts:
        numbers = array("q", zlib.decompress(packed))
        count = len(numbers) // 5
        for story_id, watchlist_id in zip(numbers[:count], numbers[count : 2 * count], strict=True):
            op.get_bind().execute(
                sa.text(
                    "INSERT INTO edition_stories (edition_id, story_id, subscriber_id, watchlist_id, shown) "
                    "SELECT :edition, :story, :subscriber, :watchlist, FALSE WHERE NOT EXISTS (SELECT 1 FROM "
                    "edition_stories WHERE subscriber_id = :subscriber AND story_id = :story) "
                    "AND EXISTS (SELECT 1 FROM stories WHERE id = :story) "
                    "AND EXISTS (SELECT 1 FROM watchlists WHERE id = :watchlist)"
                ),
                {"edition": edition_id, "story": story_id, "subscriber": subscriber_id, "watchlist": watchlist_id},
            )
    op.drop_table("edition_cuts")


def drop_body_of_sqlite() -> None:
    """SQLite drops no column that a constraint names, and a table made anew would lose what points to it."""
    op.execute("UPDATE editions SET body_id = NULL")
    op.drop_column("editions", "body_id")
