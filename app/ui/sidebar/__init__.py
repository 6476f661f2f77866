"""The list of chats with what stands above and below it."""
