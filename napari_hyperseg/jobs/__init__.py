"""Job specifications, events, the worker process and its launchers."""
