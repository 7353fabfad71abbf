"""Commands that learn from logs and sets, and measure what was learnt."""
