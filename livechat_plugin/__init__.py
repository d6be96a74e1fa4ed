"""Rasa Live Chat: the service that keeps conversations, claims and delivery."""

__version__ = "0.1.0"
