"""Whether what the pages of a site refer to is there, and nothing else is asked for."""

from collections import Counter
from html.parser import HTMLParser


class _Read(HTMLParser):
    """The ids of a page, where it leads and what it loads."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loaded, self.scripts = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            elif name == "href":
                self.links.append(value or "")
            elif name in {"src", "srcset", "poster", "data", "background"}:
                self.loaded.append(value or "")
            elif name.startswith("on"):
                self.scripts.append(name)
        if tag in {"script", "iframe", "object", "embed", "link", "base", "form"}:
            self.scripts.append(tag)


def problems(pages):
    """List what is wrong with the pages of a site, a sentence each.

    Parameters
    ----------
    pages : dict of str to str
        HTML by the name of the file.

    Returns
    -------
    list of str

    Examples
    --------
    >>> problems({"a.html": '<a href="b.html#there">x</a>', "b.html": '<p id="here">y</p>'})
    ['a.html: the link b.html#there leads nowhere.']
    """
    read = {name: _Read(text) for name, text in pages.items()}
    found = []
    for name, page in read.items():
        for link in page.links:
            target, _, anchor = link.partition("#")
            target = target or name
            if target not in read or anchor and anchor not in read[target].ids:
                found.append(f"{name}: the link {link} leads nowhere.")
        found += [f"{name}: the id {id} is there {count} times." for id, count in Counter(page.ids).items() if count > 1]
        found += [f"{name}: {source[:80]} would be fetched." for source in page.loaded if not source.startswith("data:")]
        found += [f"{name}: {script} could run or fetch something." for script in page.scripts]
    return found
