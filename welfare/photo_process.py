"""Makes an uploaded photograph small and anonymous: any image on standard input, two JPEGs on standard output.

Started by photographs.py as a process of its own, by path and without Django, because a file is not to be trusted
with the web server: this process has limits and can't open a connection. Writes the length of the first JPEG in eight
bytes, the first (at most 1600 pixels), then the second (the thumbnail). Arguments: seconds of CPU time, bytes of
memory. Exit code 3: not an image it reads; 4: more pixels than it takes.
"""

import io
import resource
import sys
from importlib import import_module

FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.", "os.system", "os.exec", "os.posix_")
FORMATS = ["Jpeg", "Png", "WebP"]
LONGEST, THUMBNAIL = 1600, 320
MOST_PIXELS = 120_000_000
NOT_AN_IMAGE, TOO_LARGE = 3, 4


def main(seconds, memory):
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from PIL import Image

    for name in FORMATS:  # reading is left to these alone
        import_module(f"PIL.{name}ImagePlugin")
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours
    sys.addaudithook(_refuse)
    photo = _photo(Image, sys.stdin.buffer.read())
    large, small = _jpeg(photo, LONGEST, 85), _jpeg(photo, THUMBNAIL, 75)
    sys.stdout.buffer.write(len(large).to_bytes(8, "big") + large + small)


def _photo(Image, data):
    """The picture the right way up, on white where it was transparent, with nothing but its pixels."""
    from PIL import ImageOps

    try:
        opened = Image.open(io.BytesIO(data), formats=[name.upper() for name in FORMATS])
        if opened.width * opened.height > MOST_PIXELS:
            sys.exit(TOO_LARGE)
        opened.draft("RGB", (LONGEST, LONGEST))  # a JPEG is read no larger than it will be kept
        opened.thumbnail((2 * LONGEST, 2 * LONGEST))
        turned = ImageOps.exif_transpose(opened).convert("RGBA")
    except MemoryError:
        raise
    except Exception:  # a broken file breaks a reader in any way
        sys.exit(NOT_AN_IMAGE)
    page = Image.new("RGB", turned.size, "white")
    page.paste(turned, mask=turned)
    return page


def _jpeg(photo, longest, quality) -> bytes:
    kept, stream = photo.copy(), io.BytesIO()
    kept.thumbnail((longest, longest))
    kept.save(stream, "JPEG", quality=quality, optimize=True, progressive=True)
    return stream.getvalue()


def _refuse(event, _arguments):
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), int(sys.argv[2]))
    except MemoryError:
        sys.exit(TOO_LARGE)
