"""What all training of the captioner shares: transformers' Trainer, validated by captions instead of by loss."""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from tqdm import tqdm
from transformers import PreTrainedTokenizerFast, Trainer, TrainerCallback, TrainingArguments

from model.captioner import Captioner
from model.captioner.captioner import CaptionerModel
from model.training.scores import Scorer


class CaptionTrainer(Trainer):
    """Trains a ``CaptionerModel``; after every epoch it captions all validation photos, in every language.

    Args:
        tokenizers: each language's.
        see: gives the regions (R, channels) of each validation photo, in the scorers' order.
        scorers: each language's, with the validation photos' references.
        names: the validation photos' names.
    """

    def __init__(
        self,
        *args,
        tokenizers: dict[str, PreTrainedTokenizerFast],
        see: Callable[[], Sequence[Tensor]],
        scorers: dict[str, Scorer],
        names: list[str],
        **kwargs,
    ):
        super().__init__(*args, eval_dataset=names, **kwargs)  # only named: `evaluate` captions the photos themselves
        self.tokenizers, self.see, self.scorers, self.names = tokenizers, see, scorers, names

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        output = model(**inputs)
        return (output.loss, output) if return_outputs else output.loss

    def evaluate(self, eval_dataset=None, ignore_keys=None, metric_key_prefix: str = "eval") -> dict[str, float]:
        """CIDEr of greedy captions for all validation photos: the mean over the languages, and each one's own."""
        network = self.accelerator.unwrap_model(self.model)
        captioner = Captioner(network, self.tokenizers)
        seen = self.see()
        metrics = {}
        for lang, scorer in self.scorers.items():
            captions = {
                name: captioner.describe(regions.to(network.device, torch.float32), lang, beam=1).caption
                for name, regions in zip(self.names, tqdm(seen, desc=f"validate {lang}", leave=False), strict=True)
            }
            metrics[f"{metric_key_prefix}_cider_{lang}"] = scorer.cider(captions)
            metrics[f"{metric_key_prefix}_unique_{lang}"] = len(set(captions.values())) / len(captions)
        ciders = [metrics[f"{metric_key_prefix}_cider_{lang}"] for lang in self.scorers]
        metrics[f"{metric_key_prefix}_cider"] = sum(ciders) / len(ciders)
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics


class StopAfter(TrainerCallback):
    """Ends training after some epochs, whatever length the learning rate's schedule is laid out for."""

    def __init__(self, epochs: int):
        self.epochs = epochs

    def on_epoch_end(self, args, state, control, **kwargs):
        control.should_training_stop = round(state.epoch) >= self.epochs
        return control


def training_arguments(out: Path, **changes) -> TrainingArguments:
    """The habits of all training here; ``changes`` are transformers' TrainingArguments."""
    habits = {
        "output_dir": str(out / "checkpoints"),
        "lr_scheduler_type": "cosine",
        "warmup_steps": 0.05,
        "weight_decay": 0.01,
        "max_grad_norm": 5.0,
        "use_cpu": not torch.cuda.is_available(),
        "bf16": True,
        "eval_strategy": "epoch",
        "save_strategy": "epoch",
        "save_total_limit": 2,
        "metric_for_best_model": "cider",
        "greater_is_better": True,
        "logging_steps": 50,
        "report_to": "none",
        "remove_unused_columns": False,
        "dataloader_drop_last": True,
    }
    return TrainingArguments(**habits | changes)


def average(network: CaptionerModel, checkpoints: Sequence[Path]) -> None:
    """Put the mean of these checkpoints' weights into the network.

    The mean of points of one training run lies in a flatter place than any of them, and generalises better
    (Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization").
    """
    states = [load_file(checkpoint / "model.safetensors") for checkpoint in checkpoints]
    network.load_state_dict(
        {
            name: sum(state[name].float() for state in states) / len(states) if tensor.is_floating_point() else tensor
            for name, tensor in network.state_dict().items()
        }
    )


def checkpoints_in(out: Path) -> list[Path]:
    """A run's checkpoints that are still there, the earliest first."""
    return sorted(out.glob("checkpoints/checkpoint-*"), key=lambda folder: int(folder.name.split("-")[1]))
