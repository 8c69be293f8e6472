"""`make site`: the course as a static site, whose lessons run in a browser tab."""
