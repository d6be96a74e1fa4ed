"""The project's commands, one file per noun or verb; the Makefile only calls them.

They use the standard library alone, because they run before any environment exists, and Python 3.10 or newer.
"""
