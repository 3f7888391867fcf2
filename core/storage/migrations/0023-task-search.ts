/**
 * A full-text index (https://www.sqlite.org/fts5.html) of what its owner asked and was answered, in the clear as the tasks are. What
 * stands behind placeholders stays out. It keeps itself: an answer comes in when its task has one and again if that one changes, and
 * a task that goes takes its words along.
 */
const shownAnswer = (task: string): string => `
      coalesce((SELECT answer FROM task_attempt WHERE task = ${task}
        ORDER BY receipt IS NULL, CASE WHEN receipt IS NULL THEN -number ELSE number END LIMIT 1), '')`

export const taskSearchMigration = {
  version: 23,
  name: 'task-search',
  sql: `
    -- The numbers by which the index knows tasks, in the order in which they were asked.
    CREATE TABLE task_search_entry (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      task BLOB NOT NULL UNIQUE CHECK (length(task) = 32)
    ) STRICT;
    CREATE VIRTUAL TABLE task_search USING fts5 (prompt, answer, tokenize = 'unicode61 remove_diacritics 2');

    -- What is deleted is taken out at once, not when the index is next merged.
    INSERT INTO task_search (task_search, rank) VALUES ('secure-delete', 1);

    INSERT INTO task_search_entry (task) SELECT id FROM task ORDER BY asked_at_ms, id;
    INSERT INTO task_search (rowid, prompt, answer)
      SELECT number, prompt, ${shownAnswer('task.id')} FROM task_search_entry JOIN task ON task.id = task_search_entry.task;

    CREATE TRIGGER task_search_new AFTER INSERT ON task BEGIN
      INSERT INTO task_search_entry (task) VALUES (NEW.id);
      INSERT INTO task_search (rowid, prompt, answer)
        SELECT number, NEW.prompt, '' FROM task_search_entry WHERE task = NEW.id;
    END;
    -- Not with every piece that streams in.
    CREATE TRIGGER task_search_answered AFTER UPDATE OF state ON task
      WHEN NEW.state IN ('delivered', 'settled', 'failed', 'refunded', 'cancelled')
    BEGIN
      UPDATE task_search SET answer = ${shownAnswer('NEW.id')}
        WHERE rowid = (SELECT number FROM task_search_entry WHERE task = NEW.id) AND answer IS NOT ${shownAnswer('NEW.id')};
    END;
    CREATE TRIGGER task_search_gone AFTER DELETE ON task BEGIN
      DELETE FROM task_search WHERE rowid = (SELECT number FROM task_search_entry WHERE task = OLD.id);
      DELETE FROM task_search_entry WHERE task = OLD.id;
    END;
  `,
} as const
