"""What all training of the captioner shares: transformers' Trainer, validated by captions instead of by loss."""

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from accelerate.utils import gather_object
from torch import Tensor
from tqdm import tqdm
from transformers import PreTrainedTokenizerFast, Trainer, TrainerCallback, TrainingArguments
from transformers.trainer_utils import rotate_checkpoints

from model.captioner import Captioner, CaptionerModel, SearchSettings
from model.files import move_whole
from model.training import processor
from model.training.average import WEIGHTS
from model.training.dataset import Captioned, CaptionedPhotos
from model.training.scores import Scorer
from model.weights import save_weights


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
    people captioned it. Several processes (torchrun) share the batches and the validation photos.

    Args:
        tokenizers: each language's.
        val: the validation photos.
        see: gives the regions (R, channels) of some of them.
    """

    model: CaptionerModel
    train_dataset: CaptionedPhotos
    #: Whether captions that a model wrote are left out.
    from_people_alone = False

    def __init__(
        self,
        *args,
        tokenizers: dict[str, PreTrainedTokenizerFast],
        val: Sequence[Captioned],
        see: Callable[[Sequence[int]], Sequence[Tensor]],
        **kwargs,
    ):
        settings: dict[str, Any] = {"eval_dataset": val, **kwargs}  # only named: `evaluate` captions the photos itself
        super().__init__(*args, **settings)
        self.tokenizers, self.val, self.see = tokenizers, val, see
        #: One for each language and data folder.
        self.scorers: dict[tuple[str, str], Scorer] = {}
        for lang, source in sorted({(lang, photo.source) for photo in val for lang in photo.captions}):
            said = {str(p.file): p.captions[lang] for p in val if p.source == source and lang in p.captions}
            self.scorers[lang, source] = Scorer(said, lang)

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        """The network's own loss; transformers calls it."""
        output = model(**inputs, counts=self.word_counts(inputs["words"]))
        return (output.loss, output) if return_outputs else output.loss

    def word_counts(self, words: dict[str, Tensor]) -> dict[str, float]:
        """Each language's words to learn from in this step, the mean over the processes."""
        pad = self.accelerator.unwrap_model(self.model).config.pad_token_id
        counts = torch.tensor([float((rows[:, :, 1:] != pad).sum()) for rows in words.values()])
        return dict(zip(words, self.accelerator.reduce(counts, "mean").tolist(), strict=True))

    def evaluate(self, eval_dataset=None, ignore_keys=None, metric_key_prefix: str = "eval") -> dict[str, float]:
        """CIDEr of greedy captions for each language's validation photos of each data folder, and the mean of all."""
        network = self.accelerator.unwrap_model(self.model)
        captioner = Captioner(network, self.tokenizers)
        mine = range(self.accelerator.process_index, len(self.val), self.accelerator.num_processes)
        captions: list[tuple[str, str, str]] = []  # language, photo, caption
        for place, regions in zip(mine, tqdm(self.see(mine), desc="validate", leave=False), strict=True):
            for lang in self.val[place].captions:
                trace = captioner.describe(regions.to(network.device, torch.float32), SearchSettings(lang, beam=1))
                captions.append((lang, str(self.val[place].file), trace.caption))
        captions = gather_object(captions)
        metrics = {}
        for (lang, source), scorer in self.scorers.items():
            said = {photo: caption for of, photo, caption in captions if of == lang and photo in scorer.references}
            name = f"{lang}_{source}" if source else lang
            metrics[f"{metric_key_prefix}_cider_{name}"] = scorer.cider(said)
            metrics[f"{metric_key_prefix}_unique_{name}"] = len(set(said.values())) / len(said)
        ciders = [value for name, value in metrics.items() if "_cider_" in name]
        metrics[f"{metric_key_prefix}_cider"] = sum(ciders) / len(ciders)
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics


class DrawAnew(TrainerCallback):
    """Tells the photos which epoch it is: what is drawn for them depends on it."""

    def __init__(self, photos: CaptionedPhotos):
        self.photos = photos

    def on_epoch_begin(self, args, state, control, **kwargs):
        """Pass the epoch's number on to the photos."""
        self.photos.epoch = int(state.epoch + 1e-6)  # a run may go on in the middle of an epoch


class KeepWeights(TrainerCallback):
    """Keeps the weights of each epoch in ``OUT/epochs/N``, and lets no more than ``minutes`` of work be lost: so often
    the Trainer writes a checkpoint to go on from."""

    def __init__(self, out: Path, minutes: float = 10):
        self.out, self.seconds, self.saved = out, 60 * minutes, time.monotonic()

    def on_step_end(self, args, state, control, **kwargs):
        """Ask for a checkpoint where the last one is too old."""
        if time.monotonic() - self.saved > self.seconds:
            control.should_save, self.saved = True, time.monotonic()
        return control

    def on_epoch_end(self, args, state, control, model=None, **kwargs):
        """Write the epoch's weights."""
        if state.is_world_process_zero:
            save_weights(model.state_dict(), self.out / "epochs" / str(round(state.epoch)) / WEIGHTS)


class StopAfter(TrainerCallback):
    """Ends training after some epochs, whatever length the learning rate's schedule is laid out for."""

    def __init__(self, epochs: int):
        self.epochs = epochs

    def on_epoch_end(self, args, state, control, **kwargs):
        """Stop where it was the last epoch."""
        control.should_training_stop = round(state.epoch) >= self.epochs
        return control


def end_together(trainer: Trainer) -> None:
    """Wait for the other processes, and part from them: one that left while its threads still spoke to theirs (gloo's
    do) would now and then be aborted, and torchrun would end the others with it."""
    trainer.accelerator.wait_for_everyone()
    trainer.accelerator.end_training()


def training_arguments(out: Path, **changes) -> TrainingArguments:
    """The habits of all training here; ``changes`` are transformers' TrainingArguments."""
    habits: dict[str, Any] = {
        "output_dir": str(out / "checkpoints"),
        "lr_scheduler_type": "cosine",
        "warmup_steps": 0.05,
        "weight_decay": 0.01,
        "max_grad_norm": 5.0,
        "use_cpu": not torch.cuda.is_available(),
        "ddp_backend": "gloo" if processor.processes() > 1 and not torch.cuda.is_available() else None,
        "ddp_find_unused_parameters": True,  # a batch may lack captions in a language
        "bf16": processor.prefers_bfloat16(),
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
