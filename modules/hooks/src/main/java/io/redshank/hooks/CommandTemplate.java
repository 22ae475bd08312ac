package io.redshank.hooks;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;

/**
 * One command line of the configuration, compiled. Fields are split on one space before anything is put in, so a payload with
 * spaces, or of any bytes, is one argument. Immutable.
 */
public final class CommandTemplate {
    private static final int LONGEST_SHOWN_KEY = 120;

    private final String line;
    private final String commandName;
    private final Command command;
    private final List<CommandField> fields;
    private final int width;

    private CommandTemplate(String line, String commandName, List<CommandField> fields) {
        this.line = line;
        this.commandName = commandName;
        this.command = Command.create(commandName);
        this.fields = List.copyOf(fields);
        this.width = fields.stream().mapToInt(CommandField::width).sum();
    }

    /**
     * Compiles a line for a hook.
     *
     * @param bareWords whether a field that is just a variable's name stands for its value, as in {@code SET conn clientid}
     */
    public static CommandTemplate parse(Hook hook, String line, boolean bareWords) throws InvalidCommandException {
        CommandParser parser = new CommandParser(hook, line, bareWords);
        return new CommandTemplate(line, parser.commandName(), parser.fields());
    }

    /** The command with an event's values. */
    public Request render(HookVariables values) {
        Object[] arguments = new Object[width];
        int index = 0;
        for (int i = 0; i < fields.size(); i++) {
            CommandField field = fields.get(i);
            field.render(values, arguments, index);
            index += field.width();
        }
        return Request.cmd(command, arguments);
    }

    /** The first word, as the user wrote it. */
    public String commandName() {
        return commandName;
    }

    /** The second word with an event's values, fit for a log line: short, printable, without payload. */
    public String keyFor(HookVariables values) {
        if (fields.isEmpty()) {
            return "";
        }
        String key = fields.get(0).shown(values).replaceAll("\\p{Cntrl}", "?");
        return key.length() <= LONGEST_SHOWN_KEY ? key : key.substring(0, LONGEST_SHOWN_KEY) + "...";
    }

    /** The line as the user wrote it. */
    @Override
    public String toString() {
        return line;
    }
}
