package io.redshank.hooks;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a raw command may name, as <code>${name}</code> or, alone in its field, as the bare name. */
public enum Variable {
    CLIENTID,
    USERNAME,
    NODE,
    TS,
    TOPIC,
    QOS,
    MSGID,
    PAYLOAD,
    /** All of a message, as fourteen arguments: {@code id v from v qos v topic v payload v ts v retain v}. */
    MESSAGE;

    private final String configName = name().toLowerCase(Locale.ROOT);

    /** The name inside <code>${...}</code>. */
    public String configName() {
        return configName;
    }

    /** The variable of this name among these, or null. */
    static @Nullable Variable find(String name, Collection<Variable> among) {
        for (Variable variable : among) {
            if (variable.configName.equals(name)) {
                return variable;
            }
        }
        return null;
    }

    /** For an error line: <code>${clientid}, ${topic}</code>. */
    static String list(Collection<Variable> variables) {
        return variables.stream().map(v -> "${" + v.configName + "}").collect(Collectors.joining(", "));
    }
}
