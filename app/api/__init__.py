"""Bytes from and to servers that speak the chat completions protocol; the only part that knows HTTP."""
