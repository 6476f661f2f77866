"""The window that was in front before ours: one module for each system that tells a program who it is."""
