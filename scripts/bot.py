"""Train the bot when what it learns from changed. One model per hash; demo and tests share them.

A model carries the policies' default settings, so the Python files of rasa_bot/ count as well.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import stamps, step
from .paths import RASA_ENV, ROOT, VAR

MODELS = VAR / "models"
LEARNS_FROM = (ROOT / "config.yml", ROOT / "rasa_bot", ROOT / "uv.lock")
NOT_LEARNED = ROOT / "rasa_bot" / "tests"
KEEP = 3
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


def model_path() -> Path:
    """Where the model for the present data is, or will be."""
    learned = [path for path in stamps.files_under(LEARNS_FROM) if not path.is_relative_to(NOT_LEARNED)]
    return MODELS / f"bot-{stamps.digest(learned)[:16]}.tar.gz"


def train() -> Path:
    """The model for the present data, trained now if there is none yet."""
    model = model_path()
    if model.exists():
        return model
    with _one_at_a_time():
        if not model.exists():
            _train(model)
    return model


def _train(model: Path) -> None:
    draft = MODELS / "draft"
    command: list[str | Path] = [
        RASA_ENV / "bin" / "rasa", "train", "--domain", "rasa_bot/domain", "--data", "rasa_bot/data",
        "--config", "config.yml", "--out", draft, "--fixed-model-name", model.name.removesuffix(".tar.gz"),
    ]  # fmt: skip
    step.run("Training the bot", command, log="train", env=QUIET, seconds=600)
    (draft / model.name).replace(model)
    for old in sorted(MODELS.glob("bot-*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-KEEP]:
        old.unlink()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands that want the same model: the second waits and finds it made."""
    MODELS.mkdir(parents=True, exist_ok=True)
    with (MODELS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
