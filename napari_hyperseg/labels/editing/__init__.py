"""Edits of labels and picks: recorded, undone, and never lost."""
