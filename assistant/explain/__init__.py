"""Evidence, the sentences that rest on it, and the checker between the two."""
