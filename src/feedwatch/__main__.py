"""`python -m feedwatch` is the `feedwatch` command."""

from feedwatch.cli import main

if __name__ == "__main__":
    main()
