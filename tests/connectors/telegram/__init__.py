"""Telegram: captured updates, the parts of what is sent, and the calls of the Bot API."""
