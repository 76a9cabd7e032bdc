-- Whether a job stands only for the very inputs it was given: it has looked at where their datasets come from.
ALTER TABLE jobs ADD COLUMN tied INTEGER NOT NULL DEFAULT 0;
