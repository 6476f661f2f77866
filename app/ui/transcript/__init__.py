"""The transcript: the messages of one conversation on a canvas that lays out only what is visible."""
