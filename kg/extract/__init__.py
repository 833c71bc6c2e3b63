"""From parsed lines to statements. `statements(doc, speaker, addressee)` is the door; importing it loads no model."""

from kg.extract.reader import statements
from kg.extract.types import Statement

__all__ = ["Statement", "statements"]
