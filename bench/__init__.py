"""What live chat costs, beside floors measured in the same run: `python -m bench [--quick]`."""
