"""What the desktop knows of the app beside its windows, and how it calls them."""
