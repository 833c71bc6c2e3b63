"""Conversations and their turns."""

import sqlalchemy as sa
from alembic import op

revision = "v1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "canon_conversation",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("show", sa.String(64), nullable=False),
        sa.Column("persona", sa.String(64), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("leaf", sa.String(32)),
        sa.Column("branched_from", sa.String(32)),
    )
    op.create_index("ix_canon_conversation_owner_updated_id", "canon_conversation", ["owner", "updated", "id"])
    op.create_table(
        "canon_turn",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column(
            "conversation", sa.String(32),
            sa.ForeignKey("canon_conversation.id", name="fk_canon_turn", ondelete="CASCADE"), nullable=False,
        ),
        sa.Column("parent", sa.String(32)),
        sa.Column("role", sa.String(9), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("as_of", sa.String(6), nullable=False),
        sa.Column("knows", sa.String(9), nullable=False),
        sa.Column("canon", sa.JSON),
        sa.Column("created", sa.BigInteger, nullable=False),
    )  # fmt: skip
    op.create_index("ix_canon_turn_conversation_seq", "canon_turn", ["conversation", "seq"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("canon_turn")
    op.drop_table("canon_conversation")
