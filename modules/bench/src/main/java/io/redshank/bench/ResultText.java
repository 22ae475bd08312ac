package io.redshank.bench;

import java.util.Locale;
import java.util.StringJoiner;

/** The two ways in which the figures are written: for people and for programs. */
final class ResultText {
    private ResultText() {}

    static String forPeople(Result result) {
        Traffic traffic = result.traffic();
        Tally tally = result.tally();
        StringBuilder text = new StringBuilder();
        text.append(format(
                "%s: %d clients a side, QoS %d, %d bytes, window %d%n",
                traffic.scenario(), traffic.clients(), traffic.qos(), traffic.size(), traffic.window()));
        text.append(format(
                "  delivered   %,.0f messages/s, %.2f MB/s (%,d in %.2f s)%n",
                result.deliveredPerSecond(),
                result.megabytesPerSecond(),
                tally.delivered,
                result.elapsedNanos() / 1e9));
        text.append(format("  published   %,.0f messages/s (%,d)%n", result.publishedPerSecond(), tally.published));
        text.append(format(
                "  latency     p50 %.3f ms, p99 %.3f ms, max %.3f ms%n",
                millis(tally.latency.quantile(0.5)),
                millis(tally.latency.quantile(0.99)),
                millis(tally.latency.max())));
        text.append(format(
                "  wrong       lost %d, duplicated %d, misordered %d, not acknowledged %d, foreign %d%n",
                tally.lost, tally.duplicated, tally.misordered, tally.unacknowledged, tally.foreign));
        text.append("  CPU         ").append(result.cpu().forPeople());
        text.append(format("%n  %s", result.isClean() ? "OK" : result.settled() ? "FAILED" : "FAILED: stalled"));
        return text.toString();
    }

    static String json(Result result) {
        Traffic traffic = result.traffic();
        Tally tally = result.tally();
        StringJoiner json = new StringJoiner(",", "{", "}");
        json.add("\"scenario\":\"" + traffic.scenario() + "\"");
        json.add(format("\"clients\":%d,\"qos\":%d", traffic.clients(), traffic.qos()));
        json.add(format("\"size\":%d,\"window\":%d", traffic.size(), traffic.window()));
        json.add(format("\"ok\":%b,\"settled\":%b", result.isClean(), result.settled()));
        json.add(format("\"seconds\":%.3f", result.elapsedNanos() / 1e9));
        json.add(format("\"published\":%d,\"delivered\":%d", tally.published, tally.delivered));
        json.add(format("\"published_per_second\":%.1f", result.publishedPerSecond()));
        json.add(format("\"delivered_per_second\":%.1f", result.deliveredPerSecond()));
        json.add(format("\"megabytes_per_second\":%.3f", result.megabytesPerSecond()));
        json.add(format("\"latency_p50_ms\":%.4f", millis(tally.latency.quantile(0.5))));
        json.add(format("\"latency_p99_ms\":%.4f", millis(tally.latency.quantile(0.99))));
        json.add(format("\"latency_max_ms\":%.4f", millis(tally.latency.max())));
        json.add(format("\"lost\":%d,\"duplicated\":%d", tally.lost, tally.duplicated));
        json.add(format("\"misordered\":%d,\"unacknowledged\":%d", tally.misordered, tally.unacknowledged));
        json.add(format("\"foreign\":%d", tally.foreign));
        json.add("\"cpu_us_per_message\":" + result.cpu().json());
        return json.toString();
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
