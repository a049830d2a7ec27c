"""Training and evaluation of the captioner: commands that need the real data (see the model card)."""

import model.torchvision_cpu  # noqa: F401  (before transformers' Trainer, which imports torchvision)
