"""The captioner as a pipeline of transformers: photos in, captions out, in batches and from folders' lists as usual.

>>> import model.captioner.pipeline
>>> from transformers import pipeline
>>> describe = pipeline("image-captioning", model="assets/captioner")
>>> describe("photo.jpg", lang="zh", beam=5)
[{"generated_text": "...", "trace": CaptionTrace(...)}]

The task has a name of its own: transformers 5 has taken ``image-to-text`` out, and turns it into ``image-text-to-text``
before it looks at any registered task; and to register that one would replace it for all other models.
"""

from pathlib import Path
from typing import Any

from transformers import AutoModel, Pipeline
from transformers.pipelines import PIPELINE_REGISTRY

from model.captioner.auto import CaptionerModel
from model.captioner.captioner import Captioner, load_tokenizers
from model.captioner.image import Source, open_photo, to_pixels
from model.captioner.settings import SearchSettings
from model.traces import CaptionTrace

#: The pipeline's task.
TASK = "image-captioning"


class CaptionPipeline(Pipeline):
    """Photos (see ``open_photo``) to ``[{"generated_text", "trace"}]``; settings are those of ``Captioner.caption``.

    Args:
        model: the network, read from a folder that holds the tokenizers, too.
    """

    _load_processor: Any = False
    _load_image_processor: Any = False
    _load_feature_extractor: Any = False
    _load_tokenizer: Any = False

    def __init__(self, model: CaptionerModel, **settings: Any):
        super().__init__(model=model, **settings)
        self.captioner = Captioner(model, load_tokenizers(Path(model.name_or_path or "."), model.config))

    def _sanitize_parameters(self, **settings: Any) -> tuple[dict, dict, dict]:
        return {}, settings, {}

    def preprocess(self, input_: Source, **_settings: Any) -> dict[str, Any]:
        """Open a photo: its ``pixels`` (3, size, size)."""
        return {"pixels": to_pixels(open_photo(input_), self.captioner.network.config.image_size)}

    def _forward(self, input_tensors: dict[str, Any], **settings: Any) -> Any:
        regions = self.captioner.look_at(input_tensors["pixels"])
        return {"trace": self.captioner.describe(regions, SearchSettings(**settings))}

    def postprocess(self, model_outputs: Any, **_settings: Any) -> list[dict[str, str | CaptionTrace]]:
        """Give the caption under the name that transformers' pipelines have for it, with its trace."""
        trace = model_outputs["trace"]
        return [{"generated_text": trace.caption, "trace": trace}]


PIPELINE_REGISTRY.register_pipeline(TASK, pipeline_class=CaptionPipeline, pt_model=AutoModel, type="image")
