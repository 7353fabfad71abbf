"""What reviewers say of an item, aspect by aspect: heard by a lexicon, weighed by a small model, quoted as evidence."""
