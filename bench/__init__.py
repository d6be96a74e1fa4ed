"""What live chat costs, beside floors and Rasa's own channels in the same run: `python -m bench [--quick]`."""
