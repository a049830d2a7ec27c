"""The scripts of the caption page's views and experiments, and the lines behind them.

Each script leaves what its view draws in ``trace``.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from app.charts.caption.attention import regions_used
from app.scripts.script import Made, behind
from model.captioner import Captioner
from model.captioner.decoder import Decoder
from model.captioner.editing import Edit, Surgeon
from model.captioner.hiding import hide
from model.captioner.holding import hold
from model.captioner.image import open_photo, to_pixels
from model.captioner.moments import Moments, load_moments
from model.captioner.patching import ForcedReading, patch
from model.captioner.probes import Probe, load_probes, read
from model.captioner.saliency import explain
from model.captioner.search import search
from model.captioner.seeing import feature_maps, receptive_fields, stages
from model.captioner.siblings import load_siblings, read_figures
from model.captioner.swapping import swap
from model.captioner.transformer import TransformerCaptioner
from model.cells.gru import GRU
from model.cells.layers import OneStep
from model.traces import BeamNode, HiddenBasis

CAPTIONER = Made("Captioner.from_pretrained('assets/captioner')", Captioner)


@behind(Decoder.step, Decoder._fit, regions_used)
def looked(captioner, photo, settings):
    """Where the network looked for each word, over how many regions, and how far the gate on it was open."""
    trace = captioner.describe(captioner.look(photo), settings)
    print(trace.caption)
    for word, attention, gate in zip(trace.words, trace.attention, trace.context_gate, strict=True):
        row, column = np.unravel_index(attention.argmax(), attention.shape)
        shares = attention[attention > 0].astype(float)
        regions = np.exp(-(shares * np.log(shares)).sum())
        print(f"{word}: most at row {row + 1}, column {column + 1} ({attention.max():.0%}),", end=" ")
        print(f"as wide as {regions:.0f} of {attention.size} regions, gate {gate.mean():.0%} open")


@behind(Decoder.predict, search)
def nearly(captioner, photo, settings):
    """What it said, and the likeliest words at that point."""
    trace = captioner.describe(captioner.look(photo), settings)
    for word, likely in zip(trace.words, trace.alternatives, strict=True):
        print(f"{word}:", ", ".join(f"{other or '(end)'} {probability:.1%}" for other, probability in likely))


@behind(search, BeamNode)
def beam(captioner, photo, settings):
    """Every whole caption that the search found, by its score: log p / (T + 1) ** power."""
    trace = captioner.describe(captioner.look(photo), settings)
    for node in sorted(trace.beams, key=lambda node: -node.score(trace.length_penalty)):
        if node.state == "finished":
            words = []
            parent = node.parent
            while parent >= 0:
                words.append(trace.beams[parent].word)
                parent = trace.beams[parent].parent
            print(f"{node.score(trace.length_penalty):.3f}  log p {node.log_prob:.2f}", *reversed(words))
    for state in ("kept", "dropped", "finished"):
        print(state, sum(node.state == state for node in trace.beams))


@behind(OneStep.forward, GRU.step, HiddenBasis)
def memory(captioner, photo, settings):
    """The path of the memory, along the axes in which memories of many captions differ most."""
    trace = captioner.describe(captioner.look(photo), settings)
    basis = captioner.bases[settings.lang]
    path = basis.project(trace.states)
    for word, place in zip(("(start)", *trace.words), path, strict=True):
        print(word, *(f"{along:.2f}" for along in place[:3]))
    print("share of the variance that each axis holds:", basis.explained[:3].round(3))


@behind(OneStep.forward, GRU.step)
def gates(captioner, photo, settings, gate, unit):
    """A gate word by word, and one unit's course."""
    trace = captioner.describe(captioner.look(photo), settings)
    for t, word in enumerate(trace.words):
        values = trace.gates[gate][t]
        print(f"{word}: {gate} {values.mean():.2f} on average, {values[unit]:.2f} of unit {unit},", end=" ")
        print(f"whose state is {trace.hidden[t, unit]:.2f}")


@behind(Moments.like)
def moments_like(captioner, photo, settings, place, by_axes):
    """The moments of other captions whose memory was most like the one before a word."""
    trace = captioner.describe(captioner.look(photo), settings)
    index = load_moments(Path("assets/captioner", settings.lang))
    found = index.like(trace.hidden[place], captioner.bases[settings.lang] if by_axes else None)
    print(f"before “{trace.words[place]}”; all moments have {found.mean_similarity:.2f} on average")
    for moment, similarity in zip(found.moments, found.similarity, strict=True):
        print(f"{similarity:.2f}  {moment.word}:", *moment.words)


