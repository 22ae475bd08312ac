package io.redshank.admin;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message that was sent to a client and is not settled, as far as operators care; see {@code UnderwayText}. */
record UnderwayView(int stage, int qos, String topic, String id) {
    private static final int SENT = 0;
    private static final int ACKED = 2;
    private static final int STAGE_AT = 1;
    private static final int QOS_AT = 2;
    private static final int TOPIC_AT = 5;
    private static final int ID_AT = 6;

    /** Whether the client has it, and only its bookmark is not there yet. */
    boolean isAcked() {
        return stage != SENT;
    }

    String words() {
        String how = qos == 2 ? "sent at QoS 2" : "sent";
        return stage == SENT
                ? how
                : stage == ACKED ? "acknowledged, behind one that is not" : how + " and received, PUBCOMP has not come";
    }

    /** What a session's hash says; what is not readable is as if it were not there. */
    static List<UnderwayView> read(@Nullable String out) {
        List<UnderwayView> underway = new ArrayList<>();
        try {
            JsonArray all = out == null || out.isEmpty() ? new JsonArray() : new JsonArray(out);
            for (int i = 0; i < all.size(); i++) {
                underway.add(of(all.getJsonArray(i)));
            }
            return underway;
        } catch (RuntimeException damaged) {
            return List.of();
        }
    }

    /** What is kept of a session at QoS 2, in the order in which it was sent. */
    static List<UnderwayView> read(Map<String, String> inflight) {
        List<UnderwayView> underway = new ArrayList<>();
        inflight.entrySet().stream()
                .sorted(Comparator.comparingLong(one -> Names.number(one.getKey(), 0)))
                .forEach(one -> underway.addAll(read("[" + one.getValue() + "]")));
        return underway;
    }

    private static UnderwayView of(JsonArray one) {
        return new UnderwayView(
                one.getInteger(STAGE_AT), one.getInteger(QOS_AT), one.getString(TOPIC_AT), one.getString(ID_AT));
    }
}
