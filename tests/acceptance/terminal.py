"""A person's terminal: the program on a pty, the screen it paints, and keys.

Keys are pressed one at a time, as a person does; nothing waits for a length
of time, only for what the screen shows.
"""

import os
import time

import pexpect
import pyte

COLUMNS, LINES = 120, 40
PATIENCE = 20.0
ENTER, ESCAPE = "\r", "\x1b"


class Terminal:
    """A program on a pty, for as long as a `with` lasts."""

    def __init__(self, command, environment, columns=COLUMNS, lines=LINES):
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.ByteStream(self.screen)
        self.written = b""
        self.child = pexpect.spawn(
            command[0],
            command[1:],
            dimensions=(lines, columns),
            env={**environment, "TERM": "xterm-256color"},
            timeout=PATIENCE,
        )
        # pyte answers what programs ask a terminal, "is this shown?" (CSI 5 n) among it.
        self.screen.write_process_input = self.child.send

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.close(force=True)

    def press(self, *keys):
        """Presses keys."""
        for key in keys:
            self.child.send(key)

    def text(self):
        """What is on the screen."""
        return "\n".join(row.rstrip() for row in self.screen.display)

    def shows(self, *texts, patience=PATIENCE):
        """Waits until the screen shows all of these at once, and gives it."""
        return self.until(lambda screen: all(text in screen for text in texts), " and ".join(map(repr, texts)), patience)

    def until(self, right, what, patience=PATIENCE):
        """Waits until the screen is right, and gives it."""
        end = time.monotonic() + patience
        while not right(self.text()):
            if time.monotonic() >= end:
                raise AssertionError(f"the screen did not show {what} within {patience:.0f} s:\n{self.text()}")
            if not self._read():
                raise AssertionError(f"the program ended before the screen showed {what}:\n{self.text()}")
        return self.text()

    def ends(self):
        """Waits until the program ends, and gives its exit code."""
        end = time.monotonic() + PATIENCE
        while self._read():
            if time.monotonic() >= end:
                raise AssertionError(f"the program did not end within {PATIENCE:.0f} s:\n{self.text()}")
        self.child.wait()
        return self.child.exitstatus

    def _read(self):
        """Takes in what the program writes within a moment. Gives whether it can still write."""
        try:
            data = self.child.read_nonblocking(65536, timeout=0.1)
            self.written += data
            self.stream.feed(data)
        except pexpect.TIMEOUT:
            pass
        except pexpect.EOF:
            return False
        return True


def environment(url, region, home, user):
    """What the program under test sees: nothing of the user's own."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": region,
        "AWS_ACCESS_KEY_ID": user[0],
        "AWS_SECRET_ACCESS_KEY": user[1],
        "AWS_EC2_METADATA_DISABLED": "true",
    }
