"""Rasa's side of live chat: what a customer says goes to the service first, and the bot's turns come back from it.

`channel.py` and `turn.py` run inside Rasa and import it; everything else here is plain Python.
"""
