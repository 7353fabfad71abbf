"""What is kept: conversations and events, in SQLite or PostgreSQL."""
