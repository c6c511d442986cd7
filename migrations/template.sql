-- ${message}
--
-- Revision: ${revision}
-- Revises: ${revises}
-- Created: ${created}
-- Depends-On: ${depends_on}
-- Branch-Labels: ${branch_labels}
-- Replaces: ${replaces}

-- migrate:up
${up}

-- migrate:down
${down}
