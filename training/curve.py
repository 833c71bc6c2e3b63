"""The learning curve of a run as JSON Lines, one row a log step, appended as the run goes on."""

import json
import math
import sys
import time
from pathlib import Path
from typing import Any, Literal

from tqdm import tqdm
from transformers import TrainerCallback

Clock = Literal["wall", "processor"]
_CLOCKS = {"wall": time.monotonic, "processor": time.process_time}


class Curve(TrainerCallback):
    """Writes {step, tokens, seconds, loss, eval_*_loss, eval_*_bits_per_byte, lr, grad_norm, tokens_per_second}.

    Losses are in nats a token. `bytes_per_token` (by evaluation set) turns them into bits a byte.
    """

    def __init__(self, path: Path, tokens_per_step: int, bytes_per_token: dict[str, float]) -> None:
        self.path = path
        self.tokens_per_step = tokens_per_step
        self.bytes_per_token = bytes_per_token
        self._start: float | None = None
        self._first = 0
        self._before = 0.0  # seconds of earlier, resumed parts

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Drop rows later than the checkpoint that is resumed."""
        rows = [json.loads(line) for line in self.path.read_text().splitlines()] if self.path.is_file() else []
        rows = [row for row in rows if row["step"] <= state.global_step] if state.global_step else []
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        self._before = rows[-1]["seconds"] if rows else 0.0
        self._start, self._first = time.monotonic(), state.global_step

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **more: Any) -> None:
        """Append one row. The rate is the one that `Deadline` set: the Trainer's own scheduler knows nothing of it."""
        if not logs or "train_runtime" in logs or self._start is None or not state.is_world_process_zero:
            return
        spent = time.monotonic() - self._start
        row: dict[str, Any] = {
            "step": state.global_step,
            **({"tokens": state.global_step * self.tokens_per_step} if self.tokens_per_step else {}),
            "seconds": round(self._before + spent, 1),
        }
        for key, value in logs.items():
            if key in ("loss", "grad_norm"):
                row[key] = round(float(value), 5)
            elif key == "learning_rate":
                optimizer = more.get("optimizer")
                row["lr"] = float(optimizer.param_groups[0].get("used", value) if optimizer is not None else value)
            elif key.startswith("eval_") and key.endswith("_loss"):
                row[key] = round(float(value), 5)
                size = self.bytes_per_token.get(key.removeprefix("eval_").removesuffix("_loss"))
                if size:
                    row[key.removesuffix("_loss") + "_bits_per_byte"] = round(float(value) / math.log(2) / size, 5)
        if "loss" in row and self.tokens_per_step:
            row["tokens_per_second"] = round(
                (state.global_step - self._first) * self.tokens_per_step / max(spent, 1e-9)
            )
        with self.path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")


class TimeLeft(TrainerCallback):
    """A bar of the minutes that have passed, on a terminal's standard error; nothing where there is none."""

    def __init__(self, deadline: "Deadline", what: str) -> None:
        self.deadline = deadline
        self.what = what
        self.bar: Any = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Open the bar."""
        form = "{desc} {percentage:3.0f}%|{bar}| {remaining} left"
        self.bar = tqdm(total=100, desc=self.what, bar_format=form, leave=False, disable=not sys.stderr.isatty())

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Move it to the share of the time that is over."""
        self.bar.update(100 * self.deadline.spent() - self.bar.n)

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Close it."""
        self.bar.close()


class Deadline(TrainerCallback):
    """The schedule follows the clock: the run ends when its minutes are over, whatever the speed of the machine.

    The learning rate is set before every step from the share of time spent: warm-up, plateau, then a linear fall to
    zero over the last `cooldown` of the time (Hägele et al., 2024, arXiv 2405.18392). On a busy machine, runs that are
    to be compared go by the "processor" clock: minutes of all its threads together.
    """

    def __init__(self, minutes: float, warmup_steps: int = 50, cooldown: float = 0.4, clock: Clock = "wall") -> None:
        self.now = _CLOCKS[clock]
        self.seconds = minutes * 60
        self.warmup_steps = warmup_steps
        self.cooldown = cooldown
        self.spent_before = 0.0
        self._start: float | None = None
        self._peaks: list[float] = []

    def spent(self) -> float:
        """Share of the time that is over, 0 to 1."""
        passed = 0.0 if self._start is None else self.now() - self._start
        return min(1.0, (self.spent_before + passed) / self.seconds)

    def factor(self, step: int, spent: float) -> float:
        """What the peak rate is multiplied with."""
        warm = min(1.0, (step + 1) / self.warmup_steps)
        return warm * min(1.0, max(0.0, (1.0 - spent) / self.cooldown)) if self.cooldown else warm

    def on_train_begin(self, args: Any, state: Any, control: Any, optimizer: Any = None, **_: Any) -> None:
        """Remember the peaks."""
        self._start = self.now()
        self._peaks = [group.get("peak", group["lr"]) for group in optimizer.param_groups]
        for group, peak in zip(optimizer.param_groups, self._peaks, strict=True):
            group["peak"] = peak

    def on_step_begin(self, args: Any, state: Any, control: Any, optimizer: Any = None, **_: Any) -> None:
        """Set the rates of this step."""
        factor = self.factor(state.global_step, self.spent())
        for group, peak in zip(optimizer.param_groups, self._peaks, strict=True):
            group["lr"] = group["used"] = peak * factor  # "lr" is set back after the step

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Stop when the time is over."""
        if self.spent() >= 1.0:
            control.should_training_stop = True
            control.should_evaluate = True
            control.should_save = True
