package io.redshank.hooks;

/**
 * How much of a log a client is given when it is read for it.
 *
 * @param first of a log in which it has no bookmark yet
 * @param each at any time
 */
public record FetchRules(LogWindow first, LogWindow each) {
    /** As the original did: a first-time subscriber gets no history, and whoever has a bookmark all that is behind it. */
    public static final FetchRules PLAIN = new FetchRules(LogWindow.NOTHING, LogWindow.EVERYTHING);
}
