"""`python -m policysim`: the same door as the command `policysim`."""

from policysim.cli.door import main

if __name__ == "__main__":
    main()
