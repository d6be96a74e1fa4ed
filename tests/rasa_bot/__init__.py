"""The handover policy: its rules as tables, and the policy inside Rasa."""
