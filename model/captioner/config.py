"""The captioner's configuration: everything that decides its shape and its habits."""

from dataclasses import field
from typing import Any

from transformers import PreTrainedConfig

#: The length penalty of a language that has none of its own.
LENGTH_PENALTY = 0.6


class CaptionerConfig(PreTrainedConfig):
    """A CNN encoder, and for each language a recurrent decoder, by itself a GRU with attention.

    ``vocabulary`` gives each language's number of words (tokens), special ones included. Sizes are in units:
    ``region_channels`` out of the CNN for each region, C = ``context_size`` of what attention hands on,
    A = ``attention_size``, E = ``embedding_size``, H = ``hidden_size``.
    """

    model_type = "afterimage_captioner"

    backbone: str = "tf_efficientnet_lite2"
    image_size: int = 260
    region_channels: int = 1280
    vocabulary: dict[str, int] = field(default_factory=dict)
    context_size: int = 512
    attention_size: int = 320
    embedding_size: int = 320
    hidden_size: int = 512
    #: One of ``model.cells.CELLS``.
    cell: str = "gru"
    #: ``"additive"``, or ``"mean"``: every region counts as much as the others, always.
    attention: str = "additive"
    dropout: float = 0.5
    #: In training the encoder leaves out a residual block this often, the last one most (stochastic depth).
    drop_path: float = 0.0
    label_smoothing: float = 0.1
    #: Hypotheses compare by log p / words ** length_penalty: 0 favours short captions, 1 the mean per word. Each
    #: language has its own (``LENGTH_PENALTY`` where none is given): a Chinese caption's words are characters.
    length_penalty: dict[str, float] = field(default_factory=dict)
    pad_token_id: int = 0
    start_token_id: int = 1
    end_token_id: int = 2
    unknown_token_id: int = 3
    #: What captions that a model wrote start with in training, so that their manner is told apart from people's.
    model_start_token_id: int | None = None

    def __post_init__(self, **kwargs: Any) -> None:
        self.length_penalty = dict.fromkeys(self.vocabulary, LENGTH_PENALTY) | self.length_penalty
        super().__post_init__(**kwargs)

    @property
    def never_said(self) -> list[int]:
        """The tokens that no caption holds, and that have no share in the probabilities; the end is none of them."""
        never = [self.pad_token_id, self.start_token_id, self.unknown_token_id]
        return never if self.model_start_token_id is None else [*never, self.model_start_token_id]
