"""File uploads: step by step, or whole; then attached by their id."""

from ..namespace import M, Namespace, method
from .file_upload_steps import (
    CompleteFileUpload,
    CreateFileUpload,
    GetFileUpload,
    ListFileUploads,
    SendFileUpload,
)
from .uploading import UploadFile

__all__ = [
    "CompleteFileUpload",
    "CreateFileUpload",
    "FileUploads",
    "GetFileUpload",
    "ListFileUploads",
    "SendFileUpload",
    "UploadFile",
]


class FileUploads(Namespace[M]):
    """Files on their way into Notion."""

    list = method(ListFileUploads)
    get = method(GetFileUpload)
    create = method(CreateFileUpload)
    send = method(SendFileUpload)
    complete = method(CompleteFileUpload)
    upload = method(UploadFile)
