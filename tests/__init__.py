"""The tests: folder by folder as the package has it; notebooks, tools and the browser have folders of their own."""
