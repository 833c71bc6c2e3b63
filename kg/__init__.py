"""The fact graph: extraction with spaCy, storage, linking, retrieval, verification, exports."""
