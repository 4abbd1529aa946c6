"""Pictures of every kind become the numbers a net reads, and everything else ends in one clear error."""

from __future__ import annotations

import contextlib
import re
import struct
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from cnncalc.diagnostics import InputError
from cnncalc.geometry import Shape
from cnncalc.layers.input import Input
from cnncalc.runtime.images import LARGEST_PICTURE, PLAIN, Preprocessing, prepared_pictures, read, read_batch

GRAY, COLOUR, WITH_ALPHA = Shape(1, (4, 4)), Shape(3, (4, 4)), Shape(4, (4, 4))
ORIENTATION = 0x0112


def saved(path: Path, picture: Image.Image, **options: object) -> Path:
    picture.save(path, **options)
    return path


def plain(colour: tuple[int, ...] | int, mode: str = "RGB", size: tuple[int, int] = (4, 4)) -> Image.Image:
    return Image.new(mode, size, colour)


def code(error: pytest.ExceptionInfo[InputError]) -> str:
    (diagnostic,) = error.value.diagnostics
    return diagnostic.code


def test_an_eight_bit_picture_has_values_from_0_to_1(tmp_path: Path) -> None:
    values = read(saved(tmp_path / "a.png", plain((255, 0, 51))), COLOUR)
    assert values.shape == (1, 3, 1, 4, 4)
    assert values.dtype == np.float32
    assert values.flags.c_contiguous
    assert values[0, :, 0, 0, 0].tolist() == pytest.approx([1.0, 0.0, 0.2])


def test_a_gray_net_sees_luminance_and_a_colour_net_sees_gray_three_times(tmp_path: Path) -> None:
    red = read(saved(tmp_path / "a.png", plain((255, 0, 0))), GRAY)
    assert float(red[0, 0, 0, 0, 0]) == pytest.approx(76 / 255)  # ITU-R 601: 0.299 red
    gray = read(saved(tmp_path / "b.png", plain(51, "L")), COLOUR)
    assert gray[0, :, 0, 0, 0].tolist() == pytest.approx([0.2, 0.2, 0.2])


def test_sixteen_bits_are_kept_whole_and_divided_by_65535(tmp_path: Path) -> None:
    values = np.array([[0, 1, 257, 65535]] * 4, np.uint16)
    path = saved(tmp_path / "deep.png", Image.fromarray(values))
    assert (read(path, GRAY)[0, 0, 0, 0] * 65535).tolist() == pytest.approx([0, 1, 257, 65535])
    assert (read(path, COLOUR)[0, :, 0, 0, 2] * 65535).tolist() == pytest.approx([257] * 3)
    assert read(path, WITH_ALPHA)[0, 3].min() == 1.0


def test_sixteen_bits_survive_resizing(tmp_path: Path) -> None:
    path = saved(tmp_path / "deep.png", Image.fromarray(np.full((8, 8), 300, np.uint16)))
    assert (read(path, GRAY)[0, 0, 0] * 65535).ravel().tolist() == pytest.approx([300] * 16)


def test_the_turn_a_camera_notes_is_obeyed(tmp_path: Path) -> None:
    picture = Image.new("L", (8, 8), 0)
    picture.paste(255, (0, 0, 4, 4))  # the bright quarter is at the top left of the stored pixels
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be turned a quarter clockwise: top left becomes top right
    path = saved(tmp_path / "turned.jpg", picture, exif=exif, quality=100)
    values = read(path, Shape(1, (8, 8)))[0, 0, 0]
    assert values[2, 6] > 0.9
    assert values[2, 2] < 0.1
    assert values[6, 6] < 0.1


def test_alpha_lies_over_white_for_colours_and_is_kept_for_four_channels(tmp_path: Path) -> None:
    path = saved(tmp_path / "glass.png", plain((255, 0, 0, 0), "RGBA"))
    assert read(path, COLOUR)[0, :, 0, 0, 0].tolist() == [1.0, 1.0, 1.0]
    assert read(path, GRAY)[0, 0, 0, 0, 0] == 1.0
    assert read(path, WITH_ALPHA)[0, :, 0, 0, 0].tolist() == [1.0, 0.0, 0.0, 0.0]


