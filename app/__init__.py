"""Sirocco, a native desktop chat client for the Mistral API and every endpoint that speaks its protocol."""

__version__ = "0.1.0"
