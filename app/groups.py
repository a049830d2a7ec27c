"""The groups of controls that a teacher can hide by the URL's ``hide``, page by page, and what they are."""

from app.i18n import N_

#: Those of every page.
EVERYWHERE = {
    "language": N_("the language switch"),
    "navigation": N_("the links to the pages"),
    "share": N_("sharing with the class"),
}

#: Those of each page with controls of its own.
OF_PAGES = {
    "caption": {
        "photo": N_("the choice of the photo"),
        "credit": N_("the sample photo's credit"),
        "caption_language": N_("the caption's language"),
        "search": N_("how it searches for words"),
        "steer": N_("the words it starts with"),
        "guess": N_("the guessing"),
        "views": N_("the choice of the view"),
        "export": N_("the downloads"),
        "samples": N_("how it does on all samples"),
        "scores": N_("how good it is, measured"),
    },
    "sequence": {
        "views": N_("the choice of the view"),
        "source": N_("which network is looked at"),
        "preset": N_("the choice of a preset"),
        "look": N_("which of several networks is looked at"),
        "network": N_("the task, the cell and its size"),
        "training": N_("how it is trained"),
        "sequence": N_("the sequence that it reads"),
        "unit": N_("the unit whose formula is shown"),
        "more": N_("the choice of the second picture"),
        "run": N_("run, pause and step"),
        "watch": N_("what is watched while it trains"),
        "rewind": N_("the way back to an earlier step"),
        "go_on": N_("training on from there"),
        "gradient": N_("the choice of the picture of gradients"),
        "gradient_settings": N_("the settings of that picture"),
        "question": N_("the question to try"),
        "export": N_("the downloads"),
        "files": N_("saving and loading settings"),
    },
    "neurons": {
        "views": N_("the choice of the view"),
        "preset": N_("the choice of a preset"),
        "question": N_("the question to try"),
        "export": N_("the downloads"),
        "neuron": N_("the model of a living neuron"),
        "stimulus": N_("the stimulus"),
        "unit": N_("the artificial neuron"),
        "timing": N_("when the inputs come"),
        "synapses": N_("how strong the synapses are"),
        "inhibition": N_("the inhibitory synapse"),
        "stdp": N_("spike times and the window of plasticity"),
        "gradient": N_("the target and the gradient step"),
        "recurrence": N_("how strong the recurrence is"),
        "flash": N_("the flashed stimulus"),
        "seed": N_("the seed"),
        "filter": N_("the table's filter and search"),
    },
    "lessons": {
        "lessons": N_("the choice of the lesson"),
        "unit": N_("the unit whose formula is shown"),
        "try": N_("the links to try"),
        "questions": N_("the check questions"),
        "progress": N_("how far one came"),
    },
}
