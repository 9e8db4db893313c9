"""The page for the doctor: two sheets on what was measured, as PDF and as HTML. No verdict."""
