"""Import this before torchvision: ``import torchvision`` then works with a CPU build of torch, too.

torchvision's usual wheel for Linux is compiled for CUDA. Beside a CPU build of torch its compiled half, which holds
operators such as ``torchvision::nms`` (it picks boxes in object detection), does not load, and the Python half then
stops with ``operator torchvision::nms does not exist`` where it describes these operators to torch. Nothing here
detects objects: models and transforms are plain Python. So where the import stops for this reason, and only there,
the operators' signatures are declared, without an implementation, and the import is done again.
"""

import importlib
import sys

import torch

#: torch forgets what a library object declared when that object is gone, so this one stays.
_declared: torch.library.Library | None = None

try:
    import torchvision  # noqa: F401
except RuntimeError as error:
    if "torchvision::nms does not exist" not in str(error):
        raise
    _declared = torch.library.Library("torchvision", "DEF")
    _declared.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _declared.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    # What the first attempt has half imported would be found again as it is.
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    importlib.import_module("torchvision")
