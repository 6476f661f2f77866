"""What is shown until there is an endpoint to chat with."""
