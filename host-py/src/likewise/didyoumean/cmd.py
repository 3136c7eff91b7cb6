"""Did you mean for the standard library's cmd: a mixin, and a class that has it.

    class Shell(likewise.didyoumean.cmd.Cmd): ...                 # or, for a class that exists:
    class Shell(likewise.didyoumean.cmd.DidYouMean, TheirShell): ...

The answer is the one that `likewise.didyoumean.prompt` gives.
"""

from __future__ import annotations

import cmd

from likewise.didyoumean import correction

__all__ = ["Cmd", "DidYouMean"]


class DidYouMean(cmd.Cmd):
    """Answers an unknown command with "invalid command, were you trying to use init?" in place of "Unknown syntax"."""

    def default(self, line: str) -> None:
        """Say what was meant, on ``stdout`` as everything that cmd says; what is typed at the end of input stays cmd's."""
        word = self.parseline(line)[0]
        if word is None or word == "EOF":
            super().default(line)
            return
        self.stdout.write(f"*** {correction(word, self._commands())}\n")

    def _commands(self) -> list[str]:
        """The commands of the class, but for the end of input, which nobody types."""
        names = (name[3:] for name in self.get_names() if name.startswith("do_"))
        return sorted({name for name in names if name != "EOF"})


class Cmd(DidYouMean):
    """`cmd.Cmd` with suggestions."""
