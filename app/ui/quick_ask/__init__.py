"""The small window that a keystroke brings up over whatever a person is doing."""
