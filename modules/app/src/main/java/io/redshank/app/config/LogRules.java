package io.redshank.app.config;

import io.redshank.hooks.Action;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.FetchRules;
import io.redshank.hooks.FunctionAction;
import io.redshank.hooks.LogWindow;
import io.redshank.hooks.Retention;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how much a topic's log may hold, and how much of it is given to subscribers. A key is known to those entries only for which it means something. */
final class LogRules {
    static final String FIRST_FETCH_FORM =
            "none, all, last:n with n from 1, or since:duration with " + Units.DURATION_FORM;

    private static final String FIRST_FETCH = "first_fetch";
    private static final Pattern LAST = Pattern.compile("last:(\\d{1,18})");
    private static final Pattern SINCE = Pattern.compile("since:(.+)");
    private static final long MOST_BYTES = 1L << 50;
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private LogRules() {}

    /** How much of a log is given to whom it has no bookmark of. */
    static LogWindow firstFetch(Section section, LogWindow fallback) {
        Object value = section.raw(FIRST_FETCH);
        if (value == null) {
            return fallback;
        }
        LogWindow window = value instanceof String text ? windowOf(text) : null;
        if (window == null) {
            section.refuse(FIRST_FETCH, FIRST_FETCH_FORM);
            return fallback;
        }
        return window;
    }

    /** What an entry of the hook table says of reading a log. */
    static FetchRules fetch(Section entry, Action action, LogWindow firstFetch) {
        boolean pubsub = does(action, BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB);
        if (!pubsub && !does(action, BackendFunction.ON_MESSAGE_FETCH_FOR_QUEUE)) {
            return FetchRules.PLAIN;
        }
        int most = entry.number("max_returned_count", 0, Integer.MAX_VALUE, 0);
        Duration age = entry.duration("time_range", Duration.ZERO, LONGEST, Duration.ZERO);
        LogWindow each = new LogWindow(most == 0 ? Long.MAX_VALUE : most, age.isZero() ? null : age);
        return pubsub
                ? new FetchRules(firstFetch(entry, firstFetch), each)
                : new FetchRules(
                        LogWindow.EVERYTHING, each, entry.duration("lease", Duration.ZERO, LONGEST, Duration.ZERO));
    }

    /** How much logs may hold. */
    static Retention retention(Section section, Retention fallback) {
        return new Retention(
                section.number("max_messages", 0, Integer.MAX_VALUE, (int) fallback.maxMessages()),
                section.size("max_bytes", 0, MOST_BYTES, fallback.maxBytes()));
    }

    /** What an entry of the hook table says of that. */
    static Retention retention(Section entry, Action action, Retention fallback) {
        return does(action, BackendFunction.ON_MESSAGE_PUBLISH) ? retention(entry, fallback) : Retention.UNLIMITED;
    }

    private static @Nullable LogWindow windowOf(String text) {
        if (text.equals("none")) {
            return LogWindow.NOTHING;
        }
        if (text.equals("all")) {
            return LogWindow.EVERYTHING;
        }
        Matcher last = LAST.matcher(text);
        if (last.matches()) {
            long messages = Long.parseLong(last.group(1));
            return messages == 0 ? null : LogWindow.last(messages);
        }
        Matcher since = SINCE.matcher(text);
        Optional<Duration> age = since.matches() ? Units.duration(since.group(1)) : Optional.empty();
        return age.filter(duration -> duration.compareTo(LONGEST) <= 0)
                .map(LogWindow::since)
                .orElse(null);
    }

    private static boolean does(Action action, BackendFunction function) {
        return action instanceof FunctionAction known && known.function() == function;
    }
}
