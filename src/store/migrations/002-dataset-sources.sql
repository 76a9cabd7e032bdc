-- Other jobs whose files hold columns of a dataset: by a parent, a link or a merge.
CREATE TABLE dataset_sources (
  job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  dataset TEXT NOT NULL,
  source TEXT NOT NULL, -- id of the other job
  PRIMARY KEY (job, dataset, source)
) STRICT, WITHOUT ROWID;
