"""What the benchmark is doing, on one line that is written over."""

from typing import TextIO


class Progress:
    """Tells how far a part has come; on a file it keeps quiet.

    :param part: the name of the part.
    :param stream: where to write.
    """

    def __init__(self, part: str, stream: TextIO) -> None:
        self.part = part
        self.stream = stream

    def __call__(self, message: str) -> None:
        if self.stream.isatty():
            self.stream.write(f"\r\033[K{self.part}: {message}")
            self.stream.flush()

    def done(self) -> None:
        """Leave the line empty for what follows."""
        if self.stream.isatty():
            self.stream.write("\r\033[K")
            self.stream.flush()

    def note(self, message: str) -> None:
        """Say something that stays."""
        self.done()
        self.stream.write(f"{self.part}: {message}\n")
