"""What all training of the captioner shares: transformers' Trainer, validated by captions instead of by loss."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm
from transformers import PreTrainedTokenizerFast, Trainer, TrainerCallback, TrainingArguments
from transformers.trainer_utils import rotate_checkpoints

from model.captioner import Captioner
from model.files import move_whole
from model.training.dataset import Captioned
from model.training.scores import Scorer


class WholeCheckpoints(Trainer):
    """transformers' Trainer, whose checkpoints are whole or not there: what ends in the middle of writing one, a full
    disk or a kill, leaves the one before to go on from."""

    #: Where a checkpoint is written, beside the finished ones.
    _UNFINISHED = "unfinished"
    _writing = False

    def _get_output_dir(self, trial):
        finished = super()._get_output_dir(trial)
        return str(Path(finished, self._UNFINISHED)) if self._writing else finished

    def _save_checkpoint(self, model, trial):
        finished = Path(self._get_output_dir(trial))
        unfinished = finished / self._UNFINISHED
        name = f"checkpoint-{self.state.global_step}"
        if self.args.should_save:
            shutil.rmtree(unfinished, ignore_errors=True)
        self.accelerator.wait_for_everyone()
        self._writing = True
        try:
            super()._save_checkpoint(model, trial)
        finally:
            self._writing = False
        self.accelerator.wait_for_everyone()  # each process writes the state of its own random numbers
        if self.state.best_model_checkpoint == str(unfinished / name):
            self.state.best_model_checkpoint = str(finished / name)
        if self.args.should_save:
            self.state.save_to_json(str(unfinished / name / "trainer_state.json"))
            shutil.rmtree(finished / name, ignore_errors=True)  # an incomplete one, of an older version of this program
            move_whole(unfinished / name, finished / name)
            rotate_checkpoints(
                output_dir=str(finished),
                save_total_limit=self.args.save_total_limit,
                best_model_checkpoint=self.state.best_model_checkpoint,
                use_mtime=True,
            )
        self.accelerator.wait_for_everyone()


class CaptionTrainer(WholeCheckpoints):
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
