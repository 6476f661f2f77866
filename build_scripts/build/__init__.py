"""What turns the tree into the things that people install; `dev.py build` runs it."""
