"""When the assistant gives a conversation to a person."""
