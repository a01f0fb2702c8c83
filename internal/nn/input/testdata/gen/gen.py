"""Makes the reference pictures of package input; see README.md."""
import io
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageOps

photos, out = Path(sys.argv[1]), Path(sys.argv[2])
resize, colour = out / "resize", out / "colour"
FILTERS = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}


def save(im, path):
    im.save(path, optimize=True)


def resizes():
    src = Image.open(photos / "chelsea.png").crop((150, 90, 211, 137))  # 61x47: an eye
    save(src, resize / "source.png")
    grey = src.convert("L")
    save(grey, resize / "grey.png")
    sizes = [(97, 73), (23, 17), (120, 20), (20, 90), (61, 20), (30, 47), (7, 5), (1, 1), (62, 48), (60, 46)]
    for name, f in FILTERS.items():
        for w, h in sizes:
            save(src.resize((w, h), f), resize / f"{w}x{h}-{name}.png")
        for w, h in [(97, 20), (20, 31)]:
            save(grey.resize((w, h), f), resize / f"grey-{w}x{h}-{name}.png")


def over_white(im):
    im = ImageOps.exif_transpose(im)
    if im.mode in ("P", "RGBA", "LA"):
        im = im.convert("RGBA")
        white = Image.new("RGB", im.size, (255, 255, 255))
        white.paste(im, mask=im.getchannel("A"))
        return white
    return im.convert("RGB")


def reference(path):
    save(over_white(Image.open(path)), path.with_suffix(".png"))


def cjpeg(im, *args):
    ppm = io.BytesIO()
    im.save(ppm, "PPM")
    return subprocess.run(["cjpeg", "-quality", "85", *args], input=ppm.getvalue(), stdout=subprocess.PIPE, check=True).stdout


def jpegs(src):
    plain = {
        "420": ["-sample", "2x2"], "422": ["-sample", "2x1"], "440": ["-sample", "1x2"], "444": ["-sample", "1x1"],
        "411": ["-sample", "4x1"], "grey": ["-grayscale"], "progressive": ["-progressive", "-sample", "2x2"],
        "restart": ["-restart", "1B", "-sample", "2x2"], "rgb": ["-rgb"],
    }
    made = {name: cjpeg(src, *args) for name, args in plain.items()}
    for w, h in [(1, 1), (3, 3), (4, 5), (5, 2), (6, 16)]:
        made[f"tiny-{w}x{h}"] = cjpeg(src.crop((8, 8, 8 + w, 8 + h)), "-sample", "2x2")
    ink = io.BytesIO()
    src.convert("CMYK").point(lambda v: v * 3 // 4 + 20).save(ink, "JPEG", quality=90)
    made["cmyk"] = ink.getvalue()
    ycck = bytearray(ink.getvalue())
    at = ycck.index(b"Adobe")
    assert ycck[at + 11] == 0
    ycck[at + 11] = 2
    made["ycck"] = bytes(ycck)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = io.BytesIO()
    src.save(turned, "JPEG", quality=85, exif=exif)
    made["orientation6"] = turned.getvalue()
    for name, data in made.items():
        (colour / f"{name}.jpg").write_bytes(data)
        reference(colour / f"{name}.jpg")
    (colour / "arithmetic.jpg").write_bytes(cjpeg(src.crop((0, 0, 16, 16)), "-arithmetic"))


def webps(src):
    soft = src.convert("RGBA")
    soft.putalpha(Image.linear_gradient("L").resize(src.size))
    for name, im, args in [
        ("lossy", src, dict(quality=80)), ("lossless", src.crop((0, 0, 24, 17)), dict(lossless=True)),
        ("alpha", soft, dict(quality=80)), ("lossy-1x1", src.crop((0, 0, 1, 1)), dict(quality=80)),
        ("lossy-2x3", src.crop((0, 0, 2, 3)), dict(quality=80)), ("lossy-even", src.crop((0, 0, 32, 26)), dict(quality=60)),
    ]:
        im.save(colour / f"{name}.webp", **args)
        reference(colour / f"{name}.webp")
    a, b = src.crop((0, 0, 9, 9)), src.crop((9, 9, 18, 18))
    a.save(colour / "animated.webp", save_all=True, append_images=[b], duration=100)


def gifs(src):
    p = src.quantize(32)
    p.save(colour / "gif.gif")
    reference(colour / "gif.gif")
    p.save(colour / "gif-transparent.gif", transparency=p.getpixel((5, 5)))
    reference(colour / "gif-transparent.gif")


if __name__ == "__main__":
    resizes()
    picture = Image.open(photos / "coffee.png").crop((352, 288, 399, 321))  # 47x33: sugar and cloth, rich in chroma detail
    jpegs(picture)
    webps(picture)
    gifs(picture)
