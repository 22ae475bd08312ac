package io.redshank.bench;

import java.util.Locale;
import java.util.StringJoiner;

/** The figures of a drain in words and as JSON. */
final class DrainText {
    private DrainText() {}

    static String forPeople(DrainResult result) {
        DrainPlan plan = result.plan();
        DrainTally tally = result.tally();
        DrainResult.Times times = result.times();
        StringBuilder text = new StringBuilder();
        text.append(format(
                "drain: %d sessions, backlog %d, QoS %d, %s filters, %d bytes, %d connects at once, %s%n",
                plan.sessions(),
                plan.backlog(),
                plan.qos(),
                plan.filter(),
                plan.size(),
                result.pace().atOnce(),
                result.allTogether()
                        ? "all open together"
                        : "at most " + result.pace().open() + " open"));
        text.append(format(
                "  drained     %,.0f sessions/s, %,.0f messages/s (%,d of %,d in %.2f s)%n",
                result.sessionsPerSecond(),
                result.messagesPerSecond(),
                tally.delivered,
                plan.messages(),
                times.drain()));
        text.append(format(
                "  a session   p50 %.0f ms, p99 %.0f ms, max %.0f ms from its connection to its last message%n",
                millis(tally.time.quantile(0.5)), millis(tally.time.quantile(0.99)), millis(tally.time.max())));
        text.append(format(
                "  before      %.2f s to subscribe, %.2f s to publish (%,.0f messages/s)%n",
                times.subscribe(), times.publish(), plan.messages() / times.publish()));
        text.append(format("  after       %s%n", after(result)));
        text.append(format(
                "  wrong       lost %d, duplicated %d, misordered %d, foreign %d, forgotten sessions %d%n",
                tally.lost, tally.duplicated, tally.misordered, tally.foreign, tally.forgotten));
        text.append("  CPU         ").append(result.cpu().forPeople());
        text.append(format("%n  %s", result.isClean() ? "OK" : result.settled() ? "FAILED" : "FAILED: stalled"));
        return text.toString();
    }

    static String json(DrainResult result) {
        DrainPlan plan = result.plan();
        DrainTally tally = result.tally();
        DrainResult.Times times = result.times();
        StringJoiner json = new StringJoiner(",", "{", "}");
        json.add(format("\"scenario\":\"drain\",\"filter\":\"%s\"", plan.filter()));
        json.add(format("\"sessions\":%d,\"backlog\":%d", plan.sessions(), plan.backlog()));
        json.add(format("\"qos\":%d,\"size\":%d,\"window\":%d", plan.qos(), plan.size(), plan.window()));
        json.add(format(
                "\"at_once\":%d,\"open\":%d",
                result.pace().atOnce(), result.pace().open()));
        json.add(format("\"ok\":%b,\"settled\":%b", result.isClean(), result.settled()));
        json.add(format("\"subscribe_seconds\":%.3f", times.subscribe()));
        json.add(format("\"publish_seconds\":%.3f", times.publish()));
        json.add(format("\"drain_seconds\":%.3f", times.drain()));
        json.add(format("\"end_seconds\":%.3f", times.end()));
        json.add(format("\"drained\":%d,\"delivered\":%d", tally.drained, tally.delivered));
        json.add(format("\"sessions_per_second\":%.1f", result.sessionsPerSecond()));
        json.add(format("\"messages_per_second\":%.1f", result.messagesPerSecond()));
        json.add(format("\"session_p50_ms\":%.1f", millis(tally.time.quantile(0.5))));
        json.add(format("\"session_p99_ms\":%.1f", millis(tally.time.quantile(0.99))));
        json.add(format("\"session_max_ms\":%.1f", millis(tally.time.max())));
        json.add(format("\"lost\":%d,\"duplicated\":%d", tally.lost, tally.duplicated));
        json.add(format("\"misordered\":%d,\"foreign\":%d", tally.misordered, tally.foreign));
        json.add(format("\"forgotten\":%d", tally.forgotten));
        json.add("\"cpu_us_per_message\":" + result.cpu().json());
        return json.toString();
    }

    private static String after(DrainResult result) {
        boolean ended = result.settled() && !result.pace().keep();
        return ended
                ? format("%.2f s to end the sessions", result.times().end())
                : format("the sessions are left to the broker, client ids rb%08xs0 and so on", result.tag());
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
