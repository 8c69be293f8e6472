#!/bin/sh
# Prints the Python to set up with: $PYTHON, or the first of the usual names that is 3.10 or newer.
# Where all are older it prints the first that runs: tools/environment.py then says what to install.
if [ -n "$PYTHON" ]; then
    set -- "$PYTHON" # one name, blanks in it and all
else
    set -- python3 python3.13 python3.12 python3.11 python3.10 python3.14 python
fi
for name in "$@"; do
    "$name" -c 'import sys' 2>/dev/null || continue
    any=${any:-$name}
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
        echo "$name"
        exit 0
    fi
done
if [ -z "$any" ]; then
    echo "No Python found${PYTHON:+ as $PYTHON}. The course needs Python 3.10 or newer:" >&2
    echo "  Debian, Ubuntu   sudo apt install python3 python3-venv" >&2
    echo "  Fedora           sudo dnf install python3" >&2
    echo "  macOS            brew install python" >&2
    echo "  Windows          winget install Python.Python.3.13" >&2
    echo "  conda            conda env create -f environment.yml" >&2
    exit 2
fi
echo "$any"
