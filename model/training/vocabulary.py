"""Teach a captioner the words of more data: its decoders grow by a row for each new word.

    python -m model.training.vocabulary --from runs/words --data ../data/flickr8k ../data/coco ../data/coco_more \\
        --out runs/grown

Words seen often enough in all captions of the data, and not known yet, are put behind those that are known; what the
captioner says stays as it was until it is trained on. One more token is added, which no caption holds: captions that a
model wrote start with it in training, those of people with the plain start. So the decoder learns whose manner it
reads, and in use, where the start is people's, writes as people do.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

from model import shell
from model.captioner import Captioner
from model.captioner.captioner import CaptionerModel
from model.captioner.config import CaptionerConfig
from model.captioner.tokenizer import END, PAD, SPECIAL, START, UNKNOWN
from model.errors import UserError
from model.training.dataset import gather

#: Starts a caption that a model wrote.
MODEL_START = "<model>"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.vocabulary",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--from",
        "--start",
        dest="start",
        type=Path,
        nargs="+",
        required=True,
        metavar="DIR",
        help="captioners, each with its languages",
    )
    add("--data", type=Path, nargs="+", required=True, metavar="DIR", help="data folders, as for cross_entropy")
    add("--out", type=Path, required=True, metavar="DIR", help="where the grown captioner goes")
    add("--min-frequency", type=int, default=4, help="rarer words are left out (default %(default)s)")
    add("--lang", nargs="+", metavar="CODE", help="grow these alone, others stay as they are (default all)")
    add("--one-start", action="store_true", help="captions by a model start as people's do")
    add("--seed", type=int, default=0, help="draws the new words' first vectors (default %(default)s)")
    options = parser.parse_args(argv)
    return shell.run(lambda: _grow(options))


def _grow(options: argparse.Namespace) -> int:
    from model.training.fine_tune import joined

    network, tokenizers = joined(options.start)
    grows = options.lang or list(tokenizers)
    if not options.one_start and set(grows) != set(tokenizers):
        raise UserError("A start of their own for captions by a model needs all languages. Please give --one-start.")
    photos, _ = gather(options.data, grows)
    grown = dict(tokenizers)
    for lang in grows:
        tokenizer = tokenizers[lang]
        texts = (text for photo in photos for text in photo.captions.get(lang, ()))
        grown[lang] = grown_tokenizer(tokenizer, texts, options.min_frequency, model_start=not options.one_start)
        shell.say(f"{lang}: {len(tokenizer)} tokens were known, {len(grown[lang])} are now.")
    Captioner(grown_network(network, tokenizers, grown, options.seed), grown).save_pretrained(options.out)
    return 0


def grown_tokenizer(
    tokenizer: PreTrainedTokenizerFast, texts: Iterable[str], min_frequency: int, model_start: bool = True
) -> PreTrainedTokenizerFast:
    """The tokenizer with the texts' frequent words behind its own, the most frequent first, and ``MODEL_START`` where
    captions by a model are to have a start of their own."""
    backend = tokenizer.backend_tokenizer
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(
            piece for piece, _ in backend.pre_tokenizer.pre_tokenize_str(backend.normalizer.normalize_str(text))
        )
    known = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    frequent = sorted((-count, word) for word, count in counts.items() if count >= min_frequency)
    new = [word for _, word in frequent if word not in set(known)]
    if model_start and MODEL_START not in known:
        known.insert(len(SPECIAL), MODEL_START)
    definition = json.loads(backend.to_str())
    definition["model"]["vocab"] = {word: number for number, word in enumerate((*known, *new))}
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(definition)),
        pad_token=PAD,
        bos_token=START,
        eos_token=END,
        unk_token=UNKNOWN,
    )


@torch.no_grad()
def grown_network(
    network: CaptionerModel,
    before: dict[str, PreTrainedTokenizerFast],
    after: dict[str, PreTrainedTokenizerFast],
    seed: int = 0,
) -> CaptionerModel:
    """The same network with rows for the tokens of ``after``.

    A known word keeps its row. A new word's vector is drawn as widely as the known ones, its bias is that of the
    rarest; the model's start is what the plain start is.
    """
    settings = network.config.to_dict() | {
        "vocabulary": {lang: len(tokenizer) for lang, tokenizer in after.items()},
        "model_start_token_id": len(SPECIAL) if all(MODEL_START in one.get_vocab() for one in after.values()) else None,
    }
    grown = CaptionerModel(CaptionerConfig(**settings))
    generator = torch.Generator().manual_seed(seed)
    state = network.state_dict()
    for lang, tokenizer in after.items():
        vectors, biases = (state[f"decoders.{lang}.{name}"] for name in ("embedding.weight", "word_bias"))
        place_before = before[lang].get_vocab() | {MODEL_START: network.config.start_token_id}
        new_vectors = torch.randn(len(tokenizer), vectors.shape[1], generator=generator) * vectors[len(SPECIAL) :].std()
        new_biases = biases[-100:].mean().repeat(len(tokenizer))
        for word, place in tokenizer.get_vocab().items():
            if word in place_before:
                new_vectors[place], new_biases[place] = vectors[place_before[word]], biases[place_before[word]]
        state |= {f"decoders.{lang}.embedding.weight": new_vectors, f"decoders.{lang}.word_bias": new_biases}
    grown.load_state_dict(state)
    return grown


if __name__ == "__main__":
    sys.exit(main())
