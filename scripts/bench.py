"""`make bench`: what live chat costs on this machine, beside floors measured in the same run."""

import os
import sys

from . import environments
from .failures import Failure, command
from .paths import ROOT, SERVICE_PYTHON


@command
def main() -> int:
    if not (ROOT / "bench").is_dir():
        raise Failure("bench/ is not there.")
    environments.install_service(tests=True)
    os.execv(SERVICE_PYTHON, [str(SERVICE_PYTHON), "-m", "bench", *sys.argv[1:]])  # noqa: S606 - no shell is meant


if __name__ == "__main__":
    main()
