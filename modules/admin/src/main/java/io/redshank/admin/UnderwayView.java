package io.redshank.admin;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message that was sent to a client and is not settled, as far as operators care; see {@code SessionFields.OUT}. */
record UnderwayView(int stage, String topic, String id) {
    private static final int ACKED = 2;
    private static final int STAGE_AT = 1;
    private static final int TOPIC_AT = 5;
    private static final int ID_AT = 6;

    /** Whether the client has it, and only its bookmark cannot move there yet. */
    boolean isAcked() {
        return stage == ACKED;
    }

    /** What a session's hash says; what is not readable is as if it were not there. */
    static List<UnderwayView> read(@Nullable String out) {
        List<UnderwayView> underway = new ArrayList<>();
        try {
            JsonArray all = out == null || out.isEmpty() ? new JsonArray() : new JsonArray(out);
            for (int i = 0; i < all.size(); i++) {
                JsonArray one = all.getJsonArray(i);
                underway.add(new UnderwayView(one.getInteger(STAGE_AT), one.getString(TOPIC_AT), one.getString(ID_AT)));
            }
            return underway;
        } catch (RuntimeException damaged) {
            return List.of();
        }
    }
}
