"""``python -m restwell``: the command line where no script is installed."""

from restwell.cli import main

if __name__ == "__main__":
    main(prog_name="python -m restwell")
