"""`python -m game` is the `voltyard` command."""

from game.cli import main

main()
