"""The windows and everything in them."""