def test_a_palette_with_a_transparent_colour_lies_over_white(tmp_path: Path) -> None:
    picture = plain((0, 0, 255)).convert("P", palette=Image.Palette.ADAPTIVE, colors=2)
    index = picture.getpixel((0, 0))
    path = saved(tmp_path / "palette.png", picture)
    assert read(path, COLOUR)[0, :, 0, 0, 0].tolist() == [0.0, 0.0, 1.0]
    path = saved(tmp_path / "clear.png", picture, transparency=index)
    assert read(path, COLOUR)[0, :, 0, 0, 0].tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("mode", "suffix"), [("CMYK", "jpg"), ("1", "png"), ("YCbCr", "jpg"), ("LA", "png"), ("P", "gif")]
)
def test_every_common_mode_is_read_as_gray_colour_and_alpha(tmp_path: Path, mode: str, suffix: str) -> None:
    path = saved(tmp_path / f"a.{suffix}", plain((255, 255, 255)).convert(mode))
    for shape in (GRAY, Shape(2, (4, 4)), COLOUR, WITH_ALPHA):
        values = read(path, shape)
        assert values.shape == (1, shape.channels, 1, 4, 4)
        assert values.min() > 0.98


def test_print_shop_colours_are_turned_into_red_green_blue(tmp_path: Path) -> None:
    lab = ImageCms.profileToProfile(
        plain((255, 0, 0)), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    path = saved(tmp_path / "lab.tif", lab)
    assert read(path, COLOUR)[0, :, 0, 0, 0].tolist() == pytest.approx([1.0, 0.0, 0.0], abs=0.02)


def test_fit_keeps_the_whole_picture_between_black_borders(tmp_path: Path) -> None:
    values = read(saved(tmp_path / "wide.png", plain((255, 255, 255), size=(8, 4))), COLOUR)[0, 0, 0]
    assert values.tolist() == [[0] * 4, [1] * 4, [1] * 4, [0] * 4]


def test_fit_never_loses_a_very_long_picture(tmp_path: Path) -> None:
    values = read(saved(tmp_path / "line.png", plain((255, 255, 255), size=(1000, 1))), COLOUR)[0, 0, 0]
    assert values.sum() == 4


def test_the_border_of_fit_is_the_mean_so_that_it_is_0_after_scaling(tmp_path: Path) -> None:
    preprocessing = Preprocessing(mean=(0.5, 0.4, 0.3), std=(0.5,))
    values = read(saved(tmp_path / "wide.png", plain((255, 255, 255), size=(8, 4))), COLOUR, preprocessing)[0]
    assert values[:, 0, 0, 0].tolist() == [0, 0, 0]
    assert values[:, 0, 1, 0].tolist() == pytest.approx([1.0, 1.2, 1.4])


def test_stretch_fills_and_crop_cuts_the_middle(tmp_path: Path) -> None:
    picture = plain(0, "L", (8, 4))
    picture.paste(255, (2, 0, 6, 4))
    path = saved(tmp_path / "wide.png", picture)
    assert read(path, GRAY, Preprocessing("crop"))[0, 0, 0].tolist() == [[1] * 4] * 4
    stretched = read(path, GRAY, Preprocessing("stretch"))[0, 0, 0]
    assert stretched[0, 0] < 0.3
    assert stretched[0, 1] > 0.7


def test_crop_covers_an_input_larger_than_the_picture(tmp_path: Path) -> None:
    values = read(saved(tmp_path / "small.png", plain((255, 255, 255), size=(2, 1))), COLOUR, Preprocessing("crop"))
    assert values.min() == 1.0


def test_scale_1_gives_the_stored_values_as_caffe_wants_them(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", plain((200, 100, 0)))
    values = read(path, COLOUR, Preprocessing(scale=(1,), mean=(103.939, 116.779, 123.68)))
    assert values[0, :, 0, 0, 0].tolist() == pytest.approx([200 - 103.939, 100 - 116.779, -123.68])


def test_several_pictures_are_a_batch(tmp_path: Path) -> None:
    paths = [saved(tmp_path / f"{value}.png", plain(value, "L")) for value in (0, 255)]
    values, turned = read_batch(paths, GRAY)
    assert values[:, 0, 0, 0, 0].tolist() == [0, 1]
    assert turned == ()


@pytest.mark.parametrize(
    ("preprocessing", "words"),
    [
        (PLAIN, "fitted into 4x4 as a whole, the rest black; values 0..1"),
        (
            Preprocessing("fit", (), (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
            (
                "fitted into 4x4 as a whole, the rest filled with the mean; values 0..1, minus (0.485, 0.456, 0.406), "
                "divided by (0.229, 0.224, 0.225)"
            ),
        ),
        (Preprocessing("crop", (1,)), "cut from the middle to 4x4; values 0..255"),
        (
            Preprocessing("stretch", (1 / 255,), (0.5,), (0.5,)),
            "stretched to 4x4; values 0..1, minus 0.5, divided by 0.5",
        ),
    ],
)
def test_preprocessing_is_told_in_words(preprocessing: Preprocessing, words: str) -> None:
    assert preprocessing.text(COLOUR) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [("a.gif", "; its first frame alone is read"), ("a.tif", "; its first page alone is read"), ("a.jpg", "")],
)
def test_of_a_file_with_several_frames_the_first_is_read_and_that_is_said(
    tmp_path: Path, name: str, words: str
) -> None:
    dark, light = (Image.new("L", (4, 4), level) for level in (0, 255))
    dark.save(tmp_path / name, **({"save_all": True, "append_images": [light]} if words else {}))
    array, said = prepared_pictures([tmp_path / name], Shape(1, (4, 4)), PLAIN)
    assert said == f"fitted into 4x4 as a whole, the rest black; values 0..1{words}"
    assert array.max() == 0
    dark.save(tmp_path / "one.gif")
    several = prepared_pictures([tmp_path / "one.gif", tmp_path / name], Shape(1, (4, 4)), PLAIN)[1]
    assert several.endswith(f"{words} ({name})" if words else "values 0..1")


def test_what_the_input_line_says_is_obeyed() -> None:
    line = Input(size=(4, 4, 3), mean=(0.5,), std=(0.25,))
    assert Preprocessing.of(line, COLOUR, "crop") == Preprocessing("crop", (), (0.5,), (0.25,))


@pytest.mark.parametrize(
    ("preprocessing", "message"),
    [
        (Preprocessing(mean=(1, 2)), "mean has 2 values, but the input has 3 channels"),
        (Preprocessing(std=(0,)), "std must be larger than 0"),
        (Preprocessing(scale=(float("nan"),)), "must be plain numbers"),
    ],
)
def test_preprocessing_that_cannot_be_done_is_refused(
    tmp_path: Path, preprocessing: Preprocessing, message: str
) -> None:
    with pytest.raises(InputError, match=message) as error:
        read(tmp_path / "never-opened.png", COLOUR, preprocessing)
    assert code(error) == "preprocessing-does-not-fit"


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header says it is that large."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0" * 64)
    chunks = (
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
        for part in (header, data, b"IEND")
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("name", "content", "expected", "words"),
    [
        ("missing.png", None, "file-missing", "there is no picture"),
        ("empty.png", b"", "file-empty", "0 bytes"),
        ("text.png", b"conv 3 3x3\n" * 9, "picture-unknown", "is not a picture"),
        ("noise.jpg", bytes(range(256)), "picture-unknown", "is not a picture"),
        ("huge.png", png_claiming(100_000, 100_000), "picture-too-large", "is too large"),
        ("large.png", png_claiming(20_000, LARGEST_PICTURE // 20_000 + 1), "picture-too-large", "65 megapixels"),
        ("short.png", png_claiming(400, 400), "picture-damaged", "is damaged"),
        ("script.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "picture-unknown", "is not a picture"),
    ],
)
def test_what_is_no_picture_is_one_error_that_names_the_file(
    tmp_path: Path, name: str, content: bytes | None, expected: str, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=re.escape(words)) as error:
        read(path, COLOUR)
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.code == expected
    assert name in diagnostic.message
    assert diagnostic.help


def test_a_truncated_picture_is_refused_whatever_its_format(tmp_path: Path) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8))
    for suffix in ("png", "jpg", "bmp", "tif", "webp"):
        whole = saved(tmp_path / f"whole.{suffix}", noise).read_bytes()
        path = tmp_path / f"cut.{suffix}"
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(InputError, match=rf"cut\.{suffix}") as error:
            read(path, COLOUR)
        assert code(error) in {"picture-damaged", "picture-unknown"}


def test_a_picture_with_any_byte_damaged_is_read_or_refused(tmp_path: Path) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (8, 8, 3), np.uint8))
    random = np.random.default_rng(1)
    for suffix in ("png", "jpg", "gif", "tif"):
        whole = saved(tmp_path / f"whole.{suffix}", noise).read_bytes()
        for _ in range(100):
            broken = bytearray(whole)
            broken[random.integers(len(broken))] = random.integers(256)
            path = tmp_path / f"broken.{suffix}"
            path.write_bytes(broken)
            with contextlib.suppress(InputError):  # and nothing else
                read(path, COLOUR)


def test_a_picture_that_decodes_to_more_than_the_memory_is_refused_by_its_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "many.png"
    path.write_bytes(png_claiming(5000, 4000))
    monkeypatch.setattr("cnncalc.runtime.free_memory.available_bytes", lambda: 300_000_000)
    with pytest.raises(InputError, match=r"many.png` needs 320\.0 MB, and this machine has 300\.0 MB left") as error:
        read(path, COLOUR)
    assert code(error) == "not-enough-memory"


def compressed_tiff(path: Path) -> bytearray:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8))
    return bytearray(saved(path, noise, compression="tiff_adobe_deflate").read_bytes())


