"""``python -m airbyte_agent_notion_cli``."""

import sys

from .main import main

sys.exit(main())
