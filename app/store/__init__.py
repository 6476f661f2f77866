"""What is kept on this machine: chats in SQLite, settings in a file, keys in the system's keyring."""
