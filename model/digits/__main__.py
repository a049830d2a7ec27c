"""How often each network is right, over several seeds: as the digits are, shifted, and scrambled.

python -m model.digits [--seeds N]
"""

import argparse
import statistics

from model.digits.contest import STEPS, Contest

#: Shifts (down, right) in pixels, by what they are called.
SHIFTS = {
    "as they are": ((0, 0),),
    "up or down by 1": ((-1, 0), (1, 0)),
    "up or down by 2": ((-2, 0), (2, 0)),
    "left or right by 1": ((0, -1), (0, 1)),
    "left or right by 2": ((0, -2), (0, 2)),
}


def measure(seed: int, scramble: bool) -> dict[str, dict[str, float]]:
    """Train with one seed; by the name of the shift (the mean of its directions) and the network's, the share right."""
    contest = Contest(seed, scramble)
    for _ in range(STEPS):
        contest.train_step()
    scores = {shift: [contest.accuracy(*by) for by in directions] for shift, directions in SHIFTS.items()}
    return {
        shift: {name: statistics.fmean(score[name] for score in each) for name in contest.readers}
        for shift, each in scores.items()
    }


def main() -> None:
    """Run the command: train with every seed, and print the shares."""
    parser = argparse.ArgumentParser(prog="python -m model.digits", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, metavar="N", help="train with seeds 0 to N - 1 (default: 5)")
    seeds = range(max(1, parser.parse_args().seeds))
    print(f"{len(seeds)} seeds, {STEPS} steps; test digits read rightly, mean (least to most)")
    for scramble in (False, True):
        runs = [measure(seed, scramble) for seed in seeds]
        print("pixels scrambled" if scramble else "pixels in their places")
        for shift in SHIFTS:
            for name in runs[0][shift]:
                shares = [run[shift][name] for run in runs]
                mean, least, most = statistics.fmean(shares), min(shares), max(shares)
                print(f"  {shift:18}  {name}  {mean:.1%} ({least:.1%} to {most:.1%})")


if __name__ == "__main__":
    main()
