"""`python -m policysim`: the same door as the command `policysim`."""

from policysim.cli import main

if __name__ == "__main__":
    main()
