"""Bare programs that do the same work with nothing around it: what the measurements are compared with."""
