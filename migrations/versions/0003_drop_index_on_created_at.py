"""Drop the index on the moment of creation: ids are in that order, and each insert had to write it.

Revision: 0003
After: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("items_by_created_at", "items")


def downgrade() -> None:
    op.create_index("items_by_created_at", "items", ["created_at", "id"])
