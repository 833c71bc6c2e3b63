"""Prompt format, tokenizer, corpus, base model, persona adapters, generation search, curves."""
