"""Settings for a class, each with one thing to try. Picking one sets all widgets of the first view."""

from typing import Any, NamedTuple

from app.i18n import N_


class NeuronPreset(NamedTuple):
    """A name and a question, marked for translation, and the settings that differ from the model's first ones."""

    name: str
    question: str
    settings: dict[str, Any]


#: What is seen first.
FIRST_PRESET = "squid"

PRESETS: dict[str, NeuronPreset] = {
    "squid": NeuronPreset(
        N_("The squid's giant axon fires"),
        N_("Double the amplitude: what doubles in the neuron, and what in the artificial one?"),
        {"model": "hodgkin_huxley"},
    ),
    "threshold": NeuronPreset(
        N_("A neuron at its threshold"),
        N_("Raise the amplitude by 0.01 nA: how many spikes does that buy, and how much does y change?"),
        {"model": "lif", "amplitude": 1.5, "duration": 300.0, "length": 260.0},
    ),
    "types": NeuronPreset(
        N_("A neuron that cannot fire slowly"),
        N_(
            "What is the slowest steady rate on its f-I curve? Then choose the leaky integrate-and-fire model: how "
            "slowly can that one fire (type I)?"
        ),
        {"model": "hodgkin_huxley", "amplitude": 7.0},
    ),
    "tires": NeuronPreset(
        N_("A neuron that tires"),
        N_("Adaptation: why does the dot lie between the two lines of the f-I curve? Could y wane so with w_rec at 0?"),
        {"model": "izhikevich", "cell": "regular_spiking", "amplitude": 10.0},
    ),
    "bursts": NeuronPreset(
        N_("A neuron that bursts"),
        N_("Play it and follow the point on the phase plane: which variable ends a burst, and where?"),
        {"model": "izhikevich", "cell": "chattering", "amplitude": 10.0},
    ),
    "greeting": NeuronPreset(
        N_("A neuron that begins with a burst"),
        N_(
            "Where does each spike land on the phase plane, below the green curve or above it? Then choose “Regular "
            "bursting” and 210 pA: what lets its bursts come again?"
        ),
        {"model": "adex", "cell": "initial_burst", "amplitude": 400.0},
    ),
    "rebound": NeuronPreset(
        N_("A neuron that fires on release"),
        N_("Rebound: the current only inhibits. What did it do to u, and why can no w and b make the unit answer so?"),
        {"model": "izhikevich", "cell": "thalamo_cortical", "amplitude": -20.0, "length": 150.0, "duration": 400.0},
    ),
    "resonator": NeuronPreset(
        N_("A neuron that resonates"),
        N_(
            "A pulse comes every 15 ms. Let them come every 10 ms, then every 20 ms: the neuron falls silent both "
            "times. Why does the unit not mind?"
        ),
        {
            "model": "hodgkin_huxley",
            "kind": "pulses",
            "amplitude": 6.5,
            "period": 15.0,
            "width": 1.0,
            "duration": 200.0,
            "length": 180.0,
        },
    ),
    "refractory": NeuronPreset(
        N_("A neuron that needs a rest"),
        N_("Refractory time: it answers every second pulse. When does it answer each? Where is h until then?"),
        {"model": "hodgkin_huxley", "kind": "pulses", "amplitude": 15.0, "period": 10.0, "width": 1.0},
    ),
    "ramp": NeuronPreset(
        N_("A current that rises too slowly"),
        N_("Accommodation: choose Step, to the same 12 µA/cm², and it fires. What do h and n do during the slow rise?"),
        {"model": "hodgkin_huxley", "kind": "ramp", "amplitude": 12.0, "duration": 200.0, "length": 180.0},
    ),
    "block": NeuronPreset(
        N_("A current that is too strong"),
        N_("Depolarisation block: why does it fall silent? Watch h, then lower the current until it fires on."),
        {"model": "hodgkin_huxley", "amplitude": 160.0, "duration": 200.0, "length": 140.0},
    ),
    "sodium": NeuronPreset(
        N_("A neuron that is poisoned"),
        N_(
            "Tetrodotoxin has shut its sodium channels. Bring g_Na back (“The neuron's own numbers”): how much will do?"
        ),
        {"model": "hodgkin_huxley", "g_na": 0.0},
    ),
    "noise": NeuronPreset(
        N_("Noise that helps"),
        N_("The mean current is below the threshold. Take the noise away: what remains on either side?"),
        {
            "model": "lif",
            "kind": "noise",
            "amplitude": 1.3,
            "sigma": 1.0,
            "width": 5.0,
            "duration": 300.0,
            "length": 260.0,
        },
    ),
    "memory": NeuronPreset(
        N_("A unit that remembers"),
        N_("How small can w_rec be before the unit forgets? What would neurons need for this? See view 4."),
        {
            "model": "lif",
            "kind": "pulses",
            "amplitude": 4.0,
            "period": 200.0,
            "width": 10.0,
            "activation": "tanh",
            "weight": 1.0,
            "bias": 0.0,
            "own": 1.5,
        },
    ),
}