@behind(Moments.pattern)
def moments_pattern(lang, units, share):
    """The moments at which units are high (True) or low (False), and the words that came next there."""
    trace = load_moments(Path("assets/captioner", lang)).pattern(units, share)
    print(f"{trace.matched} of {trace.searched} moments; by chance {trace.expected:.1f}")
    for word in trace.words:
        print(f"{word.word}: {word.count} of {word.total}, expected {word.expected:.1f}, p = {word.chance:.2g}")


@behind(Decoder.step, Decoder._fit, Decoder.predict, GRU.step)
def formulas(captioner, photo, settings, place, unit):
    """One word's step, with the numbers of one unit."""
    trace = captioner.describe(captioner.look(photo), settings)
    z, r, n = (trace.gates[name][place, unit] for name in ("update_gate", "reset_gate", "candidate"))
    before, after = trace.states[place, unit], trace.hidden[place, unit]
    print(f"“{trace.words[place]}”, unit {unit}: z = {z:.4f}, r = {r:.4f}, n = {n:.4f}")
    print(f"h = (1 - z) n + z h = {(1 - z) * n + z * before:.4f} = {after:.4f}, before {before:.4f}")
    print(f"log p = {trace.log_probs[place]:.4f}")


@behind(Decoder.step, OneStep.forward, load_siblings)
def siblings(captioner, photo, settings):
    """The same photo captioned by four small decoders with other cells."""
    regions = captioner.look(photo)
    family = load_siblings("assets/siblings", captioner.tokenizers["en"])
    trace = {kind: sibling.speaker.describe(regions, settings) for kind, sibling in family.items()}
    for kind, said in trace.items():
        path = family[kind].basis.project(said.states)
        print(f"{kind}: {said.caption}; log p {said.log_prob:.2f}; its memory ends at {path[-1].round(2)}")


@behind(read_figures)
def sibling_scores():
    """The siblings' scores, a line for each training run."""
    trace = read_figures("assets/siblings")
    for kind, runs in trace.items():
        for run in runs:
            print(f"{kind}, seed {run['seed']}: CIDEr {100 * run['cider']:.1f}, BLEU-4 {100 * run['bleu4']:.1f}")


@behind(feature_maps)
def eye_maps(captioner, photo, stage, most):
    """The channels of a stage of the CNN that differ most from place to place."""
    pixels = to_pixels(open_photo(photo), captioner.network.config.image_size)
    trace = feature_maps(captioner.network.encoder, pixels, stage, most)
    for channel, values in zip(trace.channels, trace.maps, strict=True):
        print(f"channel {channel}: standard deviation {values.std():.3f}, most {values.max():.3f}")


@behind(receptive_fields)
def eye_field(captioner, photo, row, column):
    """What one region depends on, stage by stage; row and column, from 0, are those of the last grid."""
    size = captioner.network.config.image_size
    every = stages(captioner.network.encoder, size)
    last = every[-1]
    places = {
        stage.code: (
            (2 * row + 1) * stage.rows // (2 * last.rows),
            (2 * column + 1) * stage.columns // (2 * last.columns),
        )
        for stage in every
    }
    trace = receptive_fields(captioner.network.encoder, to_pixels(open_photo(photo), size), places)
    for field in trace:
        print(
            f"{field.stage}: in theory {field.theoretical_side} pixels wide, in fact {field.width():.0%} of the photo"
        )


@behind(hide)
def hiding(captioner, photo, settings, box, fill):
    """What a caption's words lose when a part of the photo is hidden."""
    image = open_photo(photo)
    caption = captioner.describe(captioner.look(image), settings)
    regions = captioner.look(hide(image, box, fill) if box else image)
    print("whole:", caption.caption)
    print("hidden:", captioner.describe(regions, settings).caption)
    same_words = replace(settings, beam=1, prefix=caption.words, sample=None, max_words=len(caption.words))
    trace = captioner.describe(regions, same_words)
    for word, before, after in zip(caption.words, caption.log_probs, trace.log_probs, strict=True):
        print(f"{word}: {np.exp(before):.1%} before, {np.exp(after):.1%} after")


