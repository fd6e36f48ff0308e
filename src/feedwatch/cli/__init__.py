"""The commands: thin, they call use-cases and print. Exit codes: 0 fine, 1 the work failed, 2 the call was wrong."""


def main() -> None:
    """Run the command line and leave with its exit code.

    The commands are loaded here and not above: each worker process imports the script that the daemon was started by,
    and would load them all.
    """
    from feedwatch.cli.app import main as run  # noqa: PLC0415

    run()
