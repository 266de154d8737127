"""What an uploaded Word file may be, and the refusal when it is not. Imported by the reading child: keep it bare."""

MB = 1 << 20

FILE_BYTES = 10 * MB
PART_BYTES = 50 * MB
RATIO = 200
RATIO_FROM_BYTES = MB  # a small part may be as regular as it likes
ENTRIES = 2_000
PARAGRAPHS = 5_000
CHARACTERS = 1_000_000
CHILD_MEMORY_BYTES = 1 << 30
CHILD_CPU_SECONDS = 30
CHILD_WALL_SECONDS = 60

TOO_BIG = "Tệp lớn hơn 10 MB; hãy bỏ bớt ảnh trong văn bản rồi tải lại."
TOO_LONG = "Văn bản quá dài (hơn 5.000 đoạn hoặc một triệu chữ cái); hãy tách riêng phần kế hoạch rồi tải lại."


class WordRefused(Exception):
    """The file can't be read. str() is one Vietnamese sentence for the user."""
