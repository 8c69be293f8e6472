"""Settings of Sphinx for the site. Nothing is loaded from another machine."""

project = "JSON Web Tokens in Python"
author = "the jwt_demo authors"
copyright = "the jwt_demo authors, MIT licence"
language = "en"
extensions = ["myst_nb"]
html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": True,
    "show_navbar_depth": 1,
}
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # its default is fetched from outside
nb_render_markdown_format = "commonmark"
myst_heading_anchors = 4
myst_enable_extensions: list[str] = []
myst_all_links_external = False
suppress_warnings = [
    "myst.xref_missing",  # links to files of the repository that are no pages here
    "myst.header",  # lessons begin sections at the level that reads best
    "mystnb.unknown_mime_type",
    "toc.not_included",
    "misc.highlighting_failure",
]
