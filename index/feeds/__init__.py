"""Feeds: files of shops, read into items with a report of every bad row."""
