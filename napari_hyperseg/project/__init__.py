"""The project folder and the session that a window shows."""
