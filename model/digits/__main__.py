"""How often each network is right, over several seeds: as the digits are, shifted, and scrambled.

python -m model.digits [--seeds N]
"""

import argparse
import statistics

from model.digits.contest import STEPS, Contest
from model.digits.data import FARTHEST

DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1))


def measure(seed: int, scramble: bool) -> dict[str, list[float]]:
    """Train with one seed; by network's name, the share right of test digits shifted by 0, 1, ... ``FARTHEST`` pixels,
    each the mean of down, up, right and left."""
    contest = Contest(seed, scramble)
    for _ in range(STEPS):
        contest.train_step()
    scores: dict[str, list[float]] = {name: [] for name in contest.readers}
    for by in range(FARTHEST + 1):
        each = [contest.accuracy(down * by, right * by) for down, right in DIRECTIONS]
        for name, share in scores.items():
            share.append(statistics.fmean(score[name] for score in each))
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m model.digits", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, metavar="N", help="train with seeds 0 to N - 1 (default: 5)")
    seeds = range(max(1, parser.parse_args().seeds))
    print(f"{len(seeds)} seeds, {STEPS} steps; right answers, mean (least to most)")
    for scramble in (False, True):
        runs = [measure(seed, scramble) for seed in seeds]
        for name in runs[0]:
            for by in range(FARTHEST + 1):
                shares = [run[name][by] for run in runs]
                mean, least, most = statistics.fmean(shares), min(shares), max(shares)
                kind = "scrambled" if scramble else "as they are"
                print(f"{name}  {kind:11}  shifted by {by}: {mean:.1%} ({least:.1%} to {most:.1%})")


if __name__ == "__main__":
    main()
