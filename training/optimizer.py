"""Muon for the hidden matrices, AdamW for everything else, behind one `Optimizer`.

Muon (Keller Jordan, 2024: https://kellerjordan.github.io/posts/muon/) orthogonalises the momentum of a matrix; torch
ships it. Embeddings and norms are no hidden matrices and stay with AdamW.
"""

from collections.abc import Callable
from typing import Any

import torch

ADAMW_RATE = 2e-3  # peak rate of AdamW alone; the study tries others (training/study.toml)


class Paired(torch.optim.Optimizer):
    """Two optimizers stepped together; one scheduler drives both through the shared list of parameter groups."""

    def __init__(self, first: torch.optim.Optimizer, second: torch.optim.Optimizer) -> None:
        self.parts = (first, second)
        self.defaults: dict[str, Any] = {}
        self._optimizer_step_pre_hooks: dict[int, Any] = {}
        self._optimizer_step_post_hooks: dict[int, Any] = {}

    @property
    def param_groups(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """The groups of both, the same dictionaries, so that a scheduler's changes reach them."""
        return [group for part in self.parts for group in part.param_groups]

    @property
    def state(self) -> dict[Any, Any]:  # type: ignore[override]
        """The state of both."""
        return {key: value for part in self.parts for key, value in part.state.items()}

    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Step both; closures aren't supported."""
        if closure is not None:
            raise ValueError("Paired.step takes no closure")
        for part in self.parts:
            part.step()

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Clear the gradients of both."""
        for part in self.parts:
            part.zero_grad(set_to_none)

    def state_dict(self) -> dict[str, Any]:
        """The states of both, in order."""
        return {"parts": [part.state_dict() for part in self.parts]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """The counterpart of `state_dict`."""
        for part, state in zip(self.parts, state_dict["parts"], strict=True):
            part.load_state_dict(state)


def muon_adamw(model: Any, matrix_rate: float = 0.02, other_rate: float = 3e-3, decay: float = 0.05) -> Paired:
    """The optimizer of the base model. Rates are peaks; the scheduler scales both alike."""
    matrices: list[torch.nn.Parameter] = []
    others: list[torch.nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            hidden = parameter.ndim == 2 and "embed" not in name and "lm_head" not in name
            (matrices if hidden else others).append(parameter)
    return Paired(
        torch.optim.Muon(matrices, lr=matrix_rate, momentum=0.95, weight_decay=decay),
        torch.optim.AdamW(others, lr=other_rate, betas=(0.9, 0.95), weight_decay=0.0),
    )


def adamw(model: Any, rate: float = ADAMW_RATE, decay: float = 0.1) -> torch.optim.AdamW:
    """AdamW for all weights, what Muon is compared with; norms don't decay."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": [p for p in parameters if p.ndim > 1], "weight_decay": decay},
            {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
        ],
        lr=rate,
        betas=(0.9, 0.95),
    )
