"""How each system is told to start the app with the session."""
