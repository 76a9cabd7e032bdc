-- The index of one workdir. Everything about jobs in here can be made again from the job directories;
-- runs, results, failures and events are remembered here only.
-- Times are ISO 8601 in UTC, digests are SHA-256 in lower case hex, job ids are texts such as dev-42.

-- Facts about the workdir itself.
CREATE TABLE meta (
  name TEXT PRIMARY KEY, -- workdir (its name), slices, next_job (lowest number never given to a job), boot (see reconcile)
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- Every job whose execution ended, well or not. A job that is being made is a row of claims.
CREATE TABLE jobs (
  number INTEGER PRIMARY KEY, -- 42 of dev-42; other tables refer to it as job
  id TEXT NOT NULL UNIQUE, -- dev-42
  key TEXT NOT NULL, -- two jobs with the same key are the same work
  method TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('finished', 'failed', 'timed_out', 'cancelled', 'unfinished')), -- unfinished: its process died
  name TEXT NOT NULL, -- the build's name, by default the method's
  caption TEXT NOT NULL,
  labels TEXT NOT NULL, -- JSON object
  code TEXT NOT NULL, -- digest of the method's code
  digest TEXT, -- what the job shows to those who use it; NULL unless finished
  parent TEXT, -- id of the job that built this one as a subjob
  script TEXT, -- path of the build script, relative to the project
  run INTEGER NOT NULL, -- the run that built it; 0 outside a run
  started_at TEXT NOT NULL,
  ended_at TEXT, -- NULL where it is not known
  exec_ms REAL, -- execution time of all stages; NULL where it is not known
  exec_times TEXT, -- JSON: prepare, analysis (one per slice), synthesis, total, in milliseconds
  size_bytes INTEGER NOT NULL, -- of registered files and datasets
  subjobs INTEGER NOT NULL, -- how many rows of subjobs it has
  tainted TEXT, -- why it is never reused although it finished
  unsound TEXT, -- JSON array: why its key may not see everything; NULL when it does
  host TEXT NOT NULL,
  acc_version TEXT NOT NULL,
  node_version TEXT NOT NULL,
  seal TEXT -- JSON [name, size, ...] of every file that must be there; files says the same, this makes a look-up one row
) STRICT;
CREATE INDEX jobs_by_key ON jobs (key, number) WHERE state = 'finished';
CREATE INDEX jobs_by_method ON jobs (method, number);

-- Options of a job, as given after validation and with defaults.
CREATE TABLE params (
  job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL, -- JSON
  PRIMARY KEY (job, name)
) STRICT, WITHOUT ROWID;

