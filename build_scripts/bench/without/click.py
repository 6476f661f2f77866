"""Stands before the real click: linters bring it, and httpx would load a command line that no user has."""

raise ImportError("click is no part of what the app is installed with")
