"""Recurrent networks from a shell: ``python -m model.recurrent`` trains, and makes presets; ``--help`` tells more."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from model import shell
from model.errors import UserError

_EPILOG = """\
examples:
  python -m model.recurrent train parity
  python -m model.recurrent train recall --distractors 40 --cell lstm --seed 3
  python -m model.recurrent train text --text poem.txt --steps 2000 --save poem.safetensors
  python -m model.recurrent train numbers --numbers "1 1 2 3 5 8 13 21"
  python -m model.recurrent presets
  python -m model.recurrent presets --only parity-gru --out /tmp/presets
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    arguments = _parser().parse_args(argv)
    return shell.run(lambda: arguments.command(arguments))


def _parser() -> argparse.ArgumentParser:
    from model.recurrent.settings import CHOICES, LIMITS, Settings
    from model.recurrent.tasks import TASKS

    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m model.recurrent",
        description="Train small recurrent networks, and make the trained ones that come with the project.",
        epilog=_EPILOG,
        formatter_class=raw,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    train = commands.add_parser("train", help="train a network on a task", epilog=_EPILOG, formatter_class=raw)
    train.set_defaults(command=_train)
    add = train.add_argument
    add("task", choices=sorted(TASKS), metavar="TASK", help=f"one of {', '.join(sorted(TASKS))}")
    add("--steps", type=int, metavar="N", help="how many steps (default: what the task wants)")
    add("--until-solved", action="store_true", help="stop when 99 %% of the answers on fresh sequences are right")
    add("--save", type=Path, metavar="FILE", help="write the trained network, as safetensors")
    add("--json", action="store_true", help="one JSON object a line")
    of_task = train.add_argument_group("the task's parameters")
    of_task.add_argument("--text", type=Path, metavar="FILE", help="for text: what to learn, in UTF-8")
    of_task.add_argument("--numbers", metavar="NUMBERS", help="for numbers: the series")
    for name in ("length", "distractors", "period"):
        of_task.add_argument(f"--{name}", type=int, metavar="N", help=f"for {_with_parameter(name)}")
    of_task.add_argument("--embedded", action="store_const", const=True, help="for reber: the embedded grammar")
    settings = train.add_argument_group("settings (default: what suits the task)")
    for field in fields(Settings):
        choices = CHOICES.get(field.name)
        least, most = LIMITS.get(field.name, (None, None))
        settings.add_argument(
            f"--{field.name.replace('_', '-')}",
            type=type(field.default),
            metavar=field.name.split("_")[-1].upper(),
            help=", ".join(choices) if choices else f"{_short(least)} to {_short(most)}",
        )

    presets = commands.add_parser("presets", help="make the trained networks in assets/recurrent again")
    presets.set_defaults(command=_presets)
    presets.add_argument("--only", nargs="+", metavar="NAME", help="make these alone")
    presets.add_argument("--out", type=Path, metavar="DIR", help="write them here (default: assets/recurrent)")

    starts = commands.add_parser("starts", help="measure delayed recall again with other biases of the keeping gate")
    starts.set_defaults(command=_starts)
    starts.add_argument("--out", type=Path, metavar="DIR", help="write starts.json here (default: assets/recurrent)")
    return parser


def _with_parameter(name: str) -> str:
    """The tasks that have a parameter, in words."""
    from model.recurrent.tasks import TASKS

    return ", ".join(sorted(task.name for task in TASKS.values() if name in {field.name for field in fields(task)}))


def _train(arguments: argparse.Namespace) -> int:
    from model.files import write_bytes
    from model.recurrent import Saved, Settings, Training, evaluate, make_task, save
    from model.recurrent.tasks.series import parse_numbers
    from model.recurrent.training import CHECK_EVERY

    given = {name: value for name, value in vars(arguments).items() if value is not None}
    parameters: dict[str, Any] = {
        name: given[name] for name in ("length", "distractors", "period", "embedded") if name in given
    }
    if "text" in given:
        try:
            parameters["text"] = arguments.text.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise UserError("{file} is no text in UTF-8. Please give one.", file=arguments.text) from error
    if "numbers" in given:
        parameters["numbers"] = parse_numbers(arguments.numbers)
    task = make_task(arguments.task, **parameters)
    changes = {field.name: given[field.name] for field in fields(Settings) if field.name in given}
    settings = Settings.for_task(task, **changes)

    if arguments.save:
        shell.check_writable(arguments.save)

    training = Training(task, settings)
    for step in training.run(steps=task.steps if arguments.steps is None else arguments.steps):
        if step.step % CHECK_EVERY == 0:
            trace = training.trace()
            _report(arguments.json, step=step.step, loss=trace.check_loss[-1], accuracy=trace.check_accuracy[-1])
        if arguments.until_solved and training.solved_at:
            break
    score = evaluate(training.network, task, seed=settings.seed + 1)
    _report(
        arguments.json,
        steps=training.step,
        loss=score.loss,
        accuracy=score.accuracy,
        solved_at=training.solved_at,
        seconds=round(float(training.trace().seconds.sum()), 3),
        parameters=training.network.parameter_count,
        references=dict(task.references),
    )
    if arguments.save:
        figures = {"loss": score.loss, "accuracy": score.accuracy}
        write_bytes(arguments.save, save(Saved(training.network, task, settings, training.step, figures)))
    return 0


def _report(as_json: bool, **figures: object) -> None:
    if as_json:
        shell.say(json.dumps(figures))
    else:
        shell.say("  ".join(f"{name} {_short(value)}" for name, value in figures.items()))


def _short(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_short(each)}" for name, each in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _presets(arguments: argparse.Namespace) -> int:
    from model.recurrent.presets import DIRECTORY, PRESETS, make_presets

    names = arguments.only or list(PRESETS)
    for name in names:
        if name not in PRESETS:
            raise UserError("There is no preset {given}. There are {presets}.", given=name, presets=", ".join(PRESETS))
    make_presets(names, arguments.out or DIRECTORY, shell.say)
    return 0


def _starts(arguments: argparse.Namespace) -> int:
    from model.recurrent.presets import DIRECTORY
    from model.recurrent.starts import measure_all

    measure_all(arguments.out or DIRECTORY, shell.say)
    return 0


if __name__ == "__main__":
    sys.exit(main())