-- What a job was made from: the edges of the graph.
CREATE TABLE inputs (
  job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('dataset', 'job', 'job_file')),
  name TEXT NOT NULL, -- of the input in the method; for a job_file that of the option
  position INTEGER NOT NULL, -- 0, or the index in an input that takes a list
  input_job TEXT NOT NULL, -- id of the job used, in any workdir
  input_name TEXT, -- name of the dataset or file used; NULL for a job
  PRIMARY KEY (job, kind, name, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX inputs_by_input ON inputs (input_job);

-- Files below the input directory that a job read.
CREATE TABLE input_files (
  job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  path TEXT NOT NULL, -- relative to the input directory
  size_bytes INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (job, path)
) STRICT, WITHOUT ROWID;

-- Jobs that a job built while it ran.
CREATE TABLE subjobs (
  job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  position INTEGER NOT NULL, -- in the order in which they were built
  subjob TEXT NOT NULL, -- id, in any workdir
  method TEXT NOT NULL,
  code TEXT NOT NULL, -- the code digest the subjob ran with
  built INTEGER NOT NULL, -- 0 when it was reused
  PRIMARY KEY (job, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX subjobs_by_subjob ON subjobs (subjob);

-- Files of finished jobs.
CREATE TABLE files (
  job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  name TEXT NOT NULL, -- relative to the job directory
  size_bytes INTEGER NOT NULL,
  digest TEXT, -- NULL for files of datasets, whose digests are by column
  dataset TEXT, -- the dataset it belongs to; NULL for registered files
  PRIMARY KEY (job, name)
) STRICT, WITHOUT ROWID;

-- Datasets of finished jobs. A dataset's id is the job's id, with /NAME unless the name is default.
CREATE TABLE datasets (
  job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  name TEXT NOT NULL,
  position INTEGER NOT NULL, -- in the order in which they were finished
  digest TEXT NOT NULL,
  rows INTEGER NOT NULL, -- of this dataset alone, not of its chain
  hashlabel TEXT,
  previous_job TEXT, -- id; NULL at the start of a chain
  previous_name TEXT,
  PRIMARY KEY (job, name)
) STRICT, WITHOUT ROWID;

-- Columns of datasets.
CREATE TABLE columns (
  job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  dataset TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  digest TEXT NOT NULL, -- covers the same column of the dataset's previous
  PRIMARY KEY (job, dataset, position)
) STRICT, WITHOUT ROWID;

-- Runs of build scripts.
CREATE TABLE runs (
  run INTEGER PRIMARY KEY,
  script TEXT NOT NULL, -- relative to the project
  argv TEXT NOT NULL, -- JSON array
  flags TEXT NOT NULL, -- JSON object
  started_at TEXT NOT NULL,
  ended_at TEXT, -- NULL while it runs, and when it was killed
  exit_code INTEGER,
  built INTEGER, -- counts of build calls, NULL until the run ends
  reused INTEGER,
  failed INTEGER,
  skipped INTEGER,
  would_build INTEGER,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  acc_version TEXT NOT NULL
) STRICT;

-- Jobs of each run, in whichever workdir they lie. Written when the run ends.
CREATE TABLE run_jobs (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  job TEXT NOT NULL, -- id
  state TEXT NOT NULL, -- built, reused, failed
  PRIMARY KEY (run, job)
) STRICT, WITHOUT ROWID;

-- Result links made to files of this workdir's jobs. The link itself is the truth: it may have been replaced since.
CREATE TABLE results (
  directory TEXT NOT NULL, -- the result directory
  name TEXT NOT NULL, -- of the link, relative to the result directory
  job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  file TEXT NOT NULL, -- relative to the job directory
  header TEXT,
  description TEXT,
  linked_at TEXT NOT NULL,
  run INTEGER NOT NULL, -- 0 outside a run
  PRIMARY KEY (directory, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX results_by_job ON results (job);

-- Why executions did not succeed.
CREATE TABLE failures (
  job INTEGER PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
  kind TEXT NOT NULL, -- threw, exited, out_of_memory, timed_out, invalid_output, cancelled
  stage TEXT NOT NULL, -- prepare, analysis, synthesis, publish
  sliceno INTEGER, -- only for analysis
  message TEXT, -- of the exception, where there was one
  last_output TEXT NOT NULL, -- the last lines it printed
  failure TEXT NOT NULL -- JSON: everything that is known
) STRICT;

-- What happened to the workdir, for those who look after it.
CREATE TABLE events (
  event INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  kind TEXT NOT NULL, -- takeover, recovered, tainted, rebuilt
  job TEXT, -- id
  detail TEXT NOT NULL
) STRICT;

-- Jobs that are being made, and by whom.
CREATE TABLE claims (
  number INTEGER PRIMARY KEY, -- of the job
  key TEXT NOT NULL UNIQUE,
  method TEXT NOT NULL,
  run INTEGER NOT NULL,
  pid INTEGER NOT NULL,
  process_started TEXT NOT NULL, -- tells the process from a later one with the same pid
  host TEXT NOT NULL,
  machine TEXT NOT NULL, -- host, boot and process namespace: pids can be compared only where this is the same
  claimed_at TEXT NOT NULL,
  heartbeat_at INTEGER NOT NULL -- milliseconds since 1970
) STRICT;

-- Options after validation, by code digest and digest of the inputs as given. A cache: it can be deleted.
CREATE TABLE memo (
  entry INTEGER PRIMARY KEY AUTOINCREMENT, -- the oldest are deleted first
  code TEXT NOT NULL,
  inputs TEXT NOT NULL,
  options TEXT NOT NULL, -- JSON
  UNIQUE (code, inputs)
) STRICT;

-- Every step of every chain: what lies before a dataset or a job.
CREATE VIEW chains (kind, id, previous) AS
  SELECT 'dataset',
         jobs.id || iif(datasets.name = 'default', '', '/' || datasets.name),
         previous_job || iif(previous_name = 'default', '', '/' || previous_name)
    FROM datasets JOIN jobs ON jobs.number = datasets.job
   WHERE previous_job IS NOT NULL
  UNION ALL
  SELECT 'job', jobs.id, inputs.input_job
    FROM inputs JOIN jobs ON jobs.number = inputs.job
   WHERE inputs.kind = 'job' AND inputs.name = 'previous';
