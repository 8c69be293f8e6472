"""The server after each step of the course; every one runs under gunicorn as `jwt_demo.stages.NAME:app`."""
