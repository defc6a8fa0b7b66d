"""Meeting notes: a block whose recording is turned into a transcript, a summary and notes, step by step."""

from __future__ import annotations

from .state import Block, Content, Parent, RichText, Span
from .state_tasks import MeetingJob
from .workspace import Workspace

__all__ = ["STEPS", "start_notes", "take_notes"]

STEPS = ("transcription_in_progress", "summary_in_progress", "notes_ready")
SECTIONS = {"summary_block_id": "Summary", "notes_block_id": "Notes", "transcript_block_id": "Transcript"}


def start_notes(workspace: Workspace, parent: Parent, title: RichText) -> Block:
    """A block for a meeting whose transcription has just begun; the caller puts it into its parent."""
    now = workspace.now()
    block = Block(
        id=workspace.new_id(),
        parent=parent,
        created=now,
        edited=now,
        created_by=workspace.bot_id,
        edited_by=workspace.bot_id,
        type="meeting_notes",
        content=Content(texts={"title": title}, plain={"status": "transcription_not_started"}),
    )
    workspace.blocks[block.id] = block
    workspace.later.meetings[block.id] = MeetingJob(block_id=block.id)
    return block


def take_notes(workspace: Workspace) -> None:
    """Take every meeting whose notes are being taken one step further."""
    for job in list(workspace.later.meetings.values()):
        block = workspace.blocks[job.block_id]
        block.content.plain["status"] = STEPS[job.step]
        job.step += 1
        if job.step == len(STEPS):
            _write_down(workspace, block)
            del workspace.later.meetings[job.block_id]


def _write_down(workspace: Workspace, block: Block) -> None:
    block.content.plain["children"] = {key: _section(workspace, block, name) for key, name in SECTIONS.items()}
    block.edited = workspace.now()


def _section(workspace: Workspace, block: Block, name: str) -> str:
    now = workspace.now()
    section = Block(
        id=workspace.new_id(),
        parent=Parent(kind="block_id", id=block.id),
        created=now,
        edited=now,
        created_by=block.created_by,
        edited_by=block.created_by,
        type="paragraph",
        content=Content(texts={"rich_text": (Span(text=f"{name} of the meeting."),)}, plain={"color": "default"}),
    )
    workspace.blocks[section.id] = section
    block.children.append(section.id)
    return section.id
