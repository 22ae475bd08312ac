package io.redshank.hooks;

import java.util.List;

/**
 * An entry that runs Redis commands, in their order; one that fails does not stop the next.
 *
 * @param pipeline whether the user asked for one pipeline; on one connection both forms are, so it matters to Redis Cluster only
 */
public record CommandsAction(List<CommandTemplate> commands, boolean pipeline) implements Action {
    public CommandsAction {
        commands = List.copyOf(commands);
    }
}
