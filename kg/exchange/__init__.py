"""Graph exchange: one module a format, each with a writer and a reader; what is written comes back the same."""
