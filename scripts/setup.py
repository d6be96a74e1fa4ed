"""`make setup`: both environments, the front end, the trained bot; what is there already is left alone."""

import sys

from . import bot, environments, frontend
from .failures import command


def set_up(*, tests: bool = False) -> None:
    """Everything the demo needs; with `tests` also what tests and checks need."""
    frontend.node_version()  # ask for what only a person can install before the long steps
    environments.install_service(tests=tests)
    environments.install_rasa(tests=tests)
    frontend.build()
    bot.train()


@command
def main() -> int:
    set_up(tests="--tests" in sys.argv)
    print("Everything is set up. `make demo` starts it.")
    return 0


if __name__ == "__main__":
    main()
