"""The table's rows: what a brain has, what an artificial network has in its place, and whether the two are alike.

Each row is short and rests on the sources it names (``app.sources``). "Alike" means: in what the row says,
not that the two are the same. "Unknown" means that neuroscience has no settled answer.
"""

from typing import NamedTuple

from app.i18n import N_

ALIKE, UNLIKE, UNKNOWN = "alike", "unlike", "unknown"


class Row(NamedTuple):
    """One idea, here and there. Texts are marked for translation; ``sources`` are names in ``SOURCES``."""

    idea: str
    living: str
    artificial: str
    verdict: str
    sources: tuple[str, ...]


class Claim(NamedTuple):
    """What is often said, why it is wrong or right, and which of the two."""

    said: str
    why: str
    sources: tuple[str, ...]
    right: bool = False


ROWS = (
    Row(
        N_("Neuron"),
        N_("A living cell: its membrane gathers currents over milliseconds, and ion channels make it spike."),
        N_("A formula without time, y = f(w·x + b). It began as a logical switch, meant as a sketch of a neuron."),
        UNLIKE,
        ("hodgkin", "mcculloch"),
    ),
    Row(
        N_("Adding up inputs"),
        N_("Small potentials from many synapses add up at the membrane, roughly as a sum as long as they are small."),
        N_("The weighted sum w·x + b, exactly."),
        ALIKE,
        ("london",),
    ),
    Row(
        N_("Threshold and limits"),
        N_("Too weak a current gives no spike; a stronger one gives more, up to a limit."),
        N_("Step and ReLU have a threshold, sigmoid and tanh have limits."),
        ALIKE,
        ("hodgkin", "adrian"),
    ),
    Row(
        N_("Dendrites"),
        N_("Branches with thousands of synapses that compute by themselves: some spike locally, some sum nonlinearly."),
        N_("None: every input enters one sum."),
        UNLIKE,
        ("london", "gidon"),
    ),
    Row(
        N_("Synapse"),
        N_("A chemical contact. A spike often releases nothing at all, and the strength changes with use."),
        N_("A weight: one number, exact and the same at each use."),
        UNLIKE,
        ("allen", "markram"),
    ),
    Row(
        N_("Sign of a connection"),
        N_("As a rule a neuron excites, or inhibits, at all its contacts (Dale's principle; there are exceptions)."),
        N_("One unit may have positive and negative weights, and training may turn one into the other."),
        UNLIKE,
        ("strata",),
    ),
    Row(
        N_("Spike"),
        N_("All or nothing, in most neurons about 1 to 2 ms long. What counts is when it comes, not how large it is."),
        N_("None: a unit gives a number, and may give any."),
        UNLIKE,
        ("bean", "adrian"),
    ),
    Row(
        N_("Firing rate"),
        N_("In sensory nerves the rate of spikes grows with the strength of the stimulus."),
        N_("The output of a unit may be read as such a rate; this is the oldest bridge between the two."),
        ALIKE,
        ("adrian",),
    ),
    Row(
        N_("Code"),
        N_(
            "How much is said by rates, how much by exact times, is debated. Neurons of cortex can repeat spike times "
            "to within a millisecond."
        ),
        N_("Known by design: each number can be read, though what it stands for is often unclear here, too."),
        UNKNOWN,
        ("mainen",),
    ),
    Row(
        N_("Time in one unit"),
        N_("A neuron has a state: charge on its membrane, open channels, a refractory time. Its answer takes time."),
        N_("No state and no duration, unless the unit is fed its own output, as in a recurrent network."),
        UNLIKE,
        ("hodgkin", "hochreiter"),
    ),
    Row(
        N_("Noise"),
        N_("Channels and synapses act at random: the same stimulus gives another train of spikes each time."),
        N_("The same input gives the same output; noise is added on purpose, if at all."),
        UNLIKE,
        ("faisal",),
    ),
    Row(
        N_("Plasticity"),
        N_(
            "A synapse changes by what happens at its two ends: the order of two spikes within some tens of "
            "milliseconds decides between stronger and weaker."
        ),
        N_("Each weight moves against the gradient of one loss, computed for the whole network."),
        UNLIKE,
        ("bi", "rumelhart"),
    ),
    Row(
        N_("Learning signal"),
        N_("Many dopamine neurons fire when a reward is better than predicted, and pause when it fails to come."),
        N_("The prediction error of reinforcement learning has the same form."),
        ALIKE,
        ("schultz",),
    ),
    Row(
        N_("Credit assignment"),
        N_(
            "How a synapse far from the outcome learns its part in an error is not known. Feedback and third factors, "
            "such as dopamine, are proposals."
        ),
        N_("Backpropagation computes each weight's part exactly."),
        UNKNOWN,
        ("crick", "lillicrap", "fremaux"),
    ),
    Row(
        N_("Network"),
        N_(
            "Loops everywhere, thousands of cell types, few of all possible connections. The whole brain of a fly, "
            "about 139,000 neurons and 50 million synapses, has been mapped; no mammal's has."
        ),
        N_("Layers of units of one kind, wired by design. Only recurrent networks have loops."),
        UNLIKE,
        ("dorkenwald", "lecun"),
    ),
    Row(
        N_("First steps of seeing"),
        N_("Cells in the visual cortex answer to edges of one direction at one place."),
        N_(
            "Trained on photos, first layers learn such filters by themselves. Deeper layers predict the answers of "
            "neurons in higher visual areas, in part."
        ),
        ALIKE,
        ("hubel", "olshausen", "lecun", "yamins"),
    ),
    Row(
        N_("How many"),
        N_(
            "About 86 billion neurons (± 8) and about as many other cells; in the neocortex alone about 150 trillion "
            "synapses."
        ),
        N_("GPT-3 has 175 billion weights. But a weight is no synapse: a synapse has a state and a time course."),
        UNLIKE,
        ("azevedo", "tang", "pakkenberg", "brown"),
    ),
    Row(
        N_("Energy"),
        N_(
            "About 20 W: a fifth of what the body uses at rest, for a fiftieth of its weight. Most of it pays for "
            "signals. It allows neurons of the human cortex about one spike a second or less, on average."
        ),
        N_(
            "Training GPT-3 took about 1,287 MWh by estimate, as much as 20 W would use in 7,000 years. A single "
            "answer takes far less."
        ),
        UNLIKE,
        ("raichle", "attwell", "lennie", "patterson"),
    ),
    Row(
        N_("Speed"),
        N_(
            "A spike takes about a millisecond and travels at less than 1 to about 120 m/s. Yet 150 ms after a photo "
            "appears, the brain's answer tells whether there is an animal in it: many neurons work at once."
        ),
        N_("A graphics processor takes about 1.4 billion steps a second (A100), and does thousands of things in each."),
        UNLIKE,
        ("bean", "kandel", "thorpe", "nvidia"),
    ),
    Row(
        N_("Short-term memory"),
        N_(
            "While a monkey keeps something in mind, some neurons of its prefrontal cortex go on firing. Recurrent "
            "excitation is the classic explanation."
        ),
        N_("The hidden state of a recurrent network hands itself on from step to step."),
        ALIKE,
        ("fuster", "wang", "hochreiter"),
    ),
    Row(
        N_("Where short-term memory sits"),
        N_("In firing that goes on, or also in synapses that stay changed for a second while neurons rest: debated."),
        N_("In the hidden state, and nowhere else."),
        UNKNOWN,
        ("mongillo", "wang"),
    ),
    Row(
        N_("Gates"),
        N_("Loops between prefrontal cortex and basal ganglia may decide what enters memory: a model, not settled."),
        N_("LSTM and GRU learn gates that keep, replace or forget."),
        UNKNOWN,
        ("oreilly", "gers", "cho"),
    ),
    Row(
        N_("Learning one thing after another"),
        N_(
            "We go on learning for life, mostly without losing what we knew. A quick memory (hippocampus) that teaches "
            "a slow one (cortex) is a leading theory."
        ),
        N_("Trained on new examples alone, a network tends to lose the old: catastrophic interference."),
        UNLIKE,
        ("mcclelland", "mccloskey"),
    ),
    Row(
        N_("How many examples"),
        N_("By the age of 13, a child has heard fewer than 100 million words."),
        N_("GPT-3 was trained on 300 billion pieces of words."),
        UNLIKE,
        ("warstadt", "brown"),
    ),
    Row(
        N_("Experience"),
        N_("How a brain gives rise to experience is not known; several theories compete."),
        N_("There is no agreed test of whether a network experiences anything."),
        UNKNOWN,
        ("seth",),
    ),
)

