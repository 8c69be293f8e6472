"""A real server inside the notebook: `await serve(app)`, and a record of each exchange."""
