"""Which items, in which order, by which contributions. Never imports a language model."""