def test_what_libtiff_says_of_a_damaged_file_stays_inside(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.tif"
    content = compressed_tiff(path)
    content[40] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read(path, COLOUR)
    assert code(error) == "picture-damaged"
    assert capfd.readouterr().err == ""


def test_what_pillow_notes_of_a_damaged_file_stays_inside(tmp_path: Path) -> None:
    """In a process without handlers for logging Python prints it: `More samples per pixel than can be decoded: 7`."""
    content = compressed_tiff(tmp_path / "a.tif")
    samples = content.index(struct.pack("<HHI", 277, 3, 1)) + 8
    content[samples] = 7
    (tmp_path / "a.tif").write_bytes(content)
    program = (
        "import pathlib; from cnncalc.runtime.images import read; from cnncalc.geometry import Shape\n"
        "try:\n    read(pathlib.Path('a.tif'), Shape(3, (4, 4)))\n"
        "except Exception as error:\n    print(error.diagnostics[0].code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "picture-unknown\n"
    assert done.stderr == ""


def test_a_picture_of_one_long_line_costs_no_more_than_its_pixels(tmp_path: Path) -> None:
    """Once all of it was its border, sorted as floating-point numbers: 1.3 GB for 69 bytes."""
    path = saved(tmp_path / "long.png", Image.new("L", (1, 8_000_000), 255))
    tracemalloc.start()
    values = read(path, GRAY, Preprocessing("stretch", ink="light"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert values.shape == (1, 1, 1, 4, 4)
    assert peak < 20_000_000  # numpy's part


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell that can close a stream")
def test_pictures_are_read_with_standard_error_closed(tmp_path: Path) -> None:
    saved(tmp_path / "a.tif", plain((255, 255, 255)), compression="tiff_adobe_deflate")
    program = (
        "import pathlib; from cnncalc.runtime.images import read; from cnncalc.geometry import Shape; "
        "print(read(pathlib.Path('a.tif'), Shape(3, (4, 4))).min())"
    )
    command = ["sh", "-c", '"$0" -c "$1" 2>&-', sys.executable, program]
    done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, check=True)
    assert done.stdout == b"1.0\n"


def test_a_picture_that_may_not_be_read_says_how_to_allow_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "mine.png", plain((0, 0, 0)))
    monkeypatch.setattr("os.access", lambda *_: False)  # root may read everything
    with pytest.raises(InputError, match="may not be read") as error:
        read(path, COLOUR)
    assert "chmod u+r" in error.value.diagnostics[0].help


def test_an_input_that_no_memory_holds_is_refused_before_the_picture_is_enlarged(tmp_path: Path) -> None:
    path = saved(tmp_path / "small.png", plain((1, 2, 3)))
    with pytest.raises(InputError, match=r"a picture of 900000x900000x3 needs 48\.6 TB") as error:
        read(path, Shape(3, (900_000, 900_000)))
    assert code(error) == "not-enough-memory"
    with pytest.raises(InputError, match="the input, one picture after the other, needs"):
        read_batch([path] * 1_000_000, Shape(3, (900, 900)))


def test_a_folder_and_a_device_are_no_pictures(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder") as error:
        read(tmp_path, COLOUR)
    assert code(error) == "file-is-folder"
    with pytest.raises(InputError, match="is a device") as error:
        read(Path("/dev/zero"), COLOUR)
    assert code(error) == "cannot-read"


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (Shape(8, (1000,)), "the input of this net is 1-D (1000x8)"),
        (Shape(3, (16, 112, 112)), "the input of this net is 3-D (16x112x112x3)"),
        (Shape(10), "the input of this net is a flat vector (10)"),
        (Shape(12, (4, 4)), "has 12 channels"),
    ],
)
def test_a_net_that_reads_no_pictures_says_which_numbers_it_wants(tmp_path: Path, shape: Shape, words: str) -> None:
    path = saved(tmp_path / "a.png", plain((0, 0, 0)))
    with pytest.raises(InputError, match=re.escape(words)) as error:
        read(path, shape)
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.code == "input-is-no-picture"
    assert diagnostic.help == f"give the numbers as a .npy file of shape {shape.text()}"
