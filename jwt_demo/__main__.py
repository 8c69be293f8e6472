"""`python -m jwt_demo`: the command line, the same program as `jwt-demo`."""

from .cli.main import main

if __name__ == "__main__":
    main(prog_name="python -m jwt_demo")
