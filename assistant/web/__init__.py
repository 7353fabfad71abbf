"""The ways to reach the assistant: HTTP API and chat page."""
