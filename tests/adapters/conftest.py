"""The helper module beside the adapters' tests, importable by name. No framework is imported here."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
