package io.redshank.admin;

import io.redshank.hooks.HookEntry;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows for a client and a topic from all that is known of them. */
record Conclusion(
        ClientState state,
        TopicName topic,
        List<Match> matches,
        @Nullable HookEntry storing,
        boolean nodeRuns,
        boolean queue,
        FetchView fetch,
        Bookmark bookmark,
        LogView.Stretch waiting) {
    /** What of the topic has to do with the client, where it has one to do with at all. */
    List<Statement> details() {
        List<Statement> details = new ArrayList<>();
        if (isRead() && storing != null && !queue) {
            String written = bookmark.written();
            details.add(Statement.of("bookmark", bookmark.words(fetch.givesHistory()))
                    .with("bookmark", written == null ? "" : written)
                    .with("in_log", bookmark.inLog()));
        }
        if (isRead() && storing != null) {
            details.add(waiting.into(Statement.of("waiting", waiting.words())));
            details.addAll(fetch.details());
        }
        for (UnderwayView one : state.underway(topic)) {
            details.add(Statement.of("underway", one.id() + ", " + one.words())
                    .with("id", one.id())
                    .with("qos", one.qos())
                    .with("acked", one.isAcked()));
        }
        return details;
    }

    /** Whether something keeps the client from getting what is published. */
    boolean keeps() {
        return matches.isEmpty()
                || isOnlineNowhere()
                || !state.isOnline() && !(hasSession() && isRead() && storing != null)
                || !waiting.placed();
    }

    /** One sentence. */
    String words() {
        if (matches.isEmpty()) {
            return withoutMatch();
        }
        if (isOnlineNowhere()) {
            return "The client is marked online at a node that does not run: redshank doctor --repair, or a start of that node,"
                    + " puts that right; " + whatWaits() + ".";
        }
        if (!isRead()) {
            return state.isOnline()
                    ? "The subscription is shared: each message goes to one member of its group, which may be another one."
                    : "The subscription is shared and the client offline: messages go to other members of its group, and none are"
                            + " kept for it.";
        }
        if (storing == null) {
            return state.isOnline()
                    ? "The client gets what is published from now on; the topic is live only, so nothing is kept for it."
                    : "The topic is live only and the client offline: it misses what is published until it is back.";
        }
        if (!waiting.placed()) {
            return "The bookmark's place in the log cannot be told any more: all of the log is given to the client again"
                    + limit() + ".";
        }
        return state.isOnline() ? online() : offline();
    }

    private String withoutMatch() {
        if (state.isOnline() && !hasSession()) {
            return "No stored subscription takes in the topic; what the client has subscribed to since it is connected, only its"
                    + " node knows, for its session does not persist.";
        }
        return hasSession() || state.isOnline()
                ? "The client gets nothing: none of its subscriptions takes in the topic."
                : "The client gets nothing: it is offline, has no session, and no application has subscribed it.";
    }

    private String online() {
        return waiting.count() == 0
                ? "The client is online and has all that is stored; it gets what is published from now on."
                : "The client is online: " + whatWaits() + ", sent or about to be, and not acknowledged.";
    }

    private String offline() {
        if (!hasSession() && !queue && bookmark.written() == null) {
            return "The client is offline without a session: it gets what is published once it is connected.";
        }
        if (waiting.count() == 0) {
            return fetch.givesHistory() && bookmark.written() == null && bookmark.start() == null
                    ? "The client is offline and has no bookmark: it begins with what first_fetch says when it is back."
                    : "The client is offline and has all that is stored; what comes is kept for it.";
        }
        return "The client is offline: " + whatWaits() + ", and it is given that when it is back"
                + (hasSession() ? "." : ", as its subscription is an application's.");
    }

    private String whatWaits() {
        return waiting.count() == 0
                ? "nothing waits for it"
                : waiting.count()
                        + (waiting.count() == 1 ? " message waits" : " messages wait")
                        + (queue ? " in the queue, for whoever acknowledges first" : " behind its bookmark")
                        + limit();
    }

    private String limit() {
        return fetch.limit().isEmpty() ? "" : " (of these, " + fetch.limit() + ")";
    }

    private boolean isOnlineNowhere() {
        return state.isOnline() && !nodeRuns;
    }

    private boolean isRead() {
        return matches.stream().anyMatch(Match::isRead);
    }

    private boolean hasSession() {
        return state.hasSession(System.currentTimeMillis());
    }
}