@behind(swap, Surgeon.__call__)
def swapping(captioner, photo, other, settings, start, place, other_place):
    """A's memory or B's, with A's photo or B's: what each pair says."""
    a, b = captioner.look(photo), captioner.look(other)
    of_a, of_b = captioner.describe(a, replace(settings, prefix=start)), captioner.describe(b, settings)
    before = replace(settings, prefix=of_a.words[:place])
    for owner, hidden in (("A", of_a.hidden[place]), ("B", of_b.hidden[other_place])):
        for seen, regions in (("A", a), ("B", b)):
            caption = captioner.describe(a, before, Edit(place, hidden=hidden, regions=regions))
            print(f"memory {owner}, photo {seen}: {caption.caption}")
    speaker = captioner.speakers[settings.lang]
    trace = swap(ForcedReading.of(speaker, a, of_a.words), ForcedReading.of(speaker, b, of_b.words), place, other_place)
    print(f"towards “{trace.words[1]}”: memory {trace.by_memory:+.1f} nats, photo {trace.by_photo:+.1f} nats")


@behind(patch)
def patching(captioner, photo, other, settings, start, place, other_place, others):
    """How far each step's memory, look and word before, put from B's run into A's, lead to B's word."""
    speaker = captioner.speakers[settings.lang]
    runs = []
    for one, first in ((photo, start), (other, ()), *((one, ()) for one in others)):
        regions = captioner.look(one)
        runs.append(
            ForcedReading.of(speaker, regions, captioner.describe(regions, replace(settings, prefix=first)).words)
        )
    trace = patch(runs[0], runs[1], place, other_place, runs[2:])
    print(f"towards “{trace.word}”; steps of A:", *trace.steps_a)
    for part, shares, chance in zip(("memory", "look", "word"), trace.recovered, trace.baseline, strict=True):
        print(f"{part}:", *(f"{share:.0%}" for share in shares), "; other photos:", *(f"{one:.0%}" for one in chance))


@behind(hold, Surgeon.__call__)
def holding(captioner, photo, settings, place, units, value, seed, lasting):
    """Units of the memory held at a value (None: their mean) from a word on, and what that costs the word."""
    regions = captioner.look(photo)
    caption = captioner.describe(regions, settings)
    mean = captioner.bases[settings.lang].mean
    values = mean if value is None else np.full(len(mean), value, np.float32)
    run = ForcedReading.of(captioner.speakers[settings.lang], regions, caption.words)
    trace = hold(run, place, values, units or None, seed)
    held = np.isin(np.arange(len(values)), trace.units)
    edit = Edit(place, hidden=lambda hidden: np.where(held, values, hidden), hold=lasting)
    print("as it was:", caption.caption)
    print("held:", captioner.describe(regions, replace(settings, prefix=caption.words[:place]), edit).caption)
    print("units:", *trace.units)
    print(f"“{trace.word}”: {np.exp(trace.log_prob):.1%} before, {np.exp(trace.log_prob_held):.1%} held;", end=" ")
    print(f"{trace.share_as_costly:.0%} of random sets cost as much")


@behind(Probe, read)
def probes(captioner, photo, settings):
    """What linear probes read off the memory before each word, and how well they do on other photos."""
    caption = captioner.describe(captioner.look(photo), settings)
    trace = read(load_probes(Path("assets/captioner", settings.lang)), caption)
    print(*caption.words)
    for probe in trace:
        score = probe.score
        print(f"{probe.question}: {probe.read}; accuracy {score.accuracy:.1%},", end=" ")
        print(f"most frequent answer {score.majority:.1%}, random GRU {score.random:.1%}")


@behind(explain)
def saliency(captioner, photo, settings, place, method, baseline):
    """Which regions spoke for a word, in nats, and whether attention orders them alike."""
    caption = captioner.describe(captioner.look(photo), settings)
    pixels = to_pixels(open_photo(photo), captioner.network.config.image_size)
    trace = explain(captioner, pixels, caption, place, method, baseline)
    print(f"“{trace.word}”: the photo changed log p by {trace.log_prob - trace.baseline_log_prob:+.2f} nats")
    print(f"rank correlation with attention: {trace.agreement:.2f}")
    print(trace.regions.round(2))


@behind(Decoder.step, Decoder.predict, TransformerCaptioner.caption)
def word_chances(captioner, photo, settings, folder):
    """How sure the network was of each word; and a Transformer, where its folder is given."""
    trace = captioner.describe(captioner.look(photo), settings)
    for word, log_prob in zip(trace.words, trace.log_probs, strict=True):
        print(f"{word}: {np.exp(log_prob):.1%}")
    if folder:
        other = TransformerCaptioner.from_pretrained(folder).caption(open_photo(photo), settings.beam)
        for token, log_prob in zip(other.tokens, other.log_probs, strict=True):
            print(f"{token}: {np.exp(log_prob):.1%}")
