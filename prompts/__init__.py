"""The words the model sees, one file per prompt. No logic."""
