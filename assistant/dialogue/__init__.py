"""From the shopper's words to a typed request, and answers to questions."""
