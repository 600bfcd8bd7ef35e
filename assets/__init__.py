"""Package data: shaders, scenarios, data tables, fonts. Licences are in CREDITS.md."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent
