"""The two tables. A change here needs a step in `versions/`; a test holds one against the other."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "fk": "fk_%(table_name)s"})
_ID = String(32)

conversation = Table(
    "canon_conversation",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("owner", String(64), nullable=False),  # sha256 of the key that the browser holds
    Column("title", Text, nullable=False),
    Column("show", String(64), nullable=False),
    Column("persona", String(64), nullable=False),
    Column("created", BigInteger, nullable=False),  # unix milliseconds, as all times here
    Column("updated", BigInteger, nullable=False),
    Column("leaf", _ID),  # id of the turn it stands at; no foreign key, as turns point back
    Column("branched_from", _ID),  # may have been deleted since
    Index(None, "owner", "updated", "id"),
)

turn = Table(
    "canon_turn",
    metadata,
    Column(
        "seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    ),  # order of writing
    Column("id", _ID, nullable=False, unique=True),
    Column("conversation", _ID, ForeignKey("canon_conversation.id", ondelete="CASCADE"), nullable=False),
    Column("parent", _ID),  # id of the turn before, None at the root
    Column("role", String(9), nullable=False),
    Column("content", Text, nullable=False),
    Column("as_of", String(6), nullable=False),
    Column("knows", String(9), nullable=False),
    Column("canon", JSON(none_as_null=True)),
    Column("created", BigInteger, nullable=False),
    Index(None, "conversation", "seq"),
)
