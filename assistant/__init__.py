"""A shopping assistant that can prove its reasons."""

__version__ = "0.1.0"
