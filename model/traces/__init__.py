"""Traces: what a model leaves behind when it runs.

A model here never returns only its answer. It returns a trace, a frozen dataclass of plain NumPy arrays with
named axes, that says all that happened on the way. Charts draw traces; they never see a model. This package
imports NumPy alone, so that whatever reads a trace needs nothing else.

Axes: T words or time steps, H hidden units, C channels of the context, K principal components.
"""

from model.traces.attention import SelfAttentionTrace
from model.traces.caption import BeamNode, CaptionTrace, HiddenBasis, TransformerCaption
from model.traces.digits import DigitReading, DigitsTrace
from model.traces.editing import HoldingTrace, PatchingTrace, SwapTrace
from model.traces.honesty import CHANCE, Estimate, HonestyGroup, HonestyTrace
from model.traces.landscape import FixedPoint, LandscapeTrace, LoopTrace
from model.traces.moments import LikeTrace, Moment, PatternTrace, WordCount
from model.traces.neurons import (
    CircuitTrace,
    Excitability,
    MembraneTrace,
    NeuronTrace,
    PopulationTrace,
    RateCurve,
    RestingTrace,
    UnitTrace,
    Variable,
)
from model.traces.probing import ProbeScore, ProbeTrace
from model.traces.rooms import Choices, Guesses, Looks, Predictions, Stimulated
from model.traces.seeing import Box, FeatureMapsTrace, PhotoPart, ReceptiveFieldTrace, SaliencyControl, SaliencyTrace
from model.traces.sequence import GradientTrace, JacobianTrace, SequenceTrace, Terms, TrainingTrace, TwoStepsTrace
from model.traces.synapses import DescentTrace, PlasticityTrace, SynapseTrace

__all__ = [
    "CHANCE",
    "BeamNode",
    "Box",
    "CaptionTrace",
    "Choices",
    "CircuitTrace",
    "DescentTrace",
    "DigitReading",
    "DigitsTrace",
    "Estimate",
    "Excitability",
    "FeatureMapsTrace",
    "FixedPoint",
    "GradientTrace",
    "Guesses",
    "HiddenBasis",
    "HoldingTrace",
    "HonestyGroup",
    "HonestyTrace",
    "JacobianTrace",
    "LandscapeTrace",
    "LikeTrace",
    "Looks",
    "LoopTrace",
    "MembraneTrace",
    "Moment",
    "NeuronTrace",
    "PatchingTrace",
    "PatternTrace",
    "PhotoPart",
    "PlasticityTrace",
    "PopulationTrace",
    "Predictions",
    "ProbeScore",
    "ProbeTrace",
    "RateCurve",
    "ReceptiveFieldTrace",
    "RestingTrace",
    "SaliencyControl",
    "SaliencyTrace",
    "SelfAttentionTrace",
    "SequenceTrace",
    "Stimulated",
    "SwapTrace",
    "SynapseTrace",
    "Terms",
    "TrainingTrace",
    "TransformerCaption",
    "TwoStepsTrace",
    "UnitTrace",
    "Variable",
    "WordCount",
]
