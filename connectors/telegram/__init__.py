"""Telegram: customers write to a bot of the Bot API."""
