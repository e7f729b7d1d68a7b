"""What every page that ccx writes begins with: one HTML file, no scripts, nothing to be fetched, every text escaped."""

from pathlib import Path


def render(template, **values):
    """Fill in a template that extends ``_page.html``.

    Parameters
    ----------
    template : Path
    **values
        What the template names, all of it.

    Returns
    -------
    str
        HTML.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader([template.parent, Path(__file__).parent])
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template(template.name).render(**values) + "\n"
