"""The captioner among transformers' own: what ``AutoConfig`` and ``AutoModel`` read from its folder.

Apart from ``model.captioner.captioner``, because ``AutoModel`` loads a file of its own that no page needs.
"""

from transformers import AutoConfig, AutoModel

from model.captioner.captioner import CaptionerModel
from model.captioner.config import CaptionerConfig

AutoConfig.register(CaptionerConfig.model_type, CaptionerConfig)
AutoModel.register(CaptionerConfig, CaptionerModel)
