"""The primitive under everything that needs a view itself: its data source, filter and sorts."""

from ..fields import ViewId
from ..models.views import View
from ..operation import Operation, Spec

__all__ = ["GetView"]


class GetView(Operation[View]):
    """Get a view: its type, filter, sorts and configuration."""

    spec = Spec("views", "get", "GET /v1/views/{view_id}", capability="read_content")
    view_id: ViewId
