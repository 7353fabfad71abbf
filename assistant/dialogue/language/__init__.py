"""The words of a message and of a catalogue: cut, corrected, found, and what each means where it stands."""