CLAIMS = (
    Claim(
        N_("Artificial networks work like the brain."),
        N_(
            "They borrowed the weighted sum, the threshold and learning by changing connections. They do not simulate "
            "neurons: signals, wiring, learning rule and energy differ, and it is not known how brains assign credit."
        ),
        ("crick", "lillicrap"),
    ),
    Claim(
        N_("Neurons are just sigmoid units."),
        N_(
            "A sigmoid has no time, no spikes and no dendrites. To imitate a detailed model of one cortical neuron to "
            "the millisecond, an artificial network needed five to eight layers."
        ),
        ("beniaguev", "london"),
    ),
    Claim(
        N_("Four equations can predict when a nerve cell fires."),
        N_(
            "Hodgkin and Huxley's four describe the giant axon of the squid so well that they gave the spike's form "
            "and speed. The first view solves them."
        ),
        ("hodgkin",),
        right=True,
    ),
    Claim(
        N_("A stronger stimulus makes larger spikes."),
        N_("Spikes are all or nothing: what grows is how often they come. Try it in the first view."),
        ("adrian", "hodgkin"),
    ),
    Claim(
        N_("We use only 10 % of our brain."),
        N_(
            "All of it is used: there is activity everywhere, damage almost anywhere is felt, and a fifth of the "
            "body's energy would be a high price for nine idle tenths."
        ),
        ("beyerstein", "raichle"),
    ),
    Claim(
        N_("A single nerve cell of a human can tell “one of the two” from “both”."),
        N_(
            "Some dendrites of human cortical cells spike to a current of one strength and less to a stronger one: "
            "that is enough for XOR, for which artificial units need a hidden layer."
        ),
        ("gidon",),
        right=True,
    ),
    Claim(
        N_("Some people are left-brained, others right-brained."),
        N_(
            "Some functions lean to one side, language mostly to the left. But scans of 1,011 people gave no sign "
            "that anyone's whole network is stronger on one side."
        ),
        ("nielsen",),
    ),
    Claim(
        N_("The brain has 100 billion neurons, and ten times as many glial cells."),
        N_("Counted, it has about 86 billion neurons and about as many other cells: nearly one to one."),
        ("azevedo", "bartheld"),
    ),
    Claim(
        N_("A network with as many weights as the brain has synapses would be a brain."),
        N_(
            "The number says little: a synapse has a chemistry and a time course, a neuron has branches that compute, "
            "and how the parts are wired and learn matters more than how many there are."
        ),
        ("london", "dorkenwald"),
    ),
    Claim(
        N_("The brain uses about a fifth of the body's energy at rest."),
        N_("Measured, it is about 20 %, for 2 % of the body's weight, and it hardly rises when we think hard."),
        ("raichle",),
        right=True,
    ),
    Claim(
        N_("Recurrent networks caption photos because they read a photo as a sequence."),
        N_(
            "The sequence is the caption. The photo comes in as a whole, by a convolutional network, and the "
            "recurrent one writes words one after another. The caption page shows it."
        ),
        ("vinyals",),
    ),
    Claim(
        N_("Recurrent networks are for sequences, convolutional ones for images."),
        N_(
            "They differ in what they share: a recurrent one applies the same weights at each step and carries a "
            "state; a convolutional one applies them at each place. Convolutions read sequences well, too."
        ),
        ("bai",),
    ),
    Claim(
        N_("LSTM solves the vanishing gradient."),
        N_(
            "It helps where the forget gate stays near 1, since the gradient along the cell state is multiplied by "
            "it. Where the gate closes, the gradient still fades; exploding gradients remain."
        ),
        ("bengio", "hochreiter", "gers"),
    ),
    Claim(
        N_("GRU is a recurrent kind of LSTM."),
        N_(
            "Both are recurrent. GRU means gated recurrent unit: two gates and no cell state apart from the hidden, "
            "where LSTM has three gates and a cell state."
        ),
        ("cho", "hochreiter"),
    ),
)
