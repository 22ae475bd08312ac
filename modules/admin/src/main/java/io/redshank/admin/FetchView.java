package io.redshank.admin;

import io.redshank.hooks.FetchRules;
import io.redshank.hooks.LogWindow;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of a topic's log a client is given, by the configuration.
 *
 * @param by what says so
 */
record FetchView(FetchRules rules, String by) {
    /** Whether who has no bookmark begins with some of what is there, rather than at its end. */
    boolean givesHistory() {
        return !rules.first().equals(LogWindow.NOTHING);
    }

    /** What is left of that which waits; empty if all of it is given. */
    String limit() {
        return rules.each().equals(LogWindow.EVERYTHING) ? "" : words(rules.each());
    }

    /** How much that is, unless it is as it always was. */
    List<Statement> details() {
        List<String> said = new ArrayList<>();
        if (!limit().isEmpty()) {
            said.add("of what waits " + limit());
        }
        if (givesHistory()) {
            said.add("to a client without a bookmark " + words(rules.first().and(rules.each())));
        }
        if (rules.leases()) {
            said.add("what one client is given is not given to others for "
                    + rules.lease().toSeconds() + " s");
        }
        return said.isEmpty()
                ? List.of()
                : List.of(Statement.of("fetch", String.join("; ", said) + ", by " + by)
                        .with("limited", !limit().isEmpty()));
    }

    private static String words(LogWindow window) {
        String number = window.isOfAnyNumber() ? "all" : "the newest " + window.messages();
        return window.age() == null
                ? number
                : (window.isOfAnyNumber() ? "those" : number) + " not older than "
                        + window.age().toSeconds() + " s";
    }
}
