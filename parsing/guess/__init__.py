"""`python -m parsing --guess PATH…`: looks at unknown transcripts and drafts the `show.toml` that reads them."""
