"""Measurements, side by side. Each prints a table; none is a test."""
