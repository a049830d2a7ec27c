"""Whether the packed decoder says what the plain one says, photo by photo.

    python -m tests.benchmarks.same_captions --images DIR --split TXT --count 200

For each photo and language both search, with beam 3, what the same eye saw. Printed are the share of photos with the
same caption, the largest difference of a caption's log-probability where it is the same, and what the search took.
"""

import argparse
import time
from pathlib import Path

import torch

from model.captioner import Captioner
from model.captioner.image import read_photo
from model.captioner.search import search

CAPTIONER = Path(__file__).parents[2] / "assets" / "captioner"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.same_captions", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--images", type=Path, required=True, help="the folder of the photos")
    parser.add_argument("--split", type=Path, required=True, help="a text file of their names, one a line")
    parser.add_argument("--count", type=int, default=200, help="how many of them (default: 200)")
    options = parser.parse_args()
    captioner = Captioner.from_pretrained(CAPTIONER)
    same, apart = dict.fromkeys(captioner.languages, 0), 0.0
    seconds = {"plain": 0.0, "packed": 0.0}
    names = options.split.read_text(encoding="utf-8").split()[: options.count]
    for name in names:
        file = next(options.images.glob(f"{Path(name).stem}.*"))
        regions = captioner.look(read_photo(file))
        for lang, speaker in captioner.speakers.items():
            found = {}
            for kind, decoder in (("plain", speaker.decoder), ("packed", speaker._quick_decoder())):
                started = time.process_time()
                with torch.inference_mode():
                    penalty = speaker.config.length_penalty[lang]
                    found[kind] = search(decoder, regions, speaker.config, length_penalty=penalty)
                seconds[kind] += time.process_time() - started
            if found["plain"].tokens == found["packed"].tokens:
                same[lang] += 1
                apart = max(apart, abs(sum(found["plain"].log_probs) - sum(found["packed"].log_probs)))
    for lang, count in same.items():
        print(f"{lang}: {count} of {len(names)} captions are the same")
    print(f"log-probabilities of those differ by {apart:.1e} at most")
    for kind, spent in seconds.items():
        print(f"{kind}: {1000 * spent / len(names) / len(same):.1f} ms of processor for a search")


if __name__ == "__main__":
    main()
