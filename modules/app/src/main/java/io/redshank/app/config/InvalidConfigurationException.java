package io.redshank.app.config;

import java.util.List;

/** A configuration that no node can be started with. Each line of the message names one thing to mend. */
public final class InvalidConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // lists of strings made by List.copyOf are serializable
    private final List<String> lines;

    InvalidConfigurationException(List<String> lines) {
        super(String.join(System.lineSeparator(), lines));
        this.lines = List.copyOf(lines);
    }

    /** What is wrong, each as {@code <json path>: found <what>, allowed: <what>}. */
    public List<String> lines() {
        return lines;
    }
}
