"""Pictures: decoded under limits, seen by a network, and placed among words."""
