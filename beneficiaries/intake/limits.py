"""What an uploaded file may be, and the refusal when it is not. Imported by the reading child: keep it bare."""

MB = 1 << 20

FILE_BYTES = 10 * MB
UNPACKED_BYTES = 100 * MB
RATIO = 100
RATIO_FROM_BYTES = MB  # a small part may be as regular as it likes
ENTRIES = 200
DATA_ROWS = 20_000
COLUMNS = 100
AREA_CELLS = 5_000_000
TEXT_CHARACTERS = 40_000_000  # a shared string counts each time it is used
CHILD_MEMORY_BYTES = 1 << 30
CHILD_CPU_SECONDS = 60
CHILD_WALL_SECONDS = 120
MARKING_CPU_SECONDS = 120
MARKING_WALL_SECONDS = 240


class IntakeRefused(Exception):
    """The file can't be taken in. str() is one Vietnamese sentence for the user."""


class NoListFound(IntakeRefused):
    """The file can be read, but nothing in it is understood as a list."""
