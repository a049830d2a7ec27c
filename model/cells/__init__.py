"""The recurrent cells, each in a file of its own, and their registry.

>>> from model.cells import CELLS
>>> CELLS["gru"].rows, CELLS["gru"].formulas           # what is known about a cell (``cell``, ``formulas``)
>>> from model.cells.layers import OneStep, layer
>>> layer("gru", input_size=3, hidden_size=5)          # reads sequences, as torch.nn.GRU does
>>> OneStep(CELLS["gru"], 3, 5)                        # does one step, as torch.nn.GRUCell does

A new cell is a file here and a line in ``CELLS``; every view of the sequence page then has it. Nothing here but
``sums`` and ``layers`` needs torch, so whoever draws formulas and gates need not load it.
"""

from model.cells.cell import Cell
from model.cells.gru import GRU
from model.cells.lstm import LSTM
from model.cells.mgu import MGU
from model.cells.peephole import PeepholeLSTM
from model.cells.rnn import RNN, ReLURNN

#: The cells by the names that the whole project has for them.
CELLS: dict[str, Cell] = {cell.name: cell for cell in (RNN(), ReLURNN(), LSTM(), GRU(), MGU(), PeepholeLSTM())}

__all__ = ["CELLS", "Cell"]
