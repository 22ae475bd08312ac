package io.redshank.bench;

import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The CPU time that was used for a number of messages.
 *
 * @param micros by process id, our own included
 */
record CpuShare(Map<Long, Long> micros, long messages) {
    String forPeople() {
        StringJoiner text = new StringJoiner(", ", "", " per delivered message");
        micros.forEach(
                (pid, used) -> text.add(format("%s %.2f us", isOwn(pid) ? "own" : "pid " + pid, perMessage(used))));
        return text.toString();
    }

    String json() {
        StringJoiner json = new StringJoiner(",", "{", "}");
        micros.forEach((pid, used) ->
                json.add(format("\"%s\":%.3f", isOwn(pid) ? "own" : Long.toString(pid), perMessage(used))));
        return json.toString();
    }

    private double perMessage(long used) {
        return (double) used / Math.max(1, messages);
    }

    private static boolean isOwn(long pid) {
        return pid == ProcessHandle.current().pid();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
