"""Self-critical training: its reward is the field's CIDEr-D, its baseline is right, and it raises the reward."""

import pytest
import torch
from pycocoevalcap.cider.cider import Cider

from model.captioner import Captioner
from model.training import fine_tune, self_critical
from model.training.dataset import CaptionedPhotos, collate, gather
from model.training.self_critical import Reward, advantages, draw_captions

pytestmark = pytest.mark.usefixtures("without_java")


def padded(captions: list[list[list[int]]]) -> torch.Tensor:
    longest = max(len(row) for rows in captions for row in rows)
    return torch.tensor([[row + [0] * (longest - len(row)) for row in rows] for rows in captions])


def test_the_reward_is_cider_d_with_the_end_as_a_word():
    people = [[[1, 5, 6, 7, 2], [1, 5, 6, 8, 9, 2]], [[1, 5, 10, 11, 2], [1, 12, 10, 2]], [[1, 13, 14, 15, 16, 2]] * 2]
    ours = [[[1, 5, 6, 7, 2]], [[1, 5, 10, 2]], [[1, 5, 13, 14, 2]]]
    rewards = Reward(people, pad=0)(padded(ours), padded(people))

    def text(row):
        return " ".join(map(str, row[1:]))

    references = {photo: [text(row) for row in rows] for photo, rows in enumerate(people)}
    candidates = {photo: [text(row) for row in rows] for photo, rows in enumerate(ours)}
    _, expected = Cider().compute_score(references, candidates)
    assert rewards.flatten().tolist() == pytest.approx(expected.tolist(), abs=1e-6)
    # One at a time it is the same: the corpus weighs the words, not what happens to be in a batch.
    alone = Reward(people, pad=0)(padded(ours[:1]), padded(people[:1]))
    assert alone.item() == pytest.approx(expected[0], abs=1e-6)


def test_a_caption_without_its_end_earns_less():
    people = [[[1, 5, 6, 7, 2]] * 3, [[1, 8, 9, 10, 2]] * 3]
    cut, whole = Reward(people, pad=0)(padded([[[1, 5, 6, 7], [1, 5, 6, 7, 2]]]), padded(people[:1]))[0].tolist()
    assert cut < whole


def test_the_baseline_is_the_mean_of_the_others():
    rewards = torch.tensor([[1.0, 2.0, 6.0]])
    assert advantages(rewards).tolist() == [[1 - 4, 2 - 3.5, 6 - 1.5]]
    assert advantages(rewards).sum().item() == pytest.approx(0)


def test_drawn_captions_are_captions(tiny_captioner):
    config = tiny_captioner.network.config
    torch.manual_seed(0)
    regions = torch.rand(3, 4, config.region_channels)
    captions = draw_captions(tiny_captioner.network.decoders["en"], regions, torch.rand(3, 5, 9), config)
    assert captions.shape[:2] == (3, 5) and captions.shape[2] <= 10
    for row in captions.flatten(0, 1).tolist():
        assert row[0] == config.start_token_id and config.unknown_token_id not in row
        words = row[1:]
        if config.end_token_id in words:
            after = words[words.index(config.end_token_id) + 1 :]
            assert not any(after)
        else:
            assert 0 not in words
    assert len({tuple(row) for row in captions[0].tolist()}) > 1


def test_one_caption_a_photo_has_no_others_to_be_compared_with(coloured_walls, one_language_each, tmp_path, capsys):
    folders = ["--start", str(one_language_each[0]), "--data", str(coloured_walls), "--out", str(tmp_path / "out")]
    assert self_critical.main([*folders, "--samples", "1"]) == 2
    assert "2 or more" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_it_raises_the_reward_of_what_it_says(coloured_walls, one_language_each, tmp_path):
    """From a captioner that knows the words but hardly the photos."""
    folders = ["--data", str(coloured_walls), "--batch", "4", "--dropout", "0", "--seed", "3", "--threads", "1"]
    start, out = tmp_path / "start", tmp_path / "out"
    begun = ["--start", *map(str, one_language_each), "--out", str(start), "--epochs", "4"]
    fine_tune.main([*begun, *folders, "--learning-rate", "5e-3", "--averaged", "1"])
    trained = ["--start", str(start), "--out", str(out), "--epochs", "12", "--people", "0", "--averaged", "1"]
    self_critical.main([*trained, *folders, "--learning-rate", "3e-3", "--encoder-learning-rate", "1e-4"])

    photos, _ = gather([coloured_walls], ["en", "zh"])
    for lang in ("en", "zh"):
        mean = []
        for folder in (start, out):
            captioner = Captioner.from_pretrained(folder)
            data = CaptionedPhotos(
                photos,
                captioner.tokenizers,
                fine_tune.Glances(photos, captioner.network.config.image_size, least_seen=0.7),
            )
            words = collate([data[place] for place in range(len(data))])["words"][lang]
            regions = torch.stack([captioner.look(photo.file.read_bytes()) for photo in photos])
            torch.manual_seed(0)
            chances = torch.rand(len(photos), 20, 21)
            ours = draw_captions(captioner.network.decoders[lang], regions, chances, captioner.network.config)
            mean.append(Reward([rows[lang] for rows in data.words], pad=0)(ours, words).mean().item())
        assert mean[1] > 1.2 * mean[0]


def test_a_language_may_be_trained_alone_with_the_eye_at_rest(coloured_walls, one_language_each, tmp_path):
    both = tmp_path / "both"
    network, tokenizers = fine_tune.joined(one_language_each)
    Captioner(network, tokenizers).save_pretrained(both)
    folders = ["--start", str(both), "--data", str(coloured_walls), "--out", str(tmp_path / "out"), "--batch", "4"]
    folders += ["--threads", "1"]
    self_critical.main([*folders, "--epochs", "1", "--averaged", "1", "--lang", "zh", "--learning-rate", "1e-3"])
    before, after = (Captioner.from_pretrained(folder).network.state_dict() for folder in (both, tmp_path / "out"))
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed and all(name.startswith("decoders.zh.") for name in changed)
    assert Captioner.from_pretrained(tmp_path / "out").languages == ("en", "zh")
