"""Services of the operating system, each behind a small interface of its own."""
