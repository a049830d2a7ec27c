"""Sample photos that are already there: inside the installed scikit-image and scikit-learn packages.

Credits and licences are those of the packages' own documentation: the docstrings of ``skimage.data`` and
``sklearn/datasets/images/README.txt``. Photos for which these name no licence are left out.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from PIL import Image

from model import checks
from model.captioner.image import open_photo


@dataclass(frozen=True)
class Sample:
    """A photo to try, with what must be said beside it."""

    #: A short, lasting name for addresses.
    key: str
    #: What is to be seen, in English.
    name: str
    #: Who made it.
    credit: str
    licence: str
    #: The web page that it comes from.
    source: str
    #: The package that holds the file, and where in it.
    package: str
    file: str
    #: Words by language (of ``model.captioner.languages``), any one of which names what is to be seen.
    subject: dict[str, tuple[str, ...]]

    @property
    def path(self) -> Path:
        """The file in the installed package, found without importing it."""
        spec = find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise ModuleNotFoundError(f"{self.package} is not installed: pip install -r requirements.txt")
        return Path(spec.submodule_search_locations[0], self.file)

    def open(self) -> Image.Image:
        """The photo, as ``open_photo`` gives it."""
        return open_photo(self.path)


def samples() -> tuple[Sample, ...]:
    """All sample photos; the first is what a first visit shows."""
    return _SAMPLES


def sample(key: str) -> Sample:
    """One of them by its key.

    Raises:
        SettingError: when there is none.
    """
    known = {one.key: one for one in _SAMPLES}
    return known[checks.one_of("sample", key, known)]


_DOCUMENTATION = "https://scikit-image.org/docs/stable/api/skimage.data.html#skimage.data."

_SAMPLES = (
    Sample(
        key="cameraman",
        name="A cameraman",
        credit="Lav Varshney",
        licence="CC0",
        source="https://github.com/scikit-image/scikit-image/issues/3927",
        package="skimage",
        file="data/camera.png",
        subject={"en": ("camera", "photographer", "cameraman", "tripod"), "zh": ("摄", "拍照", "照相", "相机")},
    ),
    Sample(
        key="temple",
        name="A temple in China",
        credit="danielbuechele",
        licence="CC BY 2.0",
        source="https://www.flickr.com/photos/danielbuechele/6061409035/",
        package="sklearn",
        file="datasets/images/china.jpg",
        subject={"en": ("temple", "pagoda", "building", "tower"), "zh": ("寺", "塔", "庙", "建筑", "楼")},
    ),
    Sample(
        key="coffee",
        name="A cup of coffee",
        credit="Rachel Michetti, courtesy of Pikolo Espresso Bar",
        licence="CC0",
        source=_DOCUMENTATION + "coffee",
        package="skimage",
        file="data/coffee.png",
        subject={"en": ("coffee", "cup", "mug"), "zh": ("咖啡", "杯")},
    ),
    Sample(
        key="cat",
        name="Chelsea the cat",
        credit="Stefan van der Walt",
        licence="CC0",
        source=_DOCUMENTATION + "chelsea",
        package="skimage",
        file="data/chelsea.png",
        subject={"en": ("cat", "kitten"), "zh": ("猫",)},
    ),
    Sample(
        key="flower",
        name="A flower",
        # The README's link and the photo's address say vultilion; its text names the other photo's author.
        credit="vultilion",
        licence="CC BY 2.0",
        source="https://www.flickr.com/photos/vultilion/6056698931/",
        package="sklearn",
        file="datasets/images/flower.jpg",
        subject={"en": ("flower", "flowers"), "zh": ("花",)},
    ),
    Sample(
        key="astronaut",
        name="The astronaut Eileen Collins",
        credit="NASA",
        licence="Public domain",
        source="https://flic.kr/p/r9qvLn",
        package="skimage",
        file="data/astronaut.png",
        subject={"en": ("astronaut", "spacesuit"), "zh": ("宇航", "太空", "航天")},
    ),
    Sample(
        key="rocket",
        name="A rocket on its launch pad",
        credit="SpaceX",
        licence="Public domain",
        source="https://www.flickr.com/photos/spacexphotos/16511594820/",
        package="skimage",
        file="data/rocket.jpg",
        subject={"en": ("rocket",), "zh": ("火箭",)},
    ),
    # Not what the captioner was trained for, and good for seeing how it fails.
    Sample(
        key="horse",
        name="The silhouette of a horse",
        credit="Andreas Preuss (marauder)",
        licence="CC0",
        source="http://openclipart.org/detail/158377/horse-by-marauder",
        package="skimage",
        file="data/horse.png",
        subject={"en": ("horse",), "zh": ("马",)},
    ),
    Sample(
        key="coins",
        name="Greek coins from Pompeii",
        credit="Brooklyn Museum",
        licence="No known copyright restrictions",
        source="https://www.brooklynmuseum.org/opencollection/archives/image/51611",
        package="skimage",
        file="data/coins.png",
        subject={"en": ("coin", "coins"), "zh": ("硬币", "钱币")},
    ),
    Sample(
        key="galaxies",
        name="Galaxies, the Hubble eXtreme Deep Field",
        credit="NASA",
        licence="Public domain",
        source="http://hubblesite.org/newscenter/archive/releases/2012/37/image/a/",
        package="skimage",
        file="data/hubble_deep_field.jpg",
        subject={"en": ("galaxy", "galaxies", "star", "stars"), "zh": ("星",)},
    ),
)
