package io.redshank.redis;

import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.redshank.model.Underway;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How what is underway to a client is written into Redis: {@code [packet id, stage, qos, retained, logged, topic, message id, place
 * in the order of sending]}, or an array of such ones.
 */
public final class UnderwayText {
    private static final Logger log = LoggerFactory.getLogger(UnderwayText.class);

    private UnderwayText() {}

    /** All of them. */
    public static String write(List<Underway> underway) {
        JsonArray all = new JsonArray();
        underway.forEach(one -> all.add(array(one)));
        return all.encode();
    }

    /** A single one. */
    public static String write(Underway one) {
        return array(one).encode();
    }

    private static JsonArray array(Underway one) {
        return new JsonArray()
                .add(one.packetId())
                .add(one.stage().code())
                .add(one.qos().level())
                .add(one.retain())
                .add(one.logged())
                .add(one.topic().value())
                .add(one.id().value())
                .add(one.number());
    }

    /** What {@link #write(List)} wrote. What is not readable is given up as a whole: the bookmarks still say what the client has. */
    public static List<Underway> read(String text) {
        List<Underway> underway = new ArrayList<>();
        if (text.isEmpty()) {
            return underway;
        }
        try {
            JsonArray all = new JsonArray(text);
            for (int i = 0; i < all.size(); i++) {
                underway.add(read(all.getJsonArray(i)));
            }
            return underway;
        } catch (RuntimeException damaged) {
            log.warn("What was underway to a client is not readable [cause={}]", damaged.getMessage());
            return List.of();
        }
    }

    /** What {@link #write(Underway)} wrote; null if it is not readable. */
    public static @Nullable Underway readOne(String text) {
        try {
            return read(new JsonArray(text));
        } catch (RuntimeException damaged) {
            log.warn("What was underway to a client is not readable [cause={}]", damaged.getMessage());
            return null;
        }
    }

    private static Underway read(JsonArray one) {
        return new Underway(
                one.getLong(7),
                one.getInteger(0),
                Underway.Stage.of(one.getInteger(1)),
                Qos.of(one.getInteger(2)),
                one.getBoolean(3),
                one.getBoolean(4),
                new TopicName(one.getString(5)),
                new MessageId(one.getString(6)),
                null);
    }
}
