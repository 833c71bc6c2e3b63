"""Raw transcripts -> utterances -> dialogue pairs, with a report of what was read and dropped."""
