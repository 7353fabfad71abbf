"""Words, and what shops and shoppers mean by them: kinds, sizes, ages, families of materials."""
