"""Both networks learn side by side, on the same batches; and read a digit."""

import threading

import numpy as np
import torch
from torch import nn

from model import checks
from model.digits.data import FARTHEST, TESTED, Digits, digits, scrambled, shifted
from model.digits.readers import CNN, RowReader
from model.recurrent.settings import generator_seeds
from model.recurrent.tracing import trace_sequence
from model.traces import DigitReading, DigitsTrace

#: Enough steps for both to be right on more than nine test digits in ten.
STEPS = 300
#: Digits a step, and Adam's learning rate.
BATCH, RATE = 64, 0.02
#: Steps from one look at the test digits to the next.
CHECK_EVERY = 20


class Contest:
    """A CNN and a GRU that learn to read digits; the same seed gives the same run.

    Args:
        seed: of the weights, of the batches and of the order in which pixels are scrambled.
        scramble: whether all pictures have their pixels in another order, the same for all.
    """

    def __init__(self, seed: int = 0, scramble: bool = False):
        self.seed, self.scramble = checks.seed(seed), checks.flag("scramble", scramble)
        # A page may look at a run, in one thread, that another thread still advances.
        self._lock = threading.RLock()
        weights_seed, batches_seed, self._order_seed = generator_seeds(seed)
        self._generator = torch.Generator().manual_seed(batches_seed)
        learned, self._tested = digits()
        self._learned = Digits(self._seen(learned.images), learned.labels)
        self._row_reader = RowReader(weights_seed)
        self.readers: dict[str, nn.Module] = {"cnn": CNN(weights_seed), "gru": self._row_reader}
        self._optimizers = [torch.optim.Adam(each.parameters(), RATE, fused=True) for each in self.readers.values()]
        #: How many steps are done.
        self.step = 0
        self._checks: list[tuple[int, dict[str, float]]] = [(0, self.accuracy())]

    def train_step(self) -> None:
        """One step of each network, on the same batch, against the cross-entropy of its answers."""
        with self._lock:
            chosen = torch.randint(len(self._learned.labels), (BATCH,), generator=self._generator)
            images, labels = (part[chosen] for part in self._learned)
            for reader, optimizer in zip(self.readers.values(), self._optimizers, strict=True):
                optimizer.zero_grad()
                nn.functional.cross_entropy(reader(images), labels).backward()
                optimizer.step()
            self.step += 1
            if self.step % CHECK_EVERY == 0:
                self._checks.append((self.step, self.accuracy()))

    @torch.no_grad()
    def accuracy(self, down: int = 0, right: int = 0) -> dict[str, float]:
        """The share of the test digits that each network reads rightly, all of them shifted by so many pixels."""
        _check_shift(down, right)
        with self._lock:
            images = self._seen(shifted(self._tested.images, down, right))
            return {
                name: (reader(images).argmax(dim=1) == self._tested.labels).float().mean().item()
                for name, reader in self.readers.items()
            }

    @torch.no_grad()
    def read(self, number: int, down: int = 0, right: int = 0) -> DigitReading:
        """What each says to one test digit, numbered from 0 to ``TESTED`` - 1, shifted by so many pixels.

        The GRU is asked after every row, by the readout that learned to answer after the last.
        """
        checks.whole("number", number, 0, TESTED - 1)
        _check_shift(down, right)
        with self._lock:
            image = self._seen(shifted(self._tested.images[number : number + 1], down, right))
            network = self._row_reader.network
            rows = trace_sequence(network.recurrent, image[0], readout=network.readout)
            return DigitReading(
                image=image[0].numpy(),
                label=int(self._tested.labels[number]),
                cnn=self.readers["cnn"](image)[0].double().softmax(dim=0).numpy(),
                gru=torch.tensor(rows.outputs).softmax(dim=1).numpy(),
            )

    def trace(self) -> DigitsTrace:
        """How well both read the test digits so far."""
        with self._lock:
            steps, scores = zip(*self._checks, strict=True)
            return DigitsTrace(
                scrambled=self.scramble,
                parameters={name: sum(p.numel() for p in reader.parameters()) for name, reader in self.readers.items()},
                steps=np.array(steps),
                accuracy={name: np.array([score[name] for score in scores]) for name in self.readers},
            )

    def _seen(self, images: torch.Tensor) -> torch.Tensor:
        """Pictures as the networks get them."""
        return scrambled(images, self._order_seed) if self.scramble else images


def _check_shift(down: int, right: int) -> None:
    """Raises: SettingError: when a digit cannot be shifted so far."""
    checks.whole("down", down, -FARTHEST, FARTHEST)
    checks.whole("right", right, -FARTHEST, FARTHEST)
