"""All operations, one module an entity. ``NotionSurface`` names the entities; the catalogue is read off it."""

from ..namespace import M, Surface, method
from .async_tasks import AsyncTasks
from .blocks import Blocks
from .comments import Comments
from .custom_emojis import CustomEmojis
from .data_sources import DataSources
from .databases import Databases
from .file_uploads import FileUploads
from .files import Files
from .meeting_notes import MeetingNotes
from .pages import Pages
from .resolve import Resolve
from .search import Search
from .users import Users
from .views import Views

__all__ = [
    "AsyncTasks",
    "Blocks",
    "Comments",
    "CustomEmojis",
    "DataSources",
    "Databases",
    "FileUploads",
    "Files",
    "MeetingNotes",
    "NotionSurface",
    "Pages",
    "Resolve",
    "Search",
    "Users",
    "Views",
]


class NotionSurface(Surface[M]):
    """What a connector offers as typed attributes, one line an entity."""

    pages: Pages[M]
    data_sources: DataSources[M]
    databases: Databases[M]
    blocks: Blocks[M]
    comments: Comments[M]
    views: Views[M]
    file_uploads: FileUploads[M]
    files: Files[M]
    meeting_notes: MeetingNotes[M]
    custom_emojis: CustomEmojis[M]
    async_tasks: AsyncTasks[M]
    users: Users[M]
    search = method(Search)
    resolve = method(Resolve)
