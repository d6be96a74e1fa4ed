"""`make bench`: what live chat costs on this machine, beside floors and Rasa's own channels in the same run."""

import os
import sys

from . import bot, environments
from .failures import Failure, command
from .paths import ROOT, SERVICE_PYTHON


@command
def main() -> int:
    if not (ROOT / "bench").is_dir():
        raise Failure("bench/ is not there.")
    environments.install_service(tests=True)
    if "service" not in sys.argv:
        environments.install_rasa()
        bot.train()
    os.execv(SERVICE_PYTHON, [str(SERVICE_PYTHON), "-m", "bench", *sys.argv[1:]])  # noqa: S606 - no shell is meant


if __name__ == "__main__":
    main()
