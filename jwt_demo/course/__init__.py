"""The reader's machine: the working copy, the doctor, JupyterLab."""
