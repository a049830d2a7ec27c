"""The classic exercise as it is printed for Keras, and corrected, line by line.

Keras is not among what the page needs, so it does not run here. A test runs both texts with Keras: the printed one
stops with the errors that are told, the corrected one learns.
"""

from typing import NamedTuple

from app.i18n import N_

PRINTED = """\
class RNN(tf.keras.Model):
    def __init__(self, input_dim, hidden_dim, output_dim):
        super(RNN, self).__init__()
        self.input_dim = input_dim
        self.hidden_dim = hidden_dim
        self.output_dim = output_dim
        self.lstm = tf.keras.layers.LSTM(self.hidden_dim, return_sequences=True, return_state=True)
        self.dense = tf.keras.layers.Dense(self.output_dim)

    def call(self, inputs, states=None, training=None, **kwargs):
        outputs, states = self.lstm(inputs, initial_state=states, training=training)
        outputs = self.dense(outputs)
        return outputs, states

X = np.random.rand(100, 10)
y = np.random.rand(100, 10)
model = RNN(10, 50, 10)
model.compile(optimizer='adam', loss='mse')
model.fit(X, y, epochs=100, batch_size=32)
predictions = model.predict(np.random.rand(1, 10))
"""

CORRECTED = """\
class FirstLSTM(tf.keras.Model):
    def __init__(self, hidden_dim, output_dim):
        super().__init__()
        self.lstm = tf.keras.layers.LSTM(hidden_dim, return_sequences=True, return_state=True)
        self.dense = tf.keras.layers.Dense(output_dim)

    def call(self, inputs, states=None, training=None):
        outputs, h, c = self.lstm(inputs, initial_state=states, training=training)
        return self.dense(outputs)

X = np.random.rand(100, 1, 10)
y = X[:, :, ::-1]
model = FirstLSTM(50, 10)
model.compile(optimizer='adam', loss='mse')
model.fit(X, y, epochs=100, batch_size=32)
predictions = model.predict(np.random.rand(1, 1, 10))
"""


class Change(NamedTuple):
    """What is printed, what belongs there, and why; the first two stand in ``PRINTED`` and ``CORRECTED``."""

    printed: str
    corrected: str
    why: str


CHANGES = (
    Change(
        "class RNN(",
        "class FirstLSTM(",
        N_("The layer inside is an LSTM. An LSTM is recurrent, but a name should say which cell it is."),
    ),
    Change(
        "self.input_dim = input_dim",
        "",
        N_("Nothing reads it: Keras takes the number of inputs from the data. The same goes for the other two."),
    ),
    Change(
        "training=None, **kwargs)",
        "training=None)",
        N_("Nothing comes in there. It only swallows a misspelt argument without a word."),
    ),
    Change(
        "outputs, states = self.lstm(",
        "outputs, h, c = self.lstm(",
        N_("With return_state the LSTM returns three values, so two names cannot take them: ValueError."),
    ),
    Change(
        "return outputs, states",
        "return self.dense(outputs)",
        N_("There is one target, y, so fit wants one output. A loss for the states would have no target."),
    ),
    Change(
        "X = np.random.rand(100, 10)",
        "X = np.random.rand(100, 1, 10)",
        N_("A recurrent layer wants sequences, steps, numbers. With two axes Keras stops: ValueError."),
    ),
    Change(
        "y = np.random.rand(100, 10)",
        "y = X[:, :, ::-1]",
        N_("Targets must follow from the inputs, or there is nothing to learn but their mean."),
    ),
    Change(
        "np.random.rand(1, 10))",
        "np.random.rand(1, 1, 10))",
        N_("A new input needs the same three axes."),
    ),
)
