"""Alembic's entry: migrations run on the connection that `Store` passes."""

from alembic import context

from feedwatch.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction holds the whole upgrade, on both databases
)
context.run_migrations()
