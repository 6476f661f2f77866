"""Conversations as files and other programs take them: what leaves the house and what comes in."""
