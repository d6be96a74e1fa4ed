"""The assistant of Larch & Kettle, a small shop for coffee outdoors: its domain, training data, tests and policy."""
