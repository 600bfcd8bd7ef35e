"""What exists: worlds of tables of numpy columns. Imports numpy and nothing else."""
