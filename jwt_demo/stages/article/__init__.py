"""The article's server of 2016 with the fewest changes that let it start today; it behaves as it did.

`gunicorn jwt_demo.stages.article:app --bind localhost:8080 --worker-class aiohttp.worker.GunicornWebWorker --reload`
"""

from . import models, web
from .web import app

__all__ = ["app", "models", "web"]
