"""How the numbers on the pages are tested: what holds them, and the test that holds it."""

from app.i18n import N_

#: Each claim, and the file of the tests that fail when it is no longer true.
CHECKS = [
    (
        N_("The hidden states of RNN, LSTM and GRU equal those of PyTorch's own layers."),
        "tests/model/recurrent/test_tracing.py",
    ),
    (N_("Gradients through time equal finite differences."), "tests/model/recurrent/test_gradients.py"),
    (
        N_("The shipped recurrent networks are as good as their figures say, measured anew."),
        "tests/model/recurrent/test_presets.py",
    ),
    (
        N_("Spiking neurons fire when Brian2, an independent simulator, says so, from the same equations."),
        "tests/model/neurons/test_izhikevich.py",
    ),
    (
        N_("A caption's score equals what the network gives when it is led through the same words."),
        "tests/model/captioner/test_captioner.py",
    ),
    (
        N_("BLEU, METEOR, ROUGE-L and CIDEr are those of pycocoevalcap, the field's own scorer."),
        "tests/model/training/test_scores.py",
    ),
    (N_("Figures on the pages, in the model card and in the README are the same."), "tests/app/test_figures.py"),
    (N_("The films of the start page are computed again and compared."), "tests/app/test_home.py"),
    (N_("Text and charts stand out for all kinds of colour vision."), "tests/app/test_theme.py"),
    (N_("Every text has its Chinese translation."), "tests/app/test_i18n.py"),
    (
        N_(
            "In a real browser, the pages ask nothing of any other computer, and log no error but Streamlit's own: on "
            "a page's own address it first looks for its server below that address, and is told “404”."
        ),
        "tests/browser/test_shell.py",
    ),
]
