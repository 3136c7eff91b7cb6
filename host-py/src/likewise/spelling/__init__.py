"""Text spelling: the words of a text that are in no dictionary, where they stand, and what was probably meant.

`tokens` finds the words that are to be checked, `lexicon` says which are known and what a word was meant to be, `checker` brings them
together over a text or a file of any size, `personal` is the list of one's own words, `command` the command line.
"""

from __future__ import annotations

from likewise.spelling.checker import TextChecker, UnknownWord, check_file, check_text
from likewise.spelling.personal import PersonalWords, WordListError
from likewise.spelling.reader import TextEncodingError

__all__ = ["PersonalWords", "TextChecker", "TextEncodingError", "UnknownWord", "WordListError", "check_file", "check_text"]
