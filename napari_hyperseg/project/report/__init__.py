"""A report of a project as one page: figures, pictures and maps."""
