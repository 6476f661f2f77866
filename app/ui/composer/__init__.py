"""Where a message is written and its model is chosen."""
