"""Wrenfield, the embedded shop: a catalogue, pictures, policies and shoppers to try the assistant on, all invented."""
