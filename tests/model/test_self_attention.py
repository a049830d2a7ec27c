"""Self-attention over five words is torch's; without mask and positions it knows no order."""

import numpy as np
import pytest
import torch

from model.self_attention import W_K, W_Q, W_V, WORDS, attend, encoded_positions


@pytest.mark.parametrize("causal", [True, False])
def test_it_is_torchs_attention(causal):
    found = attend(causal=causal)
    queries, keys, values = (torch.tensor(part)[None] for part in (found.queries, found.keys, found.values))
    expected = torch.nn.functional.scaled_dot_product_attention(queries, keys, values, is_causal=causal)
    np.testing.assert_allclose(found.outputs, expected[0].numpy(), rtol=1e-6)
    np.testing.assert_allclose(found.weights.sum(axis=1), 1)


def test_without_mask_and_positions_the_order_of_the_words_does_not_matter():
    order = [4, 2, 0, 3, 1]
    plain, mixed = (attend(words, causal=False) for words in (WORDS, [WORDS[k] for k in order]))
    np.testing.assert_allclose(mixed.outputs, plain.outputs[order])
    plain, mixed = (attend(words, causal=False, positions=True) for words in (WORDS, [WORDS[k] for k in order]))
    assert np.abs(mixed.outputs - plain.outputs[order]).max() > 0.1


def test_the_mask_hides_what_comes_after():
    found = attend()
    assert not np.triu(found.weights, k=1).any() and (np.tril(found.weights) == found.weights).all()
    assert found.weights[0, 0] == 1


def test_what_refers_back_looks_at_the_dog():
    its = WORDS.index("its")
    assert attend().weights[its].argmax() == WORDS.index("dog")
    assert W_Q.shape == W_K.shape == W_V.shape == (4, 2)


def test_positions_are_sines_and_cosines():
    found = encoded_positions(5, 4)
    np.testing.assert_allclose(found[0], [0, 1, 0, 1])
    np.testing.assert_allclose(found[3], [np.sin(3), np.cos(3), np.sin(0.03), np.cos(0.03)])
