"""What a message is: requests checked and in the engine's terms, the engine's records as replies, errors as a status."""
