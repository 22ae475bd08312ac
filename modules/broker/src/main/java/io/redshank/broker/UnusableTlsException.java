package io.redshank.broker;

import java.nio.file.Path;

/** A file of a listener's TLS that will not do. The message says what it is and what would do. */
public final class UnusableTlsException extends Exception {
    private static final long serialVersionUID = 1;

    /** The files, by the keys that name them in a configuration. */
    public enum Part {
        CERTFILE("certfile"),
        KEYFILE("keyfile"),
        CAFILE("cafile");

        private final String key;

        Part(String key) {
            this.key = key;
        }

        /** The key in a listener's configuration. */
        public String key() {
            return key;
        }
    }

    private final Part part;
    private final String found;
    private final String allowed;

    UnusableTlsException(Part part, Path path, String found, String allowed) {
        super(part.key() + " " + path + ": found " + found + ", allowed: " + allowed);
        this.part = part;
        this.found = path + ": " + found;
        this.allowed = allowed;
    }

    /** Which file it is. */
    public Part part() {
        return part;
    }

    /** The file and what is wrong with it. */
    public String found() {
        return found;
    }

    /** What would do instead. */
    public String allowed() {
        return allowed;
    }
}
