"""What a message refuses, doubts, softens or takes back, and how far each of these reaches."""
