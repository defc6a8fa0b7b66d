"""Tasks: what Notion has accepted and works at."""

from ..fields import TaskId
from ..models.tasks import AsyncTask
from ..namespace import M, Namespace, method
from ..operation import Operation, Spec

__all__ = ["AsyncTasks", "GetAsyncTask"]


class GetAsyncTask(Operation[AsyncTask]):
    """Get a task that an error named: its status, and its result or error once it has ended. Other calls wait for
    their tasks by themselves.
    """

    spec = Spec("async_tasks", "get", "GET /v1/async_tasks/{task_id}")
    task_id: TaskId


class AsyncTasks(Namespace[M]):
    """Long work that Notion has accepted."""

    get = method(GetAsyncTask)
