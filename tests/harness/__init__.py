"""Real servers, real faults: what the tests start, break and look at.

Everything listens on 127.0.0.1, every wait has an end, and whatever was started is ended by its own process id,
also when the test fails or the test run itself is killed.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
