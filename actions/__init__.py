"""The action server's side: asking for a person, and what the shop's assistant can look up and book."""
