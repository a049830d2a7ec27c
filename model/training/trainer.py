"""What all training of the captioner shares: transformers' Trainer, validated by captions instead of by loss."""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm
from transformers import PreTrainedTokenizerFast, Trainer, TrainerCallback, TrainingArguments

from model.captioner import Captioner
from model.training.dataset import Captioned
from model.training.scores import Scorer


class CaptionTrainer(Trainer):
    """Trains a ``CaptionerModel``; after every epoch it captions the validation photos, each in every language in which
    people captioned it.

    Args:
        tokenizers: each language's.
        val: the validation photos.
        see: gives the regions (R, channels) of each of them, in the same order.
    """

    def __init__(
        self,
        *args,
        tokenizers: dict[str, PreTrainedTokenizerFast],
        val: Sequence[Captioned],
        see: Callable[[], Sequence[Tensor]],
        **kwargs,
    ):
        super().__init__(*args, eval_dataset=val, **kwargs)  # only named: `evaluate` captions the photos themselves
        self.tokenizers, self.val, self.see = tokenizers, val, see
        self.scorers = {
            lang: Scorer({str(photo.file): photo.captions[lang] for photo in val if lang in photo.captions}, lang)
            for lang in tokenizers
        }

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        output = model(**inputs)
        return (output.loss, output) if return_outputs else output.loss

    def evaluate(self, eval_dataset=None, ignore_keys=None, metric_key_prefix: str = "eval") -> dict[str, float]:
        """CIDEr of greedy captions for the validation photos: the mean over the languages, and each one's own."""
        network = self.accelerator.unwrap_model(self.model)
        captioner = Captioner(network, self.tokenizers)
        seen = self.see()
        metrics = {}
        for lang, scorer in self.scorers.items():
            captions = {
                str(photo.file): captioner.describe(regions.to(network.device, torch.float32), lang, beam=1).caption
                for photo, regions in zip(self.val, tqdm(seen, desc=f"validate {lang}", leave=False), strict=True)
                if lang in photo.captions
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
