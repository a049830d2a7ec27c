"""Alembic runs this for every migration, on the connection that ``model.rooms.database`` gives it."""

from alembic import context

from model.rooms.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
