"""A network's matrices read in half precision, for products with a few vectors.

With three hypotheses at a time, a step of the decoder takes as long as its weights take to come from memory: 16 MB in
single precision, half of that in half precision. They are computed with in single precision, and only weights that half
precision holds exactly, as those of a saved captioner, are packed: so nothing changes but the order of a sum's terms.

The packed product is FBGEMM's, which torch has on x86; elsewhere the weights stay as they are.
"""

import copy
from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

Module = TypeVar("Module", bound=nn.Module)

#: Smaller ones are in the processor's cache anyway, in numbers.
MIN_NUMBERS = 1 << 16


class HalfWeight:
    """A matrix that ``nn.functional.linear`` reads in half precision; to others it is the tensor itself."""

    def __init__(self, weight: Tensor):
        self.weight = weight
        self.packed = torch.ops.quantized.linear_prepack_fp16(weight.detach(), None)

    def __getitem__(self, rows: slice) -> Tensor:
        """Some rows, as they are: only the whole matrix is packed."""
        return self.weight[rows]

    @classmethod
    def __torch_function__(
        cls, function: Callable, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        inputs, half, bias = (*args, None, None)[:3]
        if function is nn.functional.linear and isinstance(half, HalfWeight) and inputs.dtype == torch.float32:
            product = torch.ops.quantized.linear_dynamic_fp16(inputs, half.packed)
            return product if bias is None else product.add_(bias)
        plain = [one.weight if isinstance(one, HalfWeight) else one for one in args]
        return function(*plain, **(kwargs or {}))


def halved(module: Module) -> Module:
    """``module`` for inference, its large matrices packed; it shares all other weights, and is not to be trained."""
    twin = copy.deepcopy(module, {id(weight): weight for weight in module.parameters()})
    if "fbgemm" in torch.backends.quantized.supported_engines:
        for part in twin.modules():
            for name, weight in list(part.named_parameters(recurse=False)):
                if _fits(weight):
                    del part._parameters[name]
                    object.__setattr__(part, name, HalfWeight(weight))
    return twin


def _fits(weight: Tensor) -> bool:
    if weight.ndim != 2 or weight.numel() < MIN_NUMBERS or weight.dtype != torch.float32 or weight.device.type != "cpu":
        return False
    return torch.equal(weight.half().float(), weight)
