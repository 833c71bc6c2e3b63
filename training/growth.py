"""More layers for a model that is trained already, without a change of what it computes.

A new layer is a copy of the one below it whose two output projections are zero, so that it adds nothing to the stream
until training makes it (block expansion: Wu et al., 2024, arXiv 2401.02415; the idea goes back to Net2Net, Chen et al.,
2015, arXiv 1511.05641). What was learned in the hours before is kept.
"""

import copy
from typing import Any

from parsing.errors import BadInput

OUTPUTS = ("o_proj", "down_proj")


def grown(model: Any, layers: int) -> Any:
    """`model` (Llama shape) with `layers` layers, the new ones spread evenly; itself where it has as many.

    Raises `BadInput` where it has more.
    """
    import torch

    old = model.config.num_hidden_layers
    if layers < old:
        raise BadInput(f"the model has {old} layers and {layers} are wanted: layers can be added, not taken away")
    if layers == old:
        return model
    config = copy.deepcopy(model.config)
    config.num_hidden_layers = layers
    new = type(model)(config)
    origin = origins(old, layers)
    state: dict[str, Any] = {}
    for name, tensor in model.state_dict().items():
        if not name.startswith("model.layers."):
            state[name] = tensor
    for place, source in enumerate(origin):
        copied = place > 0 and origin[place - 1] == source
        for name, tensor in model.model.layers[source].state_dict().items():
            silent = copied and any(part in name for part in OUTPUTS)
            state[f"model.layers.{place}.{name}"] = torch.zeros_like(tensor) if silent else tensor.clone()
    new.load_state_dict(state)
    return new


def origins(old: int, new: int) -> list[int]:
    """Which old layer each of `new` layers is made of; an old layer's copies follow it.

    >>> origins(5, 8)
    [0, 0, 1, 1, 2, 3, 3, 4]
    """
    return [place * old // new for place in range(new)]
