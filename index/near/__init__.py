"""Few comparisons instead of all: short codes, lists and graphs, and which of them suits a catalogue."""
