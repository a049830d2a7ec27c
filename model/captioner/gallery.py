"""Sample photos: everyday ones, and odd ones that fool the captioner. None is among those that it was trained on.

Most are already there, inside the installed scikit-image and scikit-learn packages; a few are shipped in
``assets/samples``, made smaller. Credits and licences are those of the packages' own documentation: the docstrings of
``skimage.data``, ``sklearn/datasets/images/README.txt``, the lists of sources inside GCompris, the copyright file of
forensics-samples and KPhotoAlbum's ``REUSE.toml``. Photos for which these name no licence are left out.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from PIL import Image

from model import checks
from model.captioner.image import open_photo

#: Where the shipped ones are.
SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "samples"


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
    #: The package that it comes from, and the file: where in the installed package, or, if shipped, in ``SHIPPED``.
    package: str
    file: str
    #: Words by language (of ``model.captioner.languages``), any one of which names what is to be seen.
    subject: dict[str, tuple[str, ...]]
    #: Unlike all that the captioner learned from: good for seeing how it fails.
    odd: bool = False
    shipped: bool = False

    @property
    def path(self) -> Path:
        """The file: a shipped one, or one in its installed package, found without importing that."""
        if self.shipped:
            return SHIPPED / self.file
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
        key="dog",
        name="A dog",
        credit="Hans Kemperman",
        licence="Public domain",
        source="https://commons.wikimedia.org/wiki/File:German-shepherd-4040871920._(2).jpg",
        package="GCompris",
        file="dog.jpg",
        subject={"en": ("dog",), "zh": ("狗", "犬")},
        shipped=True,
    ),
    Sample(
        key="musicians",
        name="Three musicians on a stage",
        credit="candyschwartz",
        licence="CC BY 2.0",
        source="https://commons.wikimedia.org/wiki/File:Lunny_irvine_o_flynn_glackin.jpg",
        package="GCompris",
        file="musicians.jpg",
        subject={
            "en": ("guitar", "guitars", "instrument", "instruments", "music", "musicians", "band"),
            "zh": ("吉他", "乐", "弹", "演奏", "演唱"),
        },
        shipped=True,
    ),
    Sample(
        key="giraffes",
        name="Two giraffes",
        credit="Mike and Lara Wolfe",
        licence="CC0",
        source="https://commons.wikimedia.org/wiki/File:Giraffe_courtship_(25657342808).jpg",
        package="GCompris",
        file="giraffes.jpg",
        subject={"en": ("giraffe", "giraffes"), "zh": ("长颈鹿",)},
        shipped=True,
    ),
    Sample(
        key="polarbear",
        name="A polar bear",
        credit="anonymous",
        licence="Public domain",
        source="https://commons.wikimedia.org/wiki/File:Churchill_Wildlife_Management_Area_polar_bear30.JPG",
        package="GCompris",
        file="polarbear.jpg",
        subject={"en": ("bear",), "zh": ("熊",)},
        shipped=True,
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
        key="beach",
        name="People on a beach",
        credit="Jesper K. Pedersen",
        licence="CC BY-SA 4.0",
        source="https://invent.kde.org/graphics/kphotoalbum/-/blob/master/demo/cold_water.jpg",
        package="KPhotoAlbum",
        file="beach.jpg",
        subject={"en": ("beach", "shore", "ocean", "sea"), "zh": ("沙滩", "海")},
        shipped=True,
    ),
    Sample(
        key="food",
        name="Food on a table",
        credit="João Eriberto Mota Filho",
        licence="CC BY-SA 4.0",
        source="https://github.com/eribertomota/forensics-samples",
        package="forensics-samples",
        file="food.jpg",
        subject={"en": ("food", "dish", "meal"), "zh": ("食物", "菜", "饭", "餐")},
        shipped=True,
    ),
    Sample(
        key="street",
        name="A street and a railway in a city",
        credit="João Eriberto Mota Filho",
        licence="CC BY-SA 4.0",
        source="https://github.com/eribertomota/forensics-samples",
        package="forensics-samples",
        file="street.jpg",
        subject={
            "en": ("street", "road", "highway", "train", "railway", "tracks", "city"),
            "zh": ("街", "路", "火车", "列车", "城市"),
        },
        shipped=True,
    ),
    Sample(
        key="kitten",
        name="A kitten with a ball of wool",
        credit="Loliloli",
        licence="Public domain",
        source="https://commons.wikimedia.org/wiki/File:Spielendes_K%C3%A4tzchen.JPG",
        package="GCompris",
        file="kitten.jpg",
        subject={"en": ("cat", "kitten"), "zh": ("猫",)},
        shipped=True,
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
        odd=True,
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
        odd=True,
    ),
    Sample(
        key="horse",
        name="The silhouette of a horse",
        credit="Andreas Preuss (marauder)",
        licence="CC0",
        source="http://openclipart.org/detail/158377/horse-by-marauder",
        package="skimage",
        file="data/horse.png",
        subject={"en": ("horse",), "zh": ("马",)},
        odd=True,
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
        odd=True,
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
        odd=True,
    ),
)
