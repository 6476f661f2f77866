"""Markdown as a tree of plain values: parsing, the growing end of an answer, highlighting, display limits."""
