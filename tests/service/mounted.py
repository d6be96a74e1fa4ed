"""What becomes of a settings file that is mounted alone, found out in a process of its own; the answer is JSON.

    unshare --mount python -m tests.service.mounted FOLDER

As root, in mounts of its own, it is a real bind mount, which ends with the process. Else the folder is read-only; and
for a root who may not mount, whom no mode stops, taking the file's place fails as it would there.
"""

import errno
import itertools
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from livechat_plugin.settings import SettingsError, read_bytes
from livechat_plugin.settings.file import SettingsFile, replace_text

OLD = "# Ours.\nplan: basic   # paid\nclaims:\n  lease_seconds: 30\n" + "# a word of ours\n" * 300
NEW = OLD.replace("plan: basic   #", "plan: pro     #").replace("30", "45")
TEXTS = {
    "as long": NEW,
    "a little longer": f"{NEW}# and\n",
    "much longer": NEW + "# another word\n" * 900,
    "shorter": NEW[: len(NEW) // 2],
    "empty": "",
}
STRANGER = 4321
"""Owner and group of the file, where it can be given away."""


def mount(file: Path) -> str:
    """Nothing can take the place of this file from now on; how that was done."""
    is_root = os.geteuid() == 0
    if (
        is_root
        and has_mounts_of_its_own()
        and not subprocess.run(["mount", "--bind", file, file], check=False).returncode
    ):
        return "a mount"
    file.parent.chmod(0o555)
    if not is_root:
        return "a read-only folder"

    def refuse(self: Path, _target: Path) -> NoReturn:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(self))

    Path.replace = refuse
    return "a fault"


def has_mounts_of_its_own() -> bool:
    """Not those of the machine: what is mounted must end with the process."""
    return Path("/proc/self/ns/mnt").readlink() != Path(f"/proc/{os.getppid()}/ns/mnt").readlink()


def saved(file: Path) -> dict[str, Any]:
    """One text after the other, with nobody in the way."""
    before = file.stat()
    wrong = []
    for name, text in TEXTS.items():
        replace_text(file, text)
        wrong += [] if file.read_bytes() == text.encode() else [name]
    after = file.stat()
    same = all(getattr(before, name) == getattr(after, name) for name in ("st_ino", "st_mode", "st_uid", "st_gid"))
    return {"wrong": wrong, "same": same, "beside": sorted(one.name for one in file.parent.iterdir())}


def killed(file: Path) -> Iterator[dict[str, Any]]:
    """Each text, and a kill -9 at each call of the system in its turn; then what the next look makes of the file."""
    for name, text in TEXTS.items():
        for call in itertools.count(1):
            file.write_text(OLD)
            if not dies(partial(replace_text, file, text), call):
                break
            found = file.read_bytes()
            looked = SettingsFile(file).changed()
            now = {OLD.encode(): "old", text.encode(): "new"}.get(file.read_bytes())
            half = found not in (OLD.encode(), text.encode())
            yield {
                "text": name,
                "call": call,
                "half": half,
                "read": half and is_read(found),
                "now": now,
                "seen": looked,
            }


def dies(work: Callable[[], None], call: int) -> bool:
    """Whether a process that does this comes to its n-th call of the system, at which it is killed."""
    process = os.fork()
    if process == 0:
        kill_at(call)
        work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def kill_at(number: int) -> None:
    """A write is done by half before."""
    calls = itertools.count(1)

    def watched(call: Callable[..., Any]) -> Callable[..., Any]:
        def made(file: int, *words: Any) -> Any:
            if next(calls) == number:
                if call is pwrite:
                    pwrite(file, words[0][: len(words[0]) // 2], words[1])
                os.kill(os.getpid(), signal.SIGKILL)
            return call(file, *words)

        return made

    pwrite = os.pwrite
    for name in ("pwrite", "fsync", "ftruncate"):
        setattr(os, name, watched(getattr(os, name)))


def is_read(raw: bytes) -> bool:
    try:
        read_bytes(raw, "livechat.yml")
    except SettingsError:
        return False
    return True


def full(file: Path) -> dict[str, Any]:
    """The disk takes a part of a text and then no more; later there is room again."""
    file.write_text(OLD)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(OLD) + 100, resource.RLIM_INFINITY))
    try:
        replace_text(file, NEW)
        said = None
    except OSError as error:
        said = error.strerror
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    kept = file.read_text() == OLD
    replace_text(file, NEW)
    return {"said": said, "kept": kept, "written": file.read_text() == NEW}


def main() -> None:
    file = Path(sys.argv[1]) / "livechat.yml"
    file.write_text(OLD)
    if os.geteuid() == 0:
        os.chown(file, STRANGER, STRANGER)
    file.chmod(0o640)
    print(json.dumps({"by": mount(file), "saved": saved(file), "killed": list(killed(file)), "full": full(file)}))


if __name__ == "__main__":
    main()
