"""One question, one answer in the terminal: `python -m app ask`."""
