"""Tests, mirroring the tree; `tests.harness` is importable from the repository root."""
