"""All operations, one module an entity. ``NotionSurface`` names the entities; the catalogue is read off it."""

from ..namespace import M, Surface, method
from .blocks import Blocks
from .comments import Comments
from .data_sources import DataSources
from .databases import Databases
from .pages import Pages
from .resolve import Resolve
from .search import Search
from .users import Users

__all__ = ["Blocks", "Comments", "DataSources", "Databases", "NotionSurface", "Pages", "Resolve", "Search", "Users"]


class NotionSurface(Surface[M]):
    """What a connector offers as typed attributes, one line an entity."""

    pages: Pages[M]
    data_sources: DataSources[M]
    databases: Databases[M]
    blocks: Blocks[M]
    comments: Comments[M]
    users: Users[M]
    search = method(Search)
    resolve = method(Resolve)
