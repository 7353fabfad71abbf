"""Catalogue in, nearest items out. Knows nothing of chat and can be used alone."""
