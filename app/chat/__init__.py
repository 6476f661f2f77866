"""Sessions, streams, and the workers that carry them: QtCore only."""
