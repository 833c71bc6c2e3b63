"""The bot (one grounded reply), its engines, the inference script and the web service."""
