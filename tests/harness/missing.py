"""What a test says when the machine has not got a server it needs.

`make test` installs the servers when it may. Where it may not, the tests that need one are skipped with a reason
that begins with `NOT_HERE`; the summary names them, and on CI such a skip fails the run.
"""

NOT_HERE = "not on this machine: "


class MissingServer(RuntimeError):
    """A program that the tests need is not installed."""

    def __init__(self, name: str, package: str) -> None:
        self.name, self.package = name, package
        super().__init__(f"{NOT_HERE}{name} (Debian: apt-get install {package})")
