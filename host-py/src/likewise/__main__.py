"""`python -m likewise` is the command line."""

from likewise.cli import main

main()
