-- A file that was found not to hold what was written to it; the job is never reused then. NULL for all others.
ALTER TABLE jobs ADD COLUMN damaged TEXT; -- JSON: at, file (relative to the job directory), reason
