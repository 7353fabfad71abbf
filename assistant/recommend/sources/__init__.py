"""Candidate sources: each brings items, one module each."""
