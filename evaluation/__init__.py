"""How good is it? Fact-check, labels, tables; reads every other room, read by none."""
